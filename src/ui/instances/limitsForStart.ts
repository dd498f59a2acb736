import { leaseWarningMs } from '../../domain/budget.ts';
import type { Limits } from '../../domain/launch.ts';
import { sumUsd, usd, type Usd } from '../../domain/money.ts';
import type { LimitSettings } from '../settings.ts';

/**
 * A machine that is started with a lease that is over, or a budget that is used up, would be stopped
 * at once: it gets what a new one would get. Limits that still leave room stay as they are.
 */
export function limitsForStart(before: Limits | undefined, spent: Usd, usual: Pick<LimitSettings, 'budget' | 'leaseHours'>, now: number): Limits {
  const lease = now + Math.round(usual.leaseHours * 3_600_000);
  if (before === undefined) return { budget: sumUsd([spent, usual.budget]), leaseEndsAt: lease };
  const room = usd(0.1);
  return {
    ...before,
    budget: before.budget - spent > room ? before.budget : sumUsd([spent, usual.budget]),
    leaseEndsAt: before.leaseEndsAt - now > leaseWarningMs ? before.leaseEndsAt : lease,
  };
}
