/**
 * Money is whole micro-dollars, with the unit in the type, so that a rate can never be
 * added to a total and no sum drifts. Dollars as floats exist only on wires and screens.
 */
declare const unit: unique symbol;
export type Usd = number & { readonly [unit]: 'micro-dollars' };
export type UsdPerHour = number & { readonly [unit]: 'micro-dollars per hour' };

const micro = 1_000_000;
const hourMs = 3_600_000;
/** Hours in the month that people are shown; providers' own months are 720 h (Vast) and 730 h (RunPod). */
const shownMonthHours = 730;

export const zeroUsd = 0 as Usd;
export const zeroRate = 0 as UsdPerHour;

export const usd = (dollars: number): Usd => Math.round(dollars * micro) as Usd;
export const usdPerHour = (dollars: number): UsdPerHour => Math.round(dollars * micro) as UsdPerHour;
export const toDollars = (amount: Usd | UsdPerHour): number => amount / micro;

export const sumUsd = (amounts: Iterable<Usd>): Usd => total(amounts) as Usd;
export const sumRates = (rates: Iterable<UsdPerHour>): UsdPerHour => total(rates) as UsdPerHour;
export const subtractUsd = (a: Usd, b: Usd): Usd => (a - b) as Usd;
export const timesRate = (rate: UsdPerHour, factor: number): UsdPerHour => Math.round(rate * factor) as UsdPerHour;

/** What `rate` costs over `ms` milliseconds, rounded to the micro-dollar. */
export const chargeFor = (rate: UsdPerHour, ms: number): Usd => Math.round((rate * ms) / hourMs) as Usd;

/** How long `amount` lasts at `rate`, in milliseconds; infinite when nothing burns. */
export const lastsMs = (amount: Usd, rate: UsdPerHour): number =>
  rate <= 0 ? Infinity : Math.max(0, (amount / rate) * hourMs);

/** `$1.24`: a total, never with `/h`. */
export const formatUsd = (amount: Usd): string => `${amount < 0 ? '-' : ''}$${decimals(Math.abs(amount), 2)}`;

/** `$0.31/h`, three decimals under ten cents; never without `/h`. */
export const formatRate = (rate: UsdPerHour): string => `$${decimals(rate, rate !== 0 && rate < 0.0995 * micro ? 3 : 2)}/h`;

/** What `rate` comes to in a month, as a total to show beside it. */
export const perMonth = (rate: UsdPerHour): Usd => Math.round(rate * shownMonthHours) as Usd;

function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Rounds in integers first: 1.005 dollars must not print as $1.00 because of binary fractions. */
function decimals(amount: number, places: number): string {
  const step = micro / 10 ** places;
  return (Math.round(amount / step) / 10 ** places).toFixed(places);
}
