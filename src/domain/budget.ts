import type { Limits } from './launch.ts';
import { chargeFor, type Usd, type UsdPerHour } from './money.ts';

/** What the limits of one machine ask for now. */
export type Verdict = 'fine' | 'warn' | 'end';
export interface Judgement {
  readonly verdict: Verdict;
  readonly because?: 'budget' | 'lease';
  /** How much of the budget is used, where that is worth a word. */
  readonly step?: BudgetStep;
}

/** Percent of a limit; each is told once, and at the last it ends. */
export type BudgetStep = 50 | 80 | 100;
const steps: readonly BudgetStep[] = [100, 80, 50];

/** A person gets this long between the warning and the end of a lease. */
export const leaseWarningMs = 10 * 60_000;

/** The highest step that is reached; undefined below the first. */
export const stepReached = (limit: Usd, counted: Usd): BudgetStep | undefined => steps.find((step) => counted * 100 >= limit * step);

/** All that the limits say now, the gravest first: a machine may near its budget and its lease at once. */
export function judgements(limits: Limits, counted: Usd, now: number): Judgement[] {
  const step = stepReached(limits.budget, counted);
  const said: (Judgement | false)[] = [
    now >= limits.leaseEndsAt && { verdict: 'end', because: 'lease' },
    step === 100 && { verdict: 'end', because: 'budget', step },
    step === 80 && { verdict: 'warn', because: 'budget', step },
    now >= limits.leaseEndsAt - leaseWarningMs && { verdict: 'warn', because: 'lease' },
    step === 50 && { verdict: 'fine', because: 'budget', step },
  ];
  return said.filter((judgement) => judgement !== false);
}

/**
 * Warns when unsure and ends only past a limit. `countedUntil` is when `spent` was computed: burn
 * since then is added, so that a late poll does not overrun the budget unnoticed.
 */
export function judge(limits: Limits, spent: Usd, burn: UsdPerHour, countedUntil: number, now: number): Judgement {
  const total = (spent + chargeFor(burn, Math.max(0, now - countedUntil))) as Usd;
  return judgements(limits, total, now)[0] ?? { verdict: 'fine' };
}
