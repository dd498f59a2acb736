/**
 * From hours to money. Everything that happens while a machine is rented is billed at its all-in price, disk
 * included; traffic comes on top. Hours stay floating point, money is rounded once for each end of the band.
 */
import { chargeFor, sumUsd, type Usd } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import { addBands, type Band } from '../band.ts';
import type { Parts } from '../result.ts';

export interface UsdBand {
  readonly low: Usd;
  readonly likely: Usd;
  readonly high: Usd;
}

export interface JobCost {
  readonly hours: Band;
  readonly usd: UsdBand;
}

const hourMs = 3_600_000;

export const totalHours = ({ setupHours, downloadHours, trainHours, evalHours, checkpointHours, lostHours }: Parts): Band =>
  addBands(setupHours, downloadHours, trainHours, evalHours, checkpointHours, lostHours);

export function jobCost(offer: Offer, parts: Parts): JobCost {
  const hours = totalHours(parts);
  const rate = allIn(offer);
  const cost = (of: number): Usd => sumUsd([chargeFor(rate, of * hourMs), parts.trafficUsd]);
  return { hours, usd: { low: cost(hours.low), likely: cost(hours.likely), high: cost(hours.high) } };
}
