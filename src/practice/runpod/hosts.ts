// The machines behind RunPod's catalogue, which its API never names. The same
// seed gives the same hosts.
import type { Occupiable } from '../occupancy.ts';
import { chanceAt } from '../random.ts';
import { compareCuda } from './cudaVersion.ts';
import { gpuTypes, type Cloud, type GpuType } from './gpuTypes.ts';
import { communityOnlyCountries, dataCenters, type DataCenter } from './places.ts';

export interface Host extends Occupiable {
  readonly gpuTypeId: string;
  readonly cloud: Cloud;
  readonly country: string;
  /** null: a community host outside the listed data centres. */
  readonly dataCenterId: string | null;
  /** A community host may have none: then there is no direct SSH, ever. */
  readonly publicIp: boolean;
  /** null: the host reports none, as AMD ones do. */
  readonly cuda: string | null;
  readonly driver: string;
  readonly vcpuPerGpu: number;
  readonly ramGbPerGpu: number;
}

const hostsByPlenty = [3, 6, 12, 24] as const;
const driverOfCuda: readonly (readonly [cuda: string, driver: string])[] = [
  ['12.4', '550.127.05'],
  ['12.6', '560.35.05'],
  ['12.8', '570.172.08'],
  ['12.9', '575.64.03'],
  ['13.0', '580.95.05'],
];

export function createHosts(seed: number): readonly Host[] {
  return gpuTypes.flatMap((type) => [...hostsOf(seed, type, 'SECURE'), ...hostsOf(seed, type, 'COMMUNITY')]);
}

function hostsOf(seed: number, type: GpuType, cloud: Cloud): Host[] {
  const largest = type.maxCount[cloud];
  const versions = cudaOf(type);
  return Array.from({ length: largest === 0 ? 0 : hostsByPlenty[type.plenty] }, (_, index): Host => {
    const id = `runpod/${cloud}/${type.id}/${index}`;
    const draw = (what: string) => chanceAt(seed, id, what);
    const place = placeOf(cloud, draw('place'));
    const [cuda = null, driver = ''] = versions[Math.floor(draw('cuda') * versions.length)] ?? [];
    return {
      id,
      gpuTypeId: type.id,
      cloud,
      // maxCount names the largest machine there is, so one host always has it.
      gpus: index === 0 ? largest : Math.max(1, Math.round(largest * (0.25 + 0.75 * draw('gpus')))),
      demand: cloud === 'SECURE' ? 0.3 + 0.4 * draw('demand') : 0.5 + 0.4 * draw('demand'),
      country: typeof place === 'string' ? place : place.country,
      dataCenterId: typeof place === 'string' ? null : place.id,
      publicIp: cloud === 'SECURE' || draw('ip') < 0.95,
      cuda,
      driver,
      vcpuPerGpu: 4 + 4 * Math.floor(draw('vcpu') * 4),
      ramGbPerGpu: Math.round(type.memoryGb * (0.8 + draw('ram'))) + 8,
    };
  });
}

function cudaOf(type: GpuType): readonly (readonly [cuda: string, driver: string])[] {
  if (type.manufacturer !== 'NVIDIA') return [];
  const oldest = /Blackwell|GeForce RTX 50|B200|B300/.test(type.id) ? '12.8' : '12.4';
  return driverOfCuda.filter(([cuda]) => compareCuda(cuda, oldest) >= 0);
}

function placeOf(cloud: Cloud, draw: number): DataCenter | string {
  const outside = cloud === 'COMMUNITY' ? communityOnlyCountries : [];
  const index = Math.floor(draw * (dataCenters.length + outside.length));
  return dataCenters[index] ?? outside[index - dataCenters.length] ?? 'US';
}
