import { toDollars, usd } from '../../domain/money.ts';
import { roundBudget, roundLease, type RentalLimits } from '../offers/limits.ts';
import type { Finish } from './finishCost.ts';

/** Half as much again as is expected: a limit that ends a job shortly before it is done wastes all of it. */
const room = 1.5;

export const finishLimits = ({ usd: cost, hours }: Finish): RentalLimits => ({ budget: roundBudget(usd(toDollars(cost) * room)), leaseHours: roundLease(hours * room) });
