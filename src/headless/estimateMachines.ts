/** Which machines an `estimate` call is about: live offers, and the cards of the table where there are none. */
import { sameGpu } from '../domain/gpu.ts';
import { zeroRate } from '../domain/money.ts';
import { allIn, type Offer } from '../domain/offer.ts';
import { findGpu, knownGpus } from '../estimate/catalogue/gpus.ts';
import type { Gpu } from '../estimate/machine.ts';
import type { OfferEstimate } from '../estimate/result.ts';

/** One offer of each kind of machine, for each way of renting it: the one on which the job is cheapest, or simply the cheapest where none has a cost. */
export function bestOfEachKind<Estimate extends Pick<OfferEstimate, 'offer'>>(estimates: readonly Estimate[], costOf: (estimate: Estimate) => number | undefined): Estimate[] {
  const cheaper = (a: Estimate, b: Estimate): number => (costOf(a) ?? 0) - (costOf(b) ?? 0) || allIn(a.offer) - allIn(b.offer);
  const kinds = Map.groupBy(estimates, ({ offer }) => `${offer.gpu}|${offer.vramGb}|${offer.gpuCount}|${offer.kind}`);
  return [...kinds.values()].flatMap((some) => some.toSorted(cheaper)[0] ?? []);
}

/** All cards that a name means: `A100` is four of them. Without a name every card that can train. */
export function cardsNamed(name: string | undefined): readonly Gpu[] {
  if (name === undefined) return knownGpus.filter(({ tensorTflops }) => tensorTflops !== undefined);
  const same = knownGpus.filter((gpu) => sameGpu(gpu.name, name));
  const found = findGpu(name);
  return same.length > 0 ? same : found === undefined ? [] : [found];
}

/** A machine that nobody offers: it has no price, so its costs mean nothing and are not shown. */
export const unoffered = (gpu: Gpu, gpuCount: number): Offer => ({
  id: `vast:none-${gpu.name}-${gpu.vramGb}`, provider: 'vast', gpu: gpu.name, gpuCount, vramGb: gpu.vramGb,
  price: { gpu: zeroRate, disk: zeroRate, stoppedDisk: zeroRate }, diskGb: 0, kind: 'on-demand', tier: 'datacentre',
  place: '', readAt: 0, details: {},
});
