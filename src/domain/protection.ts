/**
 * Whether the guard on a machine is known to work. The record of each machine is shared by all windows and
 * outlives them; everything else is worked out from it, so that every window says the same.
 */
import { guardStaleMs, type GuardReason, type GuardStatus } from './guard.ts';

/** `checking` claims nothing: nobody has had the time to find out. */
export type Protection = 'protected' | 'checking' | 'unprotected';

export type WhyUnprotected =
  | 'noSelfStop' // the provider gives a machine no way to end itself
  | 'absent' // the machine answers and has no guard
  | 'stale' // its guard has stopped working
  | 'notArmed' // its guard cannot reach the provider
  | 'unreachable'; // the machine does not answer, so nobody knows

export interface GuardReading {
  readonly status: GuardStatus;
  /** When it was read, by our clock. */
  readonly at: number;
}

/** How a machine ended without us. */
export interface GuardEnd {
  readonly how: 'stopped' | 'gone';
  /** Undefined when it does not look like its guard's doing. */
  readonly reason?: GuardReason;
  /** False when it was worked out from the limits and not said by the guard itself. */
  readonly sure: boolean;
  /** As well as it is known, epoch milliseconds. */
  readonly at: number;
}

export interface GuardRecord {
  readonly heard?: GuardReading;
  /** Since when it says that it cannot reach the provider. */
  readonly unarmedSince?: number;
  /** Since when every try went wrong, and how the last one did; absent after a good one. */
  readonly missing?: { readonly since: number; readonly why: 'absent' | 'unreachable' };
  /** When we stopped or destroyed it ourselves: its end needs no explanation. */
  readonly ownEndAt?: number;
  /** Worked out and told already. */
  readonly ended?: GuardEnd;
}

/** Kept per launch id, on disk when the call returns. */
export interface GuardMemory {
  record(launchId: string): GuardRecord | undefined;
  keep(launchId: string, record: GuardRecord): void;
  /** When somebody last worked on it from any window, epoch milliseconds. */
  workedAt(launchId: string): number | undefined;
  setWorkedAt(launchId: string, at: number): void;
}

/** What the interface shows of one machine's guard. */
export interface GuardView {
  readonly protection: Protection;
  readonly why?: WhyUnprotected;
  /** Since when it could not be asked, by our clock. */
  readonly missingSince?: number;
  readonly status?: GuardStatus;
  /** How long ago that was read, milliseconds. */
  readonly checkedMs?: number;
  readonly ended?: GuardEnd;
}

/** A guard that answered goes on working when we cannot reach it, but nobody vouches for it longer than this. */
export const vouchMs = 5 * 60_000;
/** SSH may be up before the guard is, and before the guard has tried its key. */
const bootMs = 2 * 60_000;

export function guardView(record: GuardRecord | undefined, selfStop: boolean, now: number): GuardView {
  const { heard, missing, ended } = record ?? {};
  return {
    ...judge(record, selfStop, now),
    ...(heard === undefined ? {} : { status: heard.status, checkedMs: Math.max(0, now - heard.at) }),
    ...(missing === undefined ? {} : { missingSince: missing.since }),
    ...(ended === undefined ? {} : { ended }),
  };
}

/** Comparisons are written so that a figure that is no number never counts as good. */
function judge(record: GuardRecord | undefined, selfStop: boolean, now: number): Pick<GuardView, 'protection' | 'why'> {
  if (!selfStop) return unprotected('noSelfStop');
  const { heard, missing } = record ?? {};
  if (heard === undefined) {
    const patience = missing?.why === 'absent' ? bootMs : vouchMs;
    return missing === undefined || Math.abs(now - missing.since) < patience ? { protection: 'checking' } : unprotected(missing.why);
  }
  if (missing?.why === 'absent') return unprotected('absent');
  if (!(heard.status.ageMs <= guardStaleMs)) return unprotected('stale');
  if (!heard.status.armed) {
    return Math.abs(heard.at - (record?.unarmedSince ?? -Infinity)) < bootMs ? { protection: 'checking' } : unprotected('notArmed');
  }
  if (Math.abs(now - heard.at) <= vouchMs) return { protection: 'protected' };
  return missing === undefined ? { protection: 'checking' } : unprotected('unreachable');
}

const unprotected = (why: WhyUnprotected): Pick<GuardView, 'protection' | 'why'> => ({ protection: 'unprotected', why });
