/**
 * What as many GPUs of a model cost at a large cloud. Where the cloud has no such card the nearest class is named, by
 * one rule: of the cards that hold as much, those with the least memory, and of these the one whose speed is nearest.
 */
import { sameGpu } from '../../domain/gpu.ts';
import type { Cloud } from './clouds.ts';
import { gpuFromOffer, matmulTflops } from './gpus.ts';
import { listPrices, type ListPrice } from './prices.ts';

export interface SameWork extends ListPrice {
  /** Of the same card, or of one of its class. */
  readonly match: 'same' | 'nearest';
  readonly instances: number;
  /** All instances together. */
  readonly totalUsdPerHour: number;
  readonly totalSpotUsdPerHour?: number;
  /** GPUs that are paid for, at least as many as were asked for: some are sold by the eight only. */
  readonly paysFor: number;
}

/** Drivers and makers count memory differently: a 24 GB card may be told as 23, the 288 of a B300 as 268. */
const asMuch = (has: number, wants: number): boolean => has >= 0.92 * wants;

/** The cheapest way to have at least `count` GPUs; undefined where the cloud has none that holds as much. */
export function sameWork(cloud: Cloud, gpu: string, vramGb: number, count: number, prices: readonly ListPrice[] = listPrices): SameWork | undefined {
  if (gpu.trim() === '' || !(vramGb > 0) || !Number.isInteger(count) || count < 1) return undefined;
  const large = prices.filter((price) => price.cloud === cloud && asMuch(price.vramGb, vramGb));
  const same = large.filter((price) => sameGpu(price.gpu, gpu) && asMuch(vramGb, price.vramGb));
  const [match, machines] = same.length > 0 ? (['same', same] as const) : (['nearest', nearestClass(large, gpu, vramGb)] as const);
  return machines.map((price) => whole(price, match, count)).toSorted((a, b) => a.totalUsdPerHour - b.totalUsdPerHour || a.instances - b.instances)[0];
}

function nearestClass(large: readonly ListPrice[], gpu: string, vramGb: number): readonly ListPrice[] {
  const least = Math.min(...large.map((price) => price.vramGb));
  const wanted = matmulTflops(gpuFromOffer(gpu, vramGb));
  const away = (price: ListPrice): number => Math.abs(Math.log(matmulTflops(gpuFromOffer(price.gpu, price.vramGb)) / wanted));
  const held = large.filter((price) => asMuch(least, price.vramGb));
  const [nearest] = held.toSorted((a, b) => away(a) - away(b));
  return held.filter((price) => price.gpu === nearest?.gpu);
}

function whole(price: ListPrice, match: SameWork['match'], count: number): SameWork {
  const instances = Math.ceil(count / price.gpuCount);
  const { usdPerHour, spotUsdPerHour, gpuCount } = price;
  return {
    ...price, match, instances, totalUsdPerHour: instances * usdPerHour, paysFor: instances * gpuCount,
    ...(spotUsdPerHour === undefined ? {} : { totalSpotUsdPerHour: instances * spotUsdPerHour }),
  };
}
