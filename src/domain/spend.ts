import { chargeFor, sumRates, sumUsd, zeroUsd, type Usd, type UsdPerHour } from './money.ts';
import type { Interval, SettledCharge } from './store.ts';

/**
 * Spend is the sum of metered intervals, except where the provider has said what it charged for a
 * stretch of time: there its word replaces our metering. Nothing here keeps state, so a reload, a
 * crash or a second window computes the same figure from the same rows.
 */
export function spentBetween(
  intervals: readonly Interval[],
  settled: readonly SettledCharge[],
  from: number,
  to: number,
): Usd {
  const meteredOf = Map.groupBy(intervals, (interval) => interval.instanceId);
  const chargedOf = Map.groupBy(settled, (charge) => charge.instanceId);
  const ids = new Set([...meteredOf.keys(), ...chargedOf.keys()]);
  return sumUsd([...ids].map((id) => spentOnOne(meteredOf.get(id) ?? [], chargedOf.get(id) ?? [], from, to)));
}

function spentOnOne(intervals: readonly Interval[], settled: readonly SettledCharge[], from: number, to: number): Usd {
  let spent = 0;
  for (const interval of intervals) spent += chargeFor(interval.rate, meteredMs(interval, settled, from, to));
  for (const charge of settled) spent += shareOf(charge, intervals, from, to);
  return spent as Usd;
}

/** How much of an interval no charge has replaced. Books have a row an hour, so this is written as a loop. */
export function meteredMs(interval: Interval, settled: readonly SettledCharge[], from: number, to: number): number {
  let ms = overlapMs(interval, from, to);
  if (ms === 0) return 0;
  for (const charge of settled) ms -= overlapMs(charge, Math.max(interval.from, from), Math.min(interval.to, to));
  return Math.max(0, ms);
}

/**
 * What budgets are held to: the larger of what we metered and what the providers charged with our metering
 * of the rest. Books that are late or empty cannot stretch a budget, and neither can a meter that missed something.
 */
export const countedBetween = (intervals: readonly Interval[], settled: readonly SettledCharge[], from: number, to: number): Usd =>
  Math.max(spentBetween(intervals, [], from, to), spentBetween(intervals, settled, from, to)) as Usd;

const overlapMs = (stretch: { readonly from: number; readonly to: number }, from: number, to: number): number =>
  Math.max(0, Math.min(stretch.to, to) - Math.max(stretch.from, from));

/**
 * A charge that straddles the edge of the asked stretch counts as our metering spreads it: a day's charge of a machine
 * that ran in the evening belongs to the evening. Where nothing was metered it counts by time.
 */
export function shareOf(charge: SettledCharge, intervals: readonly Interval[], from: number, to: number): Usd {
  const whole = charge.to - charge.from;
  const inside = overlapMs(charge, from, to);
  if (inside <= 0 || whole <= 0) return zeroUsd;
  if (inside === whole) return charge.amount;
  const weight = (start: number, end: number): number => intervals.reduce((sum, interval) => sum + interval.rate * overlapMs(interval, start, end), 0);
  const metered = weight(charge.from, charge.to);
  const share = metered > 0 ? weight(Math.max(charge.from, from), Math.min(charge.to, to)) / metered : inside / whole;
  return Math.round(charge.amount * share) as Usd;
}

/** Everything that was metered and settled, carried on to this moment. */
export interface Books {
  readonly intervals: readonly Interval[];
  readonly settled: readonly SettledCharge[];
  /** When this editor session began. */
  readonly sessionFrom: number;
  /** The providers' clock. */
  readonly now: number;
}

export interface InstanceSpend {
  readonly instanceId: string;
  readonly name: string;
  readonly spent: Usd;
  readonly burn: UsdPerHour;
  /** False once it is gone. */
  readonly live: boolean;
}

/** Everything the status bar and the spend view say. */
export interface Spend {
  readonly session: Usd;
  readonly today: Usd;
  readonly month: Usd;
  readonly burn: UsdPerHour;
  readonly instances: readonly InstanceSpend[];
  readonly balances: ReadonlyMap<string, Usd>;
  /** Up to when the providers' own charges have replaced our metering; undefined before the first. */
  readonly reconciledTo?: number;
  /** True once anything was ever metered: the status bar stays hidden before. */
  readonly everRan: boolean;
  /** The rows that all of it is computed from. */
  readonly books: Books;
}

export const burnOfAll = (instances: readonly { readonly burn: UsdPerHour }[]): UsdPerHour =>
  sumRates(instances.map((instance) => instance.burn));

/** Local midnight, and the first of the local month, before `at`. */
export function dayStart(at: number): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
}
export function monthStart(at: number): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), 1).getTime();
}
