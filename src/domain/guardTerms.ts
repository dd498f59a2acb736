/** From what a person agreed to, to what the guard on the machine is told. */
import type { GuardRenewal, GuardStatus, GuardTerms } from './guard.ts';
import type { Launch, Limits } from './launch.ts';
import { subtractUsd, type Usd, type UsdPerHour } from './money.ts';

export interface Agreement {
  /** All that an hour costs, as quoted. */
  readonly rate: UsdPerHour;
  /** When, by the provider's clock, which the lease is held to: the launch is dated by ours, which may be days off. */
  readonly at: number;
}

/** At birth. */
export const guardTermsOf = ({ id, quote: { limits, rates } }: Launch, { rate, at }: Agreement): GuardTerms => ({
  label: id,
  rate,
  offRate: rates.stopped,
  budget: limits.budget,
  useMs: Math.max(0, limits.leaseEndsAt - at),
  deadlineAt: limits.leaseEndsAt,
  idleMs: limits.idleMs ?? 0,
  action: limits.atLimit ?? 'stop',
});

export interface RenewalInput {
  readonly limits: Limits;
  /** When the machine began, by the provider's clock. */
  readonly begunAt: number;
  /** Everything spent on it, as we or the provider count. */
  readonly spent: Usd;
  readonly active: boolean;
  /** Its guard's last word, where there was one. */
  readonly status?: GuardStatus | undefined;
  readonly holdMs?: number | undefined;
  /** What the guard counts an hour at, and what one costs, where that is not the same any more. */
  readonly rates?: { readonly told: UsdPerHour; readonly real: UsdPerHour } | undefined;
  /** The provider's clock. */
  readonly now: number;
}

/** Survives four missed renewals, and lets idleness count soon after the last window closes. */
export const renewalTtlMs = 5 * 60_000;
/** The deadline, which people know, speaks before the cap on use, which is there for a wrong clock. */
const useSlackMs = 60_000;

/** The limits as they are now, in the guard's own terms: it counts use, and what its disk cost between two lives. */
export function renewalOf({ limits, begunAt, spent, active, status, holdMs, rates, now }: RenewalInput): GuardRenewal {
  return {
    ttlMs: renewalTtlMs,
    active,
    budget: atItsRate(guardBudget(limits.budget, spent, status), rates, status),
    useMs: useSlackMs + (status === undefined ? Math.max(0, limits.leaseEndsAt - begunAt) : status.usedMs + Math.max(0, limits.leaseEndsAt - now)),
    deadlineAt: limits.leaseEndsAt,
    ...(holdMs === undefined ? {} : { holdMs }),
  };
}

/** What it cannot see is taken off its budget, so that it acts when all of the money is used; what it counts too much of is not. */
function guardBudget(budget: Usd, spent: Usd, status: GuardStatus | undefined): Usd {
  if (status === undefined) return budget;
  const unseen = Math.max(0, subtractUsd(spent, status.spent)) as Usd;
  // Never nothing: to a guard that would be no budget at all.
  return Math.max(1, subtractUsd(budget, unseen)) as Usd;
}

/** What is left is worth fewer hours than a guard that counts at an older, lower rate would give it. */
function atItsRate(budget: Usd, rates: RenewalInput['rates'], status: GuardStatus | undefined): Usd {
  if (rates === undefined || rates.told >= rates.real) return budget;
  const counted = Math.min(budget, status?.spent ?? 0);
  return Math.max(1, Math.floor(counted + ((budget - counted) * rates.told) / rates.real)) as Usd;
}
