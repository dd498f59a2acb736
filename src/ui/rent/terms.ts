import type { LimitAction } from '../../domain/guard.ts';
import type { Limits } from '../../domain/launch.ts';
import { toDollars, usd, type Usd, type UsdPerHour } from '../../domain/money.ts';
import type { Offer, ProviderId } from '../../domain/offer.ts';
import type { Start } from '../../domain/start.ts';
import type { Volume } from '../../domain/volume.ts';
import { limitBounds, type Settings } from '../settings.ts';

/** What a person can change before agreeing. */
export interface Terms {
  readonly name: string;
  readonly diskGb: number;
  readonly budget: Usd;
  readonly leaseHours: number;
  /** Without use for this long it ends; 0 is never. */
  readonly idleMinutes: number;
  readonly atLimit: LimitAction;
  /** What the person chose to start there; another provider's machine starts what is usual for it. */
  readonly start?: { readonly provider: ProviderId; readonly what: Start };
  readonly volume?: Volume;
  /** For the GPUs of an interruptible machine; what wins now, unless it is more. */
  readonly bid?: UsdPerHour;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * The lease begins when the person agrees, not when the question was put, by the provider's clock, read a moment ago:
 * that is the one it is held to, and ours may be wrong by any amount.
 */
export const limitsFor = ({ readAt, details }: Offer, terms: Pick<Terms, 'budget' | 'leaseHours' | 'idleMinutes' | 'atLimit'>): Limits => ({
  budget: terms.budget,
  leaseEndsAt: readAt + Math.round(terms.leaseHours * hourMs),
  idleMs: terms.idleMinutes * minuteMs,
  atLimit: details.noStop === true ? 'destroy' : terms.atLimit,
});

/** What a job is expected to need at most, in place of the usual limits. */
export type Wish = Pick<Terms, 'budget' | 'leaseHours'> & Partial<Pick<Terms, 'diskGb' | 'idleMinutes' | 'atLimit' | 'start'>>;

export const usualTerms = (settings: Settings, diskGb: number, name: string, wish?: Wish): Terms => ({
  ...(wish?.start === undefined ? {} : { start: wish.start }),
  name,
  diskGb: wish?.diskGb ?? diskGb,
  budget: wish === undefined ? settings.limits.budget : usd(within(toDollars(wish.budget), limitBounds.budgetUsd)),
  leaseHours: wish === undefined ? settings.limits.leaseHours : within(wish.leaseHours, limitBounds.leaseHours),
  idleMinutes: wish?.idleMinutes ?? settings.limits.idleMinutes,
  atLimit: wish?.atLimit ?? settings.limits.atLimit,
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
