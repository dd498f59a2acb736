/**
 * Whether the hour of the day matters for a price. It is often claimed and was never shown, so nothing is said of it
 * but what the user's own samples show.
 */
import type { UsdPerHour } from '../../domain/money.ts';
import type { HourSeen } from '../../domain/standing.ts';

export interface HourlyPrices {
  /** On how many days both hours were seen, at least. */
  readonly days: number;
  /** 0 to 23, by the reader's clock on the wall. */
  readonly cheapestHour: number;
  /** The usual lowest price in that hour, and in the hour of now. */
  readonly cheapest: UsdPerHour;
  readonly now: UsdPerHour;
  /** 0..1, of the usual price of now. */
  readonly saving: number;
}

/** On as many days has an hour to be seen, and as many hours, before they are compared. */
const leastDays = 10;
const leastHours = 12;
/** Below this it is noise. */
const leastSaving = 0.1;

/** Undefined without enough samples, or where they show no difference that matters. */
export function hourlyPrices(week: readonly HourSeen[], now: number): HourlyPrices | undefined {
  const hours = [...Map.groupBy(week, ({ hour }) => hour)]
    .map(([hour, slots]) => ({ hour, price: middle(slots), days: slots.reduce((sum, { seen }) => sum + seen, 0) }))
    .filter(({ days, price }) => days >= leastDays && price > 0)
    .toSorted((a, b) => a.price - b.price);
  const here = hours.find(({ hour }) => hour === new Date(now).getHours());
  const [cheapest] = hours;
  const dearest = hours.at(-1);
  if (here === undefined || cheapest === undefined || dearest === undefined || hours.length < leastHours) return undefined;
  if (1 - cheapest.price / dearest.price < leastSaving) return undefined;
  const saving = 1 - cheapest.price / here.price;
  if (saving > 0 && saving < leastSaving) return undefined;
  return { days: Math.min(cheapest.days, here.days), cheapestHour: cheapest.hour, cheapest: cheapest.price, now: here.price, saving };
}

/** The middle one over the days of the week. */
function middle(slots: readonly HourSeen[]): UsdPerHour {
  const prices = slots.map(({ price }) => price).toSorted((a, b) => a - b);
  return prices[Math.floor((prices.length - 1) / 2)] as UsdPerHour;
}
