// GET /v2/catalog/gpus: prices, and stock when it is asked for.
import { compareCuda } from '../cudaVersion.ts';
import { findGpuType, gpuTypes, type GpuType } from '../gpuTypes.ts';
import { dataCenters } from '../places.ts';
import { Refusal } from '../problems.ts';
import type { Runpod } from '../runpod.ts';
import { level, type StockQuery } from '../stock.ts';
import type { Parameters } from './query.ts';

export type View = Record<string, unknown>;
type Conditions = Omit<StockQuery, 'gpuTypeId'>;

const minuteMs = 60_000;

/** The catalogue is cached: it shows the stock of the last whole minute. */
export function asListed({ world }: Runpod): number {
  const now = world.agenda.now();
  return now - (now % minuteMs);
}

export function listGpus(runpod: Runpod, query: Parameters): View {
  const conditions = gpuConditions(query);
  const wanted = (type: GpuType) => conditions?.countryCodes === undefined || runpod.stock.matching({ gpuTypeId: type.id, count: 1, countryCodes: conditions.countryCodes }).length > 0;
  return { gpus: gpuTypes.filter(wanted).map((type) => gpuView(runpod, type, conditions)) };
}

export function getGpu(runpod: Runpod, id: string, query: Parameters): View {
  const conditions = gpuConditions(query);
  const type = findGpuType(id);
  if (type === undefined) throw new Refusal(404, 'gpu type not found');
  return gpuView(runpod, type, conditions);
}

/** null: availability was not asked for. */
function gpuConditions(query: Parameters): Conditions | null {
  const include = query.listOf('include', 'AVAILABILITY');
  const products = query.listOf('product', 'POD', 'CLUSTER', 'SERVERLESS');
  const count = query.integer('count', 1) ?? 1;
  const cloud = query.oneOf('cloud', 'SECURE', 'COMMUNITY') ?? 'SECURE';
  const countryCodes = query.list('countryCodes', /^[A-Z]{2}$/);
  const cudaVersions = query.list('cudaVersions', /^\d+\.\d+$/);
  const minCudaVersion = query.text('minCudaVersion', /^\d+(\.\d+)?$/);
  if ((include ?? []).length === 0) {
    const early = ['product', 'count', 'cloud', 'countryCodes', 'cudaVersions', 'minCudaVersion'].find((name) => query.has(name));
    if (early !== undefined) throw new Refusal(400, `${early} is only valid with include=AVAILABILITY`);
    return null;
  }
  if ((products ?? []).length === 0) throw new Refusal(400, 'product is required with include=AVAILABILITY');
  if (cudaVersions !== undefined && minCudaVersion !== undefined) throw new Refusal(400, 'cudaVersions and minCudaVersion are mutually exclusive');
  return { count, cloud, ...(countryCodes === undefined ? {} : { countryCodes }), ...(cudaVersions === undefined ? {} : { cudaVersions }), ...(minCudaVersion === undefined ? {} : { minCudaVersion }) };
}

function gpuView(runpod: Runpod, type: GpuType, conditions: Conditions | null): View {
  return {
    id: type.id,
    name: type.name,
    pool: type.pool,
    manufacturer: type.manufacturer,
    memory: type.memoryGb,
    secure: type.maxCount.SECURE > 0,
    community: type.maxCount.COMMUNITY > 0,
    price: { secure: type.price.SECURE, community: type.price.COMMUNITY, ...(type.pool === null ? {} : { serverless: serverlessUsd(type) }) },
    maxCount: { secure: type.maxCount.SECURE, community: type.maxCount.COMMUNITY },
    ...(conditions === null ? {} : availabilityView(runpod, { ...conditions, gpuTypeId: type.id })),
  };
}

/** Flex workers cost about 1.9 times a pod. */
export function serverlessUsd(type: GpuType): number {
  return Math.round((type.price.SECURE || type.price.COMMUNITY) * 190) / 100;
}

function availabilityView(runpod: Runpod, query: StockQuery): View {
  const { stock } = runpod;
  const at = asListed(runpod);
  const hosts = stock.matching(query);
  const room = new Set(stock.withRoom(query, at).map((host) => host.id));
  const versions = [...new Set(hosts.flatMap((host) => host.cuda ?? []))].toSorted(compareCuda);
  const sites = dataCenters.flatMap(({ id, name }) => {
    const here = hosts.filter((host) => host.dataCenterId === id);
    return here.length === 0 ? [] : [{ id, name, availability: level(here.filter((host) => room.has(host.id)).length) }];
  });
  return {
    availability: level(room.size),
    ...(room.size === 0 || sites.length === 0 ? {} : { dataCenters: sites }),
    ...(versions.length === 0 ? {} : { cudaVersions: versions.map((version) => ({ version, available: hosts.some((host) => host.cuda === version && room.has(host.id)) })) }),
  };
}
