import type { Limits } from './launch.ts';
import { chargeFor, type Usd, type UsdPerHour } from './money.ts';

/** What the limits of one machine ask for now. */
export type Verdict = 'fine' | 'warn' | 'end';
export interface Judgement {
  readonly verdict: Verdict;
  readonly because?: 'budget' | 'lease';
}

/** A person gets this long between the warning and the end of a lease. */
export const leaseWarningMs = 10 * 60_000;
const budgetWarningShare = 0.8;

/**
 * Warns when unsure and ends only past a limit. `countedUntil` is when `spent` was computed: burn
 * since then is added, so that a late poll does not overrun the budget unnoticed.
 */
export function judge(limits: Limits, spent: Usd, burn: UsdPerHour, countedUntil: number, now: number): Judgement {
  const total = spent + chargeFor(burn, Math.max(0, now - countedUntil));
  if (now >= limits.leaseEndsAt) return { verdict: 'end', because: 'lease' };
  if (total >= limits.budget) return { verdict: 'end', because: 'budget' };
  if (total >= limits.budget * budgetWarningShare) return { verdict: 'warn', because: 'budget' };
  if (now >= limits.leaseEndsAt - leaseWarningMs) return { verdict: 'warn', because: 'lease' };
  return { verdict: 'fine' };
}
