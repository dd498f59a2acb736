/** The cheapest way to do the same job at each of the large clouds, at their list prices. */
import { usdPerHour, zeroRate, type Usd } from '../../domain/money.ts';
import type { Offer } from '../../domain/offer.ts';
import { listPrices, type Cloud, type ListPrice } from '../catalogue/prices.ts';
import type { OfferEstimate } from '../result.ts';
import { rank } from './rank.ts';

export interface Elsewhere {
  readonly cloud: Cloud;
  readonly instance: string;
  readonly gpu: string;
  readonly gpuCount: number;
  readonly usd: Usd;
  readonly hours: number;
  /** The day of the price, `2026-07-20`. */
  readonly readOn: string;
}

/** `estimate` judges machines as if they were offers; the cheapest of each cloud that surely holds the job is kept. */
export function elsewhere(estimate: (machines: readonly Offer[]) => readonly OfferEstimate[]): readonly Elsewhere[] {
  const prices = new Map(listPrices.map((price, index) => [asOffer(price, index), price]));
  const best = new Map<Cloud, Elsewhere>();
  for (const { offer, fit, hours, usd } of rank(estimate([...prices.keys()]), 'cost')) {
    const price = prices.get(offer);
    if (price === undefined || fit.verdict !== 'fits' || best.has(price.cloud)) continue;
    const { cloud, instance, gpu, gpuCount, readOn } = price;
    best.set(cloud, { cloud, instance, gpu, gpuCount, readOn, usd: usd.likely, hours: hours.likely });
  }
  return [...best.values()];
}

/** Only what an estimate looks at is true of it: nobody can rent it from here, and it never leaves this file. */
const asOffer = ({ cloud, instance, gpu, gpuCount, vramGb, usdPerHour: dollars, region }: ListPrice, index: number): Offer => ({
  id: `vast:${cloud}-${instance}-${index}`, provider: 'vast', gpu, gpuCount, vramGb, price: { gpu: usdPerHour(dollars), disk: zeroRate, stoppedDisk: zeroRate },
  diskGb: 0, kind: 'on-demand', tier: 'datacentre', place: region, readAt: 0, details: {},
});
