/**
 * The catalogue as offers. RunPod publishes no reliability and no machine, so an offer is a GPU type
 * in a cloud at a count: Secure in each data centre that has stock, Community anywhere.
 */
import { gpuName } from '../../domain/gpu.ts';
import { timesRate, usdPerHour } from '../../domain/money.ts';
import type { Offer, OfferDetails, Stock } from '../../domain/offer.ts';
import type { GpuFact } from './gpuFacts.ts';
import { encodeOfferKey, type Cloud, type Wish } from './offerKey.ts';
import { podDisks, runningDiskRate, stoppedDiskRate, totalGb } from './podDisks.ts';
import type { CatalogueGpu } from './schemas/gpuCatalogue.ts';
import type { MachineFloor, PricedGpu } from './schemas/gpuPrices.ts';

export interface Reading {
  readonly cloud: Cloud;
  readonly count: number;
  readonly diskGb: number;
  readonly at: number;
}

const side = { SECURE: 'secure', COMMUNITY: 'community' } as const;

export function catalogueFact(gpu: CatalogueGpu): GpuFact {
  return factOf(gpu.memory, gpu.secure === false ? null : gpu.price.secure, gpu.community === false ? null : gpu.price.community);
}

export function pricedFact(gpu: PricedGpu): GpuFact {
  return factOf(gpu.memoryInGb, gpu.secureCloud === false ? null : gpu.securePrice, gpu.communityCloud === false ? null : gpu.communityPrice);
}

/** One per data centre with stock; for Community, which has none, the one for the whole cloud. */
export function catalogueOffers(gpu: CatalogueGpu, reading: Reading): Offer[] {
  const places = reading.cloud === 'SECURE' && gpu.dataCenters ? gpu.dataCenters : [{ id: '' }];
  return places.flatMap(({ id }) => catalogueOffer(gpu, id, reading) ?? []);
}

/** The offer in one data centre, or wherever RunPod likes; undefined when there is no stock for it. */
export function catalogueOffer(gpu: CatalogueGpu, dataCenterId: string, reading: Reading): Offer | undefined {
  const most = gpu.maxCount?.[side[reading.cloud]];
  if (typeof most === 'number' && reading.count > most) return undefined;
  const level = dataCenterId === '' ? gpu.availability : gpu.dataCenters?.find(({ id }) => id === dataCenterId)?.availability;
  return offerOf(gpu.id, catalogueFact(gpu), dataCenterId, level, reading, {});
}

export function pricedOffer(gpu: PricedGpu, dataCenterId: string, reading: Reading, floor?: MachineFloor): Offer | undefined {
  const { minVcpu, minMemory } = floor?.[side[reading.cloud]] ?? {};
  const details: OfferDetails = {
    ...(typeof minVcpu === 'number' ? { cpuCores: minVcpu } : {}),
    ...(typeof minMemory === 'number' ? { ramGb: minMemory } : {}),
  };
  return offerOf(gpu.id, pricedFact(gpu), dataCenterId, gpu[side[reading.cloud]]?.stockStatus, reading, details);
}

function offerOf(
  gpuTypeId: string, fact: GpuFact, dataCenterId: string, level: string | null | undefined, reading: Reading, details: OfferDetails,
): Offer | undefined {
  const { cloud, count, diskGb, at } = reading;
  const perGpu = fact.price[cloud];
  // RunPod lists a placeholder of this id among the real types.
  if (gpuTypeId === 'unknown' || perGpu === undefined || !inStock(level)) return undefined;
  const wish: Wish = { cloud, count, dataCenterId, gpuTypeId };
  const disks = podDisks(diskGb);
  const stock = stockOf(level);
  return {
    id: `runpod:${encodeOfferKey(wish)}`,
    provider: 'runpod',
    gpu: gpuName(gpuTypeId),
    gpuCount: count,
    vramGb: fact.memoryGb,
    price: { gpu: timesRate(perGpu, count), disk: runningDiskRate(disks), stoppedDisk: stoppedDiskRate(disks) },
    diskGb: totalGb(disks),
    kind: 'on-demand',
    tier: cloud === 'SECURE' ? 'datacentre' : 'community',
    tierName: cloud === 'SECURE' ? 'Secure' : 'Community',
    ...(stock === undefined ? {} : { stock }),
    place: dataCenterId,
    readAt: at,
    details,
  };
}

/** A price of zero is RunPod's way of saying that a cloud does not sell the type. */
function factOf(memoryGb: number, secure: number | null | undefined, community: number | null | undefined): GpuFact {
  return {
    memoryGb,
    price: { ...(secure ? { SECURE: usdPerHour(secure) } : {}), ...(community ? { COMMUNITY: usdPerHour(community) } : {}) },
  };
}

const none = ['', 'none', 'out', 'unavailable'];
const levels: readonly Stock[] = ['low', 'medium', 'high'];

const inStock = (level: string | null | undefined): level is string => typeof level === 'string' && !none.includes(level.toLowerCase());
const stockOf = (level: string): Stock | undefined => levels.find((known) => known === level.toLowerCase());
