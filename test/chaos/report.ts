/** The sums of many bad days. */
import type { Violation, ViolationKind } from './oracle.ts';
import type { Played } from './simulation.ts';

export interface Report {
  readonly schedules: number;
  readonly orphans: number;
  readonly doubleRents: number;
  readonly lostIntents: number;
  readonly foreignTouched: number;
  /** The worst of the rentals whose books are closed. */
  readonly maxSpendErrorUsd: number;
  readonly maxSpendErrorPct: number;
  /** The worst of all rentals, beyond what passes until a guard has acted. */
  readonly overBudgetUsd: number;
  readonly hung: number;
}

export interface Failure {
  readonly schedule: number;
  readonly violations: readonly Violation[];
}

export class Tally {
  readonly failures: Failure[] = [];
  readonly outcomes = new Map<string, number>();
  readonly #counts = new Map<ViolationKind, number>();
  #schedules = 0;
  #spendErrorUsd = 0;
  #spendErrorPct = 0;
  #overBudgetUsd = 0;

  add(schedule: number, { verdict, outcomes }: Played): void {
    this.#schedules++;
    this.#spendErrorUsd = Math.max(this.#spendErrorUsd, verdict.spendErrorUsd);
    this.#spendErrorPct = Math.max(this.#spendErrorPct, verdict.spendErrorPct);
    this.#overBudgetUsd = Math.max(this.#overBudgetUsd, verdict.overBudgetUsd);
    for (const { kind } of verdict.violations) this.#counts.set(kind, this.#count(kind) + 1);
    for (const outcome of outcomes) this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (verdict.violations.length > 0) this.failures.push({ schedule, violations: verdict.violations });
  }

  get report(): Report {
    return {
      schedules: this.#schedules,
      orphans: this.#count('orphan'),
      doubleRents: this.#count('doubleRent'),
      lostIntents: this.#count('lostIntent'),
      foreignTouched: this.#count('foreignTouched'),
      maxSpendErrorUsd: round(this.#spendErrorUsd),
      maxSpendErrorPct: round(this.#spendErrorPct),
      overBudgetUsd: round(this.#overBudgetUsd),
      hung: this.#count('hung'),
    };
  }

  #count(kind: ViolationKind): number {
    return this.#counts.get(kind) ?? 0;
  }
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6;
