import type { Limits } from '../../domain/launch.ts';
import { toDollars, usd, type Usd } from '../../domain/money.ts';
import { limitBounds, type Settings } from '../settings.ts';

/** What a person can change before agreeing. */
export interface Terms {
  readonly name: string;
  readonly diskGb: number;
  readonly budget: Usd;
  readonly leaseHours: number;
}

const hourMs = 3_600_000;

/** The lease begins when the person agrees, not when the question was put. */
export const limitsFrom = (terms: Pick<Terms, 'budget' | 'leaseHours'>, now: number): Limits => ({
  budget: terms.budget,
  leaseEndsAt: now + Math.round(terms.leaseHours * hourMs),
});

/** What a job is expected to need at most, in place of the usual limits. */
export type Wish = Pick<Terms, 'budget' | 'leaseHours'>;

export const usualTerms = (settings: Settings, diskGb: number, name: string, wish?: Wish): Terms => ({
  name,
  diskGb,
  budget: wish === undefined ? settings.limits.budget : usd(within(toDollars(wish.budget), limitBounds.budgetUsd)),
  leaseHours: wish === undefined ? settings.limits.leaseHours : within(wish.leaseHours, limitBounds.leaseHours),
});

const within = (value: number, { least, most }: { readonly least: number; readonly most: number }): number => Math.min(most, Math.max(least, value));

/** `rtx-4090`, `rtx-4090-2`: short, and not in use. */
export function freeName(gpu: string, taken: readonly string[]): string {
  const base = gpu.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'gpu';
  const names = new Set(taken);
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}-${i}`;
    if (!names.has(name)) return name;
  }
}
