/** Which offers are worth a look. Only those that can hold the job and have a price take part. */
import type { Band } from '../band.ts';
import type { UsdBand } from '../cost/jobCost.ts';
import { chanceToLast, failuresOf, type FailureOptions } from '../cost/failures.ts';
import type { OfferEstimate } from '../result.ts';

export type EstimateSort = 'cost' | 'time' | 'risk';

/** An estimate with the figures that ranking needs. */
export interface Runnable extends OfferEstimate {
  readonly hours: Band;
  readonly usd: UsdBand;
}

export const isRunnable = (estimate: OfferEstimate): estimate is Runnable =>
  estimate.hours !== undefined && estimate.usd !== undefined && estimate.fit.verdict !== 'no';

/**
 * The chance, 0 to 1, that the job fits into memory and ends in one go; 0 on an offer that ends before it. Undefined
 * where nobody knows how long the machine lasts.
 */
export function chanceOfSuccess({ offer, hours, fit }: Runnable, options: FailureOptions = {}): number | undefined {
  const { availableUntil } = offer.details;
  if (availableUntil !== undefined && offer.readAt + hours.likely * 3_600_000 > availableUntil) return 0;
  const lasting = chanceToLast(hours.likely, failuresOf(offer, options).meanHoursBetween);
  return lasting === undefined ? undefined : fit.probability * lasting;
}

const tie = (a: Runnable, b: Runnable): number => (a.offer.id < b.offer.id ? -1 : Number(a.offer.id > b.offer.id));
const byCost = (a: Runnable, b: Runnable): number => a.usd.likely - b.usd.likely || a.hours.likely - b.hours.likely || tie(a, b);
const byTime = (a: Runnable, b: Runnable): number => a.hours.likely - b.hours.likely || byCost(a, b);

/** Least expected cost, time or risk first, unknown risk last; what cannot run is left out. */
export function rank(estimates: readonly OfferEstimate[], sort: EstimateSort, options: FailureOptions = {}): Runnable[] {
  const runnable = estimates.filter(isRunnable);
  if (sort !== 'risk') return runnable.toSorted(sort === 'cost' ? byCost : byTime);
  return runnable
    .map((estimate) => ({ estimate, chance: chanceOfSuccess(estimate, options) ?? -1 }))
    .toSorted((a, b) => b.chance - a.chance || byCost(a.estimate, b.estimate))
    .map(({ estimate }) => estimate);
}

/** Offers that no other beats in both cost and time, cheapest first: each is faster than all that cost less. */
export function paretoFront(estimates: readonly OfferEstimate[]): Runnable[] {
  let fastest = Infinity;
  return rank(estimates, 'cost').filter(({ hours }) => {
    const better = hours.likely < fastest;
    if (better) fastest = hours.likely;
    return better;
  });
}

export interface Picks {
  readonly cheapest?: Runnable;
  readonly fastest?: Runnable;
  readonly safest?: Runnable;
  readonly bestValue?: Runnable;
}

/** Chances closer than this cannot be told apart: among them the cheapest is the safest pick. */
const sameChance = 0.01;
const evenChance = 0.5;

/**
 * Four answers to "which one". Cheapest: least likely cost. Fastest: least likely time. Safest: the best chance to
 * fit and to end in one go, and of those within a hundredth of it the cheapest. Best value: least cost × time ÷
 * chance, so that one percent more money has to buy one percent less time or risk; a chance that nobody knows counts
 * as even, and interruptions that are in the cost already do not count twice. Offers where memory is only just enough
 * stand back while there are others.
 */
export function picks(estimates: readonly OfferEstimate[], options: FailureOptions = {}): Picks {
  const runnable = estimates.filter(isRunnable);
  const sure = runnable.filter(({ fit }) => fit.verdict === 'fits');
  const candidates = (sure.length > 0 ? sure : runnable).map((estimate) => ({ estimate, chance: chanceOfSuccess(estimate, options) }));
  const all = candidates.map(({ estimate }) => estimate);
  const best = candidates.reduce((most, { chance = 0 }) => Math.max(most, chance), 0);
  const safe = best === 0 ? [] : candidates.filter(({ chance = -1 }) => chance >= best - sameChance).map(({ estimate }) => estimate);
  const worth = new Map(candidates.map(({ estimate, chance }) => [estimate, worthOf(estimate, chance)]));
  const byWorth = (a: Runnable, b: Runnable): number => (worth.get(a) ?? Infinity) - (worth.get(b) ?? Infinity) || byCost(a, b);
  return named({ cheapest: least(all, byCost), fastest: least(all, byTime), safest: least(safe, byCost), bestValue: least(all, byWorth) });
}

/** Lower is better; infinite for an offer that ends before the job. */
function worthOf({ usd, hours, fit, interruption }: Runnable, chance: number | undefined): number {
  const counted = interruption !== undefined && chance !== 0 ? fit.probability : (chance ?? evenChance);
  return (usd.likely * hours.likely) / counted;
}

function least(of: readonly Runnable[], compare: (a: Runnable, b: Runnable) => number): Runnable | undefined {
  return of.reduce<Runnable | undefined>((best, one) => (best === undefined || compare(one, best) < 0 ? one : best), undefined);
}

const named = (found: { readonly [Name in keyof Picks]-?: Runnable | undefined }): Picks =>
  Object.fromEntries(Object.entries(found).filter(([, estimate]) => estimate !== undefined));
