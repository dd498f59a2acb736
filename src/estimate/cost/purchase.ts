/** Buying a machine against renting one: after how many hours of use the two have cost the same. */
import { chargeFor, subtractUsd, sumUsd, usd, usdPerHour, zeroUsd, type Usd, type UsdPerHour } from '../../domain/money.ts';
import { cardPrice } from '../catalogue/cardPrices.ts';
import { findGpu } from '../catalogue/gpus.ts';
import { buyingPaysAfterHours } from './breakEven.ts';

export interface Purchase {
  readonly card: Usd;
  /** The machine around the card, where there is none yet. */
  readonly rest: Usd;
  /** What both are sold for afterwards. */
  readonly resale: Usd;
  /** Drawn from the wall while it works, in kW. */
  readonly kw: number;
  /** Dollars per kWh. */
  readonly tariff: number;
  /** What renting the same costs, for an hour. */
  readonly rent: UsdPerHour;
  readonly hoursPerWeek: number;
}

export interface PurchaseResult {
  readonly power: UsdPerHour;
  /** Infinite where power costs as much as the rent. */
  readonly hours: number;
  /** At so many hours a week; infinite where it is never used. */
  readonly weeks: number;
  /** What either has cost after a year of such use, resale counted as if it came then. */
  readonly rentedYear: Usd;
  readonly ownedYear: Usd;
}

const weeksPerYear = 365 / 7;

export function purchase({ card, rest, resale, kw, tariff, rent, hoursPerWeek }: Purchase): PurchaseResult {
  const power = usdPerHour(kw * tariff);
  const bound = subtractUsd(sumUsd([card, rest]), resale);
  const hours = buyingPaysAfterHours(bound, rent, power);
  const hoursPerYear = hoursPerWeek * weeksPerYear;
  const over = (rate: UsdPerHour): Usd => chargeFor(rate, hoursPerYear * 3_600_000);
  return { power, hours, weeks: hoursPerWeek > 0 ? hours / hoursPerWeek : Infinity, rentedYear: over(rent), ownedYear: sumUsd([bound, over(power)]) };
}

/** The articles' case: an RTX 4090 against renting one at $0.60. Their hours a week are not told; these are a working week. */
export const articlePurchase = (): Purchase => ({
  card: usd(cardPrice('RTX 4090')?.usd ?? 0),
  rest: zeroUsd,
  resale: zeroUsd,
  kw: (findGpu('RTX 4090')?.watts ?? 0) / 1000,
  tariff: 0.15,
  rent: usdPerHour(0.6),
  hoursPerWeek: 40,
});
