/** The same job elsewhere: on a card that is bought, and at the list prices of the large clouds. */
import { chargeFor, lastsMs, subtractUsd, timesRate, toDollars, usdPerHour, type Usd, type UsdPerHour } from '../../domain/money.ts';

const hourMs = 3_600_000;

/** What a card draws at full load, and half as much again for the machine around it. */
export const powerRate = (watts: number, dollarsPerKwh: number): UsdPerHour => timesRate(usdPerHour((watts / 1000) * dollarsPerKwh), 1.5);

/** Hours of use after which a bought card is cheaper than renting; infinite where its power costs as much as the rent. */
export const buyingPaysAfterHours = (card: Usd, rent: UsdPerHour, power: UsdPerHour): number =>
  lastsMs(card, subtractRates(rent, power)) / hourMs;

const subtractRates = (a: UsdPerHour, b: UsdPerHour): UsdPerHour => (a - b) as UsdPerHour;

/** An hourly price of a cloud for a machine that could do the job. */
export interface ListPrice {
  readonly provider: string;
  readonly instanceType: string;
  readonly rate: UsdPerHour;
}

export interface Elsewhere {
  readonly price: ListPrice;
  readonly usd: Usd;
  /** What is saved by the offer; negative where the cloud is cheaper. */
  readonly saves: Usd;
  /** Times the offer's cost; undefined where that is nothing. */
  readonly factor?: number;
}

/** The job on the same GPUs takes the same hours wherever they stand. */
export function atListPrice(price: ListPrice, hours: number, offerUsd: Usd): Elsewhere {
  const there = chargeFor(price.rate, hours * hourMs);
  return {
    price, usd: there, saves: subtractUsd(there, offerUsd),
    ...(offerUsd > 0 ? { factor: toDollars(there) / toDollars(offerUsd) } : {}),
  };
}
/**
 * Interruptible wins while its price times the hours it takes with interruptions stays below the other's price times
 * its hours. The dearest interruptible price that still wins.
 */
export const interruptibleWinsBelow = (onDemand: UsdPerHour, onDemandHours: number, interruptibleHours: number): UsdPerHour =>
  timesRate(onDemand, interruptibleHours > 0 ? onDemandHours / interruptibleHours : 1);
