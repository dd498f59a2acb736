/** The cheapest way to do the same job at each of the large clouds, at their list prices. */
import { cloudRegions } from '../../domain/cloudPrice.ts';
import { usdPerHour, zeroRate, type Usd } from '../../domain/money.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Cloud } from '../catalogue/clouds.ts';
import { listPrices, type ListPrice } from '../catalogue/prices.ts';
import type { OfferEstimate } from '../result.ts';
import { rank } from './rank.ts';
import { rankServing, type ServingEstimate } from './serving.ts';

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
export const elsewhere = (estimate: (machines: readonly Offer[]) => readonly OfferEstimate[], prices?: readonly ListPrice[]): readonly Elsewhere[] => cheapestOfEach(prices, (machines) =>
  rank(estimate(machines), 'cost').filter(({ fit }) => fit.verdict === 'fits').map(({ offer, usd, hours }) => ({ offer, usd: usd.likely, hours: hours.likely })));

/** The same for what answers: the cost of a million tokens, and the time of one answer. */
export const servedElsewhere = (estimate: (machines: readonly Offer[]) => readonly ServingEstimate[], prices?: readonly ListPrice[]): readonly Elsewhere[] => cheapestOfEach(prices, (machines) =>
  rankServing(estimate(machines)).ranked.map(({ offer, usdPerMillion, speed }) => ({ offer, usd: usdPerMillion.likely, hours: speed.answerSeconds.likely / 3600 })));

type Ranked = Pick<Elsewhere, 'usd' | 'hours'> & { readonly offer: Offer };

/** `ranked` gives the machines that will do, the cheapest first. Only the home region counts: a row names none. */
function cheapestOfEach(listed: readonly ListPrice[] = listPrices, ranked: (machines: readonly Offer[]) => readonly Ranked[]): readonly Elsewhere[] {
  const atHome = listed.filter(({ cloud, region }) => cloud === 'lambda' || region === cloudRegions[cloud].us);
  const prices = new Map(atHome.map((price, index) => [asOffer(price, index), price]));
  const best = new Map<Cloud, Elsewhere>();
  for (const { offer, usd, hours } of ranked([...prices.keys()])) {
    const price = prices.get(offer);
    if (price === undefined || best.has(price.cloud)) continue;
    const { cloud, instance, gpu, gpuCount, readOn } = price;
    best.set(cloud, { cloud, instance, gpu, gpuCount, readOn, usd, hours });
  }
  return [...best.values()];
}

/** Only what an estimate looks at is true of it: nobody can rent it from here, and it never leaves this file. */
const asOffer = ({ cloud, instance, gpu, gpuCount, vramGb, usdPerHour: dollars, region }: ListPrice, index: number): Offer => ({
  id: `vast:${cloud}-${instance}-${index}`, provider: 'vast', gpu, gpuCount, vramGb, price: { gpu: usdPerHour(dollars), disk: zeroRate, stoppedDisk: zeroRate },
  diskGb: 0, kind: 'on-demand', tier: 'datacentre', place: region, readAt: 0, details: {},
});
