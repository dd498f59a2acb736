/** Whether a price is a good one, by what was seen here of the same series before. */
import type { Standing } from './insight.ts';
import type { UsdPerHour } from './money.ts';
import { dayMs, hourMs, type PriceSample } from './sample.ts';

/** With fewer hours or days than these nothing is said. */
export const leastHours = 24;
export const leastDays = 3;

/** The cheapest and the dearest fifth stand out, if they are far enough from what is usual to matter. */
const outer = 0.2;
const matters = 0.03;
/** Half of all offers lie above the middle: less above it than this is not dear. */
const aboveMiddle = 0.1;

export interface Usual {
  /** The lowest price of a usual hour. */
  readonly low: UsdPerHour;
  /** As cheap as the cheapest offer is on a cheap day, or cheaper. */
  readonly cheapTo: number;
  /** The lowest price of a dear hour. */
  readonly lowDearFrom: number;
  /** Further above the middle of the market than the cheapest lies below it, even on a dear day; unknown where that was seldom read to its end. */
  readonly dearAbove?: number;
}

interface Hour {
  readonly at: number;
  readonly low: UsdPerHour;
  readonly median?: UsdPerHour;
}

/** Of one series. What lies ahead was written by a wrong clock, and the present hour is not held against itself. */
export function usualOf(samples: readonly PriceSample[], now: number): Usual | undefined {
  const hours = hoursOf(samples).filter(({ at }) => at + hourMs <= now);
  if (hours.length < leastHours || new Set(hours.map(({ at }) => Math.floor(at / dayMs))).size < leastDays) return undefined;
  const lows = sorted(hours.map(({ low }) => low));
  const low = at(lows, 0.5);
  const dearAbove = dearLine(hours);
  return {
    low,
    cheapTo: Math.min(at(lows, outer), low * (1 - matters)),
    lowDearFrom: Math.max(at(lows, 1 - outer), low * (1 + matters)),
    ...(dearAbove === undefined ? {} : { dearAbove }),
  };
}

function dearLine(hours: readonly Hour[]): number | undefined {
  const read = hours.flatMap(({ low, median }) => (median === undefined ? [] : [{ low, median }]));
  if (read.length < leastHours) return undefined;
  const upper = sorted(read.map(({ low, median }) => (2 * median - low) as UsdPerHour));
  const middle = sorted(read.map(({ median }) => median));
  return Math.max(at(upper, 1 - outer), at(middle, 0.5) * (1 + aboveMiddle));
}

/** One figure for each hour, and one for each day of long ago: what was looked at more often does not count for more. */
function hoursOf(samples: readonly PriceSample[]): Hour[] {
  const byHour = Map.groupBy(samples, ({ at }) => Math.floor(at / hourMs));
  return [...byHour].map(([hour, rows]) => {
    const medians = rows.flatMap(({ median }) => median ?? []);
    return { at: hour * hourMs, low: mean(rows.map(({ low }) => low)), ...(medians.length === 0 ? {} : { median: mean(medians) }) };
  });
}

/** Of one offer's price for each of its GPUs. */
export function offerStanding({ cheapTo, dearAbove }: Usual, price: number): Standing | undefined {
  if (price <= cheapTo) return 'cheap';
  return dearAbove === undefined ? undefined : price > dearAbove ? 'dear' : 'usual';
}

/** Of the lowest price of all. */
export const lowStanding = ({ cheapTo, lowDearFrom }: Usual, low: number): Standing =>
  low <= cheapTo ? 'cheap' : low >= lowDearFrom ? 'dear' : 'usual';

export interface DayLow {
  /** When the day begins, by the reader's clock on the wall. */
  readonly day: number;
  readonly low: UsdPerHour;
}

/** The lowest price of each day of the last `count` on which anything was seen, oldest first, over all that is given. */
export function lowsByDay(samples: readonly PriceSample[], now: number, count: number): DayLow[] {
  const byDay = Map.groupBy(samples.filter((sample) => sample.at <= now && sample.at > now - count * dayMs), (sample) => midnight(sample.at));
  return [...byDay]
    .map(([day, rows]) => ({ day, low: Math.min(...rows.map(({ low }) => low)) as UsdPerHour }))
    .toSorted((a, b) => a.day - b.day);
}

/** An hour of the week, by the reader's clock on the wall. */
export interface HourSeen {
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  /** The middle one of the lowest prices that were seen in it. */
  readonly price: UsdPerHour;
  /** In how many weeks. */
  readonly seen: number;
}

/** Of one series: those hours of the week in which anything was ever seen. Whole days say nothing of their hours. */
export function hoursOfWeek(samples: readonly PriceSample[], now: number): HourSeen[] {
  const hours = hoursOf(samples.filter(({ at, spanMs }) => spanMs <= hourMs && at <= now));
  const byHour = Map.groupBy(hours, ({ at }) => new Date(at).getDay() * 24 + new Date(at).getHours());
  return [...byHour]
    .map(([slot, seen]) => ({ weekday: Math.floor(slot / 24), hour: slot % 24, price: at(sorted(seen.map(({ low }) => low)), 0.5), seen: seen.length }))
    .toSorted((a, b) => a.weekday - b.weekday || a.hour - b.hour);
}

const sorted = (values: readonly UsdPerHour[]): UsdPerHour[] => values.toSorted((a, b) => a - b);
/** One of the values themselves: the one that this share of the others lies below. */
const at = (ascending: readonly UsdPerHour[], share: number): UsdPerHour => ascending[Math.round((ascending.length - 1) * share)] ?? (0 as UsdPerHour);
const mean = (values: readonly UsdPerHour[]): UsdPerHour => Math.round(values.reduce((sum, value) => sum + value, 0) / values.length) as UsdPerHour;
const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
