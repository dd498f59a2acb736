/** A provider that bills, done the slow way: minute by minute, in whole micro-dollars of a true rate. */
import type { InstanceId } from '../../../src/domain/instance.ts';
import { chargeFor, sumUsd, type Usd, type UsdPerHour } from '../../../src/domain/money.ts';
import type { Interval, SettledCharge } from '../../../src/domain/store.ts';

export const minute = 60_000;
export const hour = 60 * minute;

export interface Stretch {
  readonly minutes: number;
  readonly rate: UsdPerHour;
}

/** The life of a machine from `from` on, as what each of its minutes cost. */
export interface Life {
  readonly id: InstanceId;
  readonly from: number;
  readonly stretches: readonly Stretch[];
}

export const minutesOf = ({ from, stretches }: Life): { readonly at: number; readonly rate: UsdPerHour }[] => {
  let at = from;
  return stretches.flatMap(({ minutes, rate }) => Array.from({ length: minutes }, () => ({ at: (at += minute) - minute, rate })));
};

export const endOf = ({ from, stretches }: Life): number => from + stretches.reduce((sum, { minutes }) => sum + minutes, 0) * minute;

/** What the machine truly cost between two times, which are whole minutes. */
export const truth = (life: Life, from: number, to: number): Usd =>
  sumUsd(minutesOf(life).filter(({ at }) => at >= from && at < to).map(({ rate }) => chargeFor(rate, minute)));

/** The meter's rows of the same life; `skew` is by how much its rates are wrong. */
export function metered(life: Life, skew = 1): Interval[] {
  let at = life.from;
  return life.stretches.map(({ minutes, rate }) => {
    const from = at;
    at += minutes * minute;
    return { instanceId: life.id, from, to: at, rate: Math.round(rate * skew) as UsdPerHour };
  });
}

/** One charge for each bucket of `size` in which anything was charged, for buckets that end by `until`. */
export function bill(life: Life, size: number, until: number): SettledCharge[] {
  const buckets = Map.groupBy(minutesOf(life), ({ at }) => Math.floor(at / size));
  return [...buckets]
    .map(([bucket, minutes]) => ({ instanceId: life.id, from: bucket * size, to: (bucket + 1) * size, amount: sumUsd(minutes.map(({ rate }) => chargeFor(rate, minute))) }))
    .filter(({ to }) => to <= until);
}
