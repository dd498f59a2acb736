// RunPod's side of the market: GPU types with one price per cloud, data
// centres, and the hosts behind them, which its API never names.
import { createOccupancy, type Occupancy, type Occupiable } from './occupancy.ts';
import { createRandom } from './random.ts';

export type Cloud = 'SECURE' | 'COMMUNITY';

export interface RunpodGpu {
  readonly id: string;
  readonly name: string;
  readonly manufacturer: 'NVIDIA' | 'AMD';
  readonly memoryGb: number;
  readonly cudaCores: number;
  /** Serverless pool. */
  readonly pool: string | null;
  /** Dollars per hour and GPU; null: not in that cloud. */
  readonly secureUsd: number | null;
  readonly communityUsd: number | null;
  readonly maxSecure: number;
  readonly maxCommunity: number;
}

export interface RunpodSite {
  readonly id: string;
  readonly name: string;
  readonly region: 'NORTH_AMERICA' | 'EUROPE' | 'ASIA' | 'OCEANIA';
  readonly country: string;
  readonly volumeTypes: readonly ('STANDARD' | 'HIGH_PERFORMANCE')[];
  readonly compliance: readonly string[];
  readonly globalNetwork: boolean;
}

export interface RunpodHost extends Occupiable {
  readonly siteId: string;
  readonly country: string;
  readonly gpuId: string;
  readonly cloud: Cloud;
  /** Community hosts may have none: then there is no direct SSH, ever. */
  readonly publicIp: boolean;
  readonly cuda: string;
  readonly driver: string;
  readonly vcpuPerGpu: number;
  readonly ramGbPerGpu: number;
}

export interface RunpodSupply {
  readonly gpus: readonly RunpodGpu[];
  readonly sites: readonly RunpodSite[];
  readonly hosts: readonly RunpodHost[];
  readonly occupancy: Occupancy;
}

// id, name, GB, CUDA cores, pool, secure, community low, community high, hosts
type Row = readonly [string, string, number, number, string | null, number | null, number | null, number | null, number];

const table: readonly Row[] = [
  ['NVIDIA GeForce RTX 3090', 'RTX 3090', 24, 10496, 'AMPERE_24', 0.46, 0.32, 0.4, 12],
  ['NVIDIA GeForce RTX 4080', 'RTX 4080', 16, 9728, null, null, 0.27, 0.3, 3],
  ['NVIDIA GeForce RTX 4090', 'RTX 4090', 24, 16384, 'ADA_24', 0.59, 0.44, 0.55, 26],
  ['NVIDIA GeForce RTX 5090', 'RTX 5090', 32, 21760, 'ADA_32_PRO', 0.89, 0.55, 0.85, 12],
  ['NVIDIA RTX A4000', 'RTX A4000', 16, 6144, 'AMPERE_16', 0.25, 0.17, 0.2, 6],
  ['NVIDIA RTX A5000', 'RTX A5000', 24, 8192, 'AMPERE_24', 0.27, 0.16, 0.22, 8],
  ['NVIDIA RTX A6000', 'RTX A6000', 48, 10752, 'AMPERE_48', 0.49, 0.4, 0.48, 10],
  ['NVIDIA RTX 6000 Ada Generation', 'RTX 6000 Ada', 48, 18176, 'ADA_48_PRO', 0.77, 0.68, 0.74, 6],
  ['NVIDIA RTX PRO 6000 Blackwell Server Edition', 'RTX PRO 6000', 96, 24064, 'BLACKWELL_96', 1.79, null, null, 5],
  ['NVIDIA A40', 'A40', 48, 10752, 'AMPERE_48', 0.4, 0.35, 0.38, 9],
  ['NVIDIA L4', 'L4', 24, 7424, 'AMPERE_24', 0.39, 0.29, 0.35, 8],
  ['NVIDIA L40S', 'L40S', 48, 18176, 'ADA_48_PRO', 0.86, 0.74, 0.79, 6],
  ['NVIDIA A100 80GB PCIe', 'A100 PCIe', 80, 6912, 'AMPERE_80', 1.39, 1.19, 1.25, 12],
  ['NVIDIA A100-SXM4-80GB', 'A100 SXM', 80, 6912, 'AMPERE_80', 1.49, 1.27, 1.35, 10],
  ['NVIDIA H100 PCIe', 'H100 PCIe', 80, 14592, 'ADA_80_PRO', 2.19, 1.89, 1.99, 6],
  ['NVIDIA H100 80GB HBM3', 'H100 SXM', 80, 16896, 'ADA_80_PRO', 2.39, 2.09, 2.29, 8],
  ['NVIDIA H100 NVL', 'H100 NVL', 94, 16896, 'ADA_80_PRO', 2.59, null, null, 3],
  ['NVIDIA H200', 'H200 SXM', 141, 16896, 'HOPPER_141', 3.59, null, null, 4],
  ['NVIDIA B200', 'B200', 180, 18944, 'BLACKWELL_180', 5.98, null, null, 2],
  ['AMD Instinct MI300X OAM', 'MI300X', 192, 0, null, 2.49, null, null, 2],
  ['Tesla V100-SXM2-32GB', 'V100 SXM2 32GB', 32, 5120, null, null, 0.19, 0.23, 3],
];

const standard = ['STANDARD'] as const;
const both = ['STANDARD', 'HIGH_PERFORMANCE'] as const;
const certified = ['GDPR', 'ISO_IEC_27001', 'SOC_2_TYPE_2'] as const;

const sites: readonly RunpodSite[] = [
  { id: 'EU-RO-1', name: 'EU-RO-1', region: 'EUROPE', country: 'RO', volumeTypes: both, compliance: certified, globalNetwork: true },
  { id: 'EU-SE-1', name: 'EU-SE-1', region: 'EUROPE', country: 'SE', volumeTypes: standard, compliance: ['GDPR', 'RENEWABLE'], globalNetwork: true },
  { id: 'EU-NL-1', name: 'EU-NL-1', region: 'EUROPE', country: 'NL', volumeTypes: standard, compliance: certified, globalNetwork: true },
  { id: 'EU-CZ-1', name: 'EU-CZ-1', region: 'EUROPE', country: 'CZ', volumeTypes: standard, compliance: ['GDPR'], globalNetwork: true },
  { id: 'EUR-IS-1', name: 'EUR-IS-1', region: 'EUROPE', country: 'IS', volumeTypes: both, compliance: ['GDPR', 'RENEWABLE'], globalNetwork: true },
  { id: 'EUR-NO-1', name: 'EUR-NO-1', region: 'EUROPE', country: 'NO', volumeTypes: both, compliance: ['GDPR', 'RENEWABLE'], globalNetwork: false },
  { id: 'CA-MTL-1', name: 'CA-MTL-1', region: 'NORTH_AMERICA', country: 'CA', volumeTypes: standard, compliance: ['SOC_2_TYPE_2'], globalNetwork: true },
  { id: 'US-CA-2', name: 'US-CA-2', region: 'NORTH_AMERICA', country: 'US', volumeTypes: standard, compliance: certified, globalNetwork: true },
  { id: 'US-GA-1', name: 'US-GA-1', region: 'NORTH_AMERICA', country: 'US', volumeTypes: [], compliance: [], globalNetwork: false },
  { id: 'US-IL-1', name: 'US-IL-1', region: 'NORTH_AMERICA', country: 'US', volumeTypes: standard, compliance: ['HIPAA', 'SOC_2_TYPE_2'], globalNetwork: true },
  { id: 'US-KS-2', name: 'US-KS-2', region: 'NORTH_AMERICA', country: 'US', volumeTypes: both, compliance: certified, globalNetwork: true },
  { id: 'US-NC-1', name: 'US-NC-1', region: 'NORTH_AMERICA', country: 'US', volumeTypes: standard, compliance: [], globalNetwork: false },
  { id: 'US-TX-3', name: 'US-TX-3', region: 'NORTH_AMERICA', country: 'US', volumeTypes: standard, compliance: certified, globalNetwork: true },
  { id: 'AP-JP-1', name: 'AP-JP-1', region: 'ASIA', country: 'JP', volumeTypes: standard, compliance: [], globalNetwork: true },
  { id: 'OC-AU-1', name: 'OC-AU-1', region: 'OCEANIA', country: 'AU', volumeTypes: [], compliance: [], globalNetwork: false },
];

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

export function createRunpodSupply(seed: number, startedAt: number): RunpodSupply {
  const random = createRandom(`${seed}/runpod`);
  const gpus = table.map(([id, name, memoryGb, cudaCores, pool, secureUsd, low, high]): RunpodGpu => ({
    id,
    name,
    manufacturer: id.startsWith('AMD') ? 'AMD' : 'NVIDIA',
    memoryGb,
    cudaCores,
    pool,
    secureUsd,
    communityUsd: low === null || high === null ? null : Math.round(random.between(low, high) * 100) / 100,
    maxSecure: secureUsd === null ? 0 : memoryGb >= 80 ? 8 : 6,
    maxCommunity: low === null ? 0 : 8,
  }));

  const hosts: RunpodHost[] = [];
  for (const [index, row] of table.entries()) {
    const gpu = gpus[index];
    if (gpu === undefined) continue;
    for (let number = 0; number < row[8]; number += 1) {
      const cloud: Cloud = gpu.communityUsd === null || (gpu.secureUsd !== null && random.chance(0.6)) ? 'SECURE' : 'COMMUNITY';
      const site = sites[random.integer(0, sites.length - 1)] ?? sites[0];
      if (site === undefined) throw new Error('there are data centres');
      const [cuda, driver] = random.weighted([[['12.8', '570.195.03'], 5], [['13.0', '580.95.05'], 3], [['12.4', '550.163.01'], 2]] as const);
      hosts.push({
        id: Array.from({ length: 12 }, () => letters[random.integer(0, letters.length - 1)]).join(''),
        gpus: cloud === 'SECURE' ? 8 : random.pick([1, 1, 2, 4, 8]),
        demand: random.between(0.2, 0.6),
        siteId: site.id,
        country: site.country,
        gpuId: gpu.id,
        cloud,
        publicIp: cloud === 'SECURE' || random.chance(0.75),
        cuda,
        driver,
        vcpuPerGpu: random.pick([6, 8, 9, 12, 16]),
        ramGbPerGpu: Math.max(16, Math.round(gpu.memoryGb * random.between(0.9, 2))),
      });
    }
  }
  return { gpus, sites, hosts, occupancy: createOccupancy(seed, startedAt) };
}
