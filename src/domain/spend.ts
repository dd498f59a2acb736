import { chargeFor, subtractUsd, sumRates, sumUsd, zeroUsd, type Usd, type UsdPerHour } from './money.ts';
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
  const byInstance = Map.groupBy(settled, (charge) => charge.instanceId);
  const metered = intervals.map((interval) => {
    const start = Math.max(interval.from, from);
    const end = Math.min(interval.to, to);
    if (end <= start) return zeroUsd;
    const covered = (byInstance.get(interval.instanceId) ?? []).map((charge) =>
      Math.max(0, Math.min(charge.to, end) - Math.max(charge.from, start)),
    );
    return chargeFor(interval.rate, Math.max(0, end - start - covered.reduce((sum, ms) => sum + ms, 0)));
  });
  const charged = settled.map((charge) => shareOf(charge, from, to));
  return sumUsd([...metered, ...charged]);
}

/** A charge that straddles the edge of the asked stretch counts by the time inside it. */
function shareOf(charge: SettledCharge, from: number, to: number): Usd {
  const whole = charge.to - charge.from;
  const inside = Math.min(charge.to, to) - Math.max(charge.from, from);
  if (inside <= 0 || whole <= 0) return zeroUsd;
  return Math.round(charge.amount * (inside / whole)) as Usd;
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

export const left = (budget: Usd, spent: Usd): Usd => subtractUsd(budget, spent);
