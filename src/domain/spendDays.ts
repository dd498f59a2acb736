import type { InstanceId } from './instance.ts';
import { chargeFor, subtractUsd, sumUsd, type Usd } from './money.ts';
import { dayStart, meteredMs, shareOf } from './spend.ts';
import type { Interval, SettledCharge } from './store.ts';

/** What one instance cost on one day. */
export interface SpendCell {
  readonly instanceId: InstanceId;
  /** Local midnight at which the day begins. */
  readonly day: number;
  readonly spent: Usd;
}

/**
 * Spend by instance and day. A cell is how much each row's rounded total grew from one midnight to the next, so that
 * the cells add up to the total to the micro-dollar, whatever is rounded within.
 */
export function spendByDay(intervals: readonly Interval[], settled: readonly SettledCharge[]): SpendCell[] {
  const meteredOf = Map.groupBy(intervals, (interval) => interval.instanceId);
  const chargedOf = Map.groupBy(settled, (charge) => charge.instanceId);
  const ids = new Set([...meteredOf.keys(), ...chargedOf.keys()]);
  return [...ids].flatMap((instanceId) => daysOf(instanceId, meteredOf.get(instanceId) ?? [], chargedOf.get(instanceId) ?? []));
}

function daysOf(instanceId: InstanceId, intervals: readonly Interval[], settled: readonly SettledCharge[]): SpendCell[] {
  const rows = [...intervals, ...settled];
  const first = dayStart(rows.reduce((least, { from }) => Math.min(least, from), Infinity));
  const last = rows.reduce((most, { to }) => Math.max(most, to), 0);
  const cells: SpendCell[] = [];
  const counted = intervals.map(() => 0);
  for (let day = first; day < last; day = nextDay(day)) {
    const until = nextDay(day);
    const charges = settled.filter(({ from, to }) => from < until && to > day);
    const ofIntervals = intervals.map((interval, i) => {
      const before = counted[i] ?? 0;
      const ms = (counted[i] = before + meteredMs(interval, charges, day, until));
      return subtractUsd(chargeFor(interval.rate, ms), chargeFor(interval.rate, before));
    });
    const ofCharges = charges.map((charge) => subtractUsd(shareOf(charge, intervals, first, until), shareOf(charge, intervals, first, day)));
    const spent = sumUsd([...ofIntervals, ...ofCharges]);
    if (spent !== 0) cells.push({ instanceId, day, spent });
  }
  return cells;
}

/** Days are not all 24 hours long. */
export function nextDay(day: number): number {
  const date = new Date(day);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}

/** The days up to the one of `now`, the oldest first. */
export function lastDays(now: number, count: number): number[] {
  const today = new Date(now);
  return Array.from({ length: count }, (_, i) => new Date(today.getFullYear(), today.getMonth(), today.getDate() - (count - 1 - i)).getTime());
}

export const sumCells = (cells: readonly SpendCell[]): Usd => sumUsd(cells.map(({ spent }) => spent));
