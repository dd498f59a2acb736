/** When another way of having the machine gets cheaper: buying the card, or not letting it be taken away. */
import { lastsMs, timesRate, usdPerHour, type Usd, type UsdPerHour } from '../../domain/money.ts';

const hourMs = 3_600_000;

/** What a card draws at full load, and half as much again for the machine around it. */
export const powerRate = (watts: number, dollarsPerKwh: number): UsdPerHour => timesRate(usdPerHour((watts / 1000) * dollarsPerKwh), 1.5);

/** Hours of use after which a bought card is cheaper than renting; infinite where its power costs as much as the rent. */
export const buyingPaysAfterHours = (card: Usd, rent: UsdPerHour, power: UsdPerHour): number =>
  lastsMs(card, subtractRates(rent, power)) / hourMs;

const subtractRates = (a: UsdPerHour, b: UsdPerHour): UsdPerHour => (a - b) as UsdPerHour;

/**
 * Interruptible wins while its price times the hours it takes with interruptions stays below the other's price times
 * its hours. The dearest interruptible price that still wins.
 */
export const interruptibleWinsBelow = (onDemand: UsdPerHour, onDemandHours: number, interruptibleHours: number): UsdPerHour =>
  timesRate(onDemand, interruptibleHours > 0 ? onDemandHours / interruptibleHours : 1);
