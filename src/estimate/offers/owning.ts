/** After how many hours of such work a bought card is cheaper than the rented one. */
import { usd, type Usd } from '../../domain/money.ts';
import { allIn } from '../../domain/offer.ts';
import { cardPrice } from '../catalogue/cardPrices.ts';
import { findGpu } from '../catalogue/gpus.ts';
import { buyingPaysAfterHours, powerRate } from '../cost/breakEven.ts';
import type { Runnable } from './rank.ts';

export interface Owning {
  readonly gpu: string;
  readonly cardUsd: Usd;
  readonly readOn: string;
  /** What electricity is taken to cost, in dollars per kWh. */
  readonly perKwh: number;
  readonly hours: number;
}

/** A household of the United States pays about this. */
const usualPerKwh = 0.15;

/** Of the cheapest machine of one card that has a price; undefined where none has, and where its power costs more than its rent. */
export function owning(ranked: readonly Runnable[]): Owning | undefined {
  const rented = ranked.find(({ offer, fit }) => fit.verdict === 'fits' && offer.gpuCount === 1 && cardPrice(offer.gpu) !== undefined);
  const price = rented && cardPrice(rented.offer.gpu);
  if (rented === undefined || price === undefined) return undefined;
  const { offer } = rented;
  const cardUsd = usd(price.usd);
  const hours = buyingPaysAfterHours(cardUsd, allIn(offer), powerRate(findGpu(offer.gpu, offer.vramGb)?.watts ?? 0, usualPerKwh));
  return Number.isFinite(hours) ? { gpu: offer.gpu, cardUsd, readOn: price.readOn, perKwh: usualPerKwh, hours } : undefined;
}
