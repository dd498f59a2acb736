/** The budget and the lease a rental for this job should get: enough for nine of ten runs, and figures people would choose. */
import { toDollars, usd, type Usd } from '../../domain/money.ts';
import type { OfferEstimate } from '../result.ts';

export interface RentalLimits {
  readonly budget: Usd;
  readonly leaseHours: number;
}

/** Undefined where the estimate has no figures: then a person has to choose. */
export function rentalLimits({ hours, usd: cost }: OfferEstimate): RentalLimits | undefined {
  if (hours === undefined || cost === undefined) return undefined;
  return { budget: roundBudget(cost.high), leaseHours: roundLease(hours.high) };
}

/** Up to the next quarter dollar, from 5 dollars to the next dollar, from 50 to the next five, from 500 to the next fifty. */
export function roundBudget(amount: Usd): Usd {
  const dollars = toDollars(amount);
  const step = dollars <= 5 ? 0.25 : dollars <= 50 ? 1 : dollars <= 500 ? 5 : 50;
  return usd(Math.max(1, Math.ceil(dollars / step)) * step);
}

/** Up to the next half hour, from 4 hours to the next hour, from two days to the next six. */
export function roundLease(hours: number): number {
  const step = hours <= 4 ? 0.5 : hours <= 48 ? 1 : 6;
  return Math.max(1, Math.ceil(hours / step) * step);
}
