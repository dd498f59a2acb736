/** The same job elsewhere: on a card that is bought, and at the list prices of the large clouds. */
import { chargeFor, lastsMs, subtractUsd, timesRate, usdPerHour, type Usd, type UsdPerHour } from '../../domain/money.ts';
import { cheapestListPrice, type Cloud } from '../catalogue/prices.ts';

const hourMs = 3_600_000;

/** What a card draws at full load, and half as much again for the machine around it. */
export const powerRate = (watts: number, dollarsPerKwh: number): UsdPerHour => timesRate(usdPerHour((watts / 1000) * dollarsPerKwh), 1.5);

/** Hours of use after which a bought card is cheaper than renting; infinite where its power costs as much as the rent. */
export const buyingPaysAfterHours = (card: Usd, rent: UsdPerHour, power: UsdPerHour): number =>
  lastsMs(card, subtractRates(rent, power)) / hourMs;

const subtractRates = (a: UsdPerHour, b: UsdPerHour): UsdPerHour => (a - b) as UsdPerHour;

const clouds: readonly Cloud[] = ['aws', 'azure', 'gcp', 'lambda'];

/** A job on an offer, as far as another place has to match it. */
export interface JobElsewhere {
  readonly gpu: string;
  readonly vramGb: number;
  readonly gpuCount: number;
  readonly hours: number;
  readonly usd: Usd;
}

export interface AtListPrice {
  readonly cloud: Cloud;
  readonly instance: string;
  /** Instances that are needed; they may hold more GPUs than the job uses, and are paid whole. */
  readonly instances: number;
  readonly usd: Usd;
  /** What the offer saves; negative where the cloud is cheaper. */
  readonly saves: Usd;
  readonly readOn: string;
}

/** The same hours on the same GPUs at each large cloud that lists them, cheapest first. */
export function atListPrices({ gpu, vramGb, gpuCount, hours, usd: cost }: JobElsewhere): AtListPrice[] {
  return clouds
    .flatMap((cloud) => cheapestListPrice(cloud, gpu, gpuCount, vramGb) ?? [])
    .map(({ cloud, instance, instances, totalUsdPerHour, readOn }) => {
      const there = chargeFor(usdPerHour(totalUsdPerHour), hours * hourMs);
      return { cloud, instance, instances, usd: there, saves: subtractUsd(there, cost), readOn };
    })
    .toSorted((a, b) => a.usd - b.usd);
}

/**
 * Interruptible wins while its price times the hours it takes with interruptions stays below the other's price times
 * its hours. The dearest interruptible price that still wins.
 */
export const interruptibleWinsBelow = (onDemand: UsdPerHour, onDemandHours: number, interruptibleHours: number): UsdPerHour =>
  timesRate(onDemand, interruptibleHours > 0 ? onDemandHours / interruptibleHours : 1);
