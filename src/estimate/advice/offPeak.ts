/**
 * Whether the hour of the day matters for a price. It is often claimed and was never shown, so nothing is said of it
 * but what the user's own samples show.
 */
import type { UsdPerHour } from '../../domain/money.ts';

/** The lowest all-in price of a model at one moment. */
export interface PriceSample {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly rate: UsdPerHour;
}

export interface HourlyPrices {
  readonly days: number;
  /** 0 to 23, in the reader's own time. */
  readonly cheapestHour: number;
  /** The usual price in that hour, and in the hour of now. */
  readonly cheapest: UsdPerHour;
  readonly now: UsdPerHour;
  /** 0..1, of the usual price of now. */
  readonly saving: number;
}

const leastDays = 14;
/** Of one hour of the day, on different days. */
const leastPerHour = 5;
/** Below this it is noise. */
const leastSaving = 0.1;

/** Undefined without enough samples, or where they show no difference. */
export function hourlyPrices(samples: readonly PriceSample[], now: number): HourlyPrices | undefined {
  const byHour = Map.groupBy(samples.filter(({ rate }) => rate > 0), ({ at }) => new Date(at).getHours());
  const usual = [...byHour].filter(([, seen]) => daysOf(seen) >= leastPerHour).map(([hour, seen]) => ({ hour, rate: median(seen) }));
  const here = usual.find(({ hour }) => hour === new Date(now).getHours());
  const [cheapest] = usual.toSorted((a, b) => a.rate - b.rate);
  const days = daysOf(samples);
  if (here === undefined || cheapest === undefined || days < leastDays || usual.length < 12) return undefined;
  const dearest = usual.reduce((most, { rate }) => Math.max(most, rate), 0);
  if (1 - cheapest.rate / dearest < leastSaving) return undefined;
  const saving = 1 - cheapest.rate / here.rate;
  return saving > 0 && saving < leastSaving ? undefined : { days, cheapestHour: cheapest.hour, cheapest: cheapest.rate, now: here.rate, saving };
}

const daysOf = (samples: readonly PriceSample[]): number => new Set(samples.map(({ at }) => new Date(at).toDateString())).size;

function median(samples: readonly PriceSample[]): UsdPerHour {
  const rates = samples.map(({ rate }) => rate).toSorted((a, b) => a - b);
  return rates[Math.floor((rates.length - 1) / 2)] as UsdPerHour;
}
