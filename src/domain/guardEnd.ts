/** Why a machine ended without us: from its guard's last word and the limits, when it cannot be asked any more. */
import { guardGraceMs, guardUnclaimedMs, type GuardReason, type LimitAction } from './guard.ts';
import { renewalTtlMs } from './guardTerms.ts';
import type { Limits } from './launch.ts';
import { lastsMs, subtractUsd, type UsdPerHour } from './money.ts';
import type { GuardEnd, GuardReading } from './protection.ts';

export interface EndEvidence {
  readonly how: GuardEnd['how'];
  /** Undefined when its guard never answered. */
  readonly heard: GuardReading | undefined;
  /** What a run that went on when the machine was last asked was to do to it at its end. */
  readonly afterRun?: LimitAction | undefined;
  readonly limits: Limits;
  readonly rate: UsdPerHour;
  readonly createdAt: number;
  /** When it was found to have ended. */
  readonly foundAt: number;
}

/** Idle for less, it was still at work when it was last heard of. */
const idleSignMs = 60_000;

interface Suspicion {
  readonly reason: GuardReason;
  readonly at: number;
}

/** A guard that was last seen about to act, did. Else the first limit that can have been reached. */
export function explainEnd({ how, heard, afterRun, limits, rate, createdAt, foundAt }: EndEvidence): GuardEnd {
  if (heard === undefined) {
    const at = createdAt + guardUnclaimedMs + guardGraceMs;
    return at <= foundAt ? { how, reason: 'unclaimed', sure: false, at } : { how, sure: false, at: foundAt };
  }
  const { status, at: readAt } = heard;
  if (status.phase !== 'watching' && status.reason !== undefined) {
    return { how, reason: status.reason, sure: true, at: Math.min(foundAt, readAt + (status.graceLeftMs ?? 0)) };
  }
  const [first] = suspicions(heard, limits, rate, foundAt);
  // It was in use then, so nobody knows when the run came to its end.
  if (afterRun === endOf[how] && (first === undefined || first.reason === 'idle')) return { how, reason: 'run', sure: false, at: foundAt };
  return first === undefined ? { how, sure: false, at: foundAt } : { how, reason: first.reason, sure: false, at: first.at };
}

const endOf: Readonly<Record<GuardEnd['how'], LimitAction>> = { stopped: 'stop', gone: 'destroy' };

/** Limits that can have made it act by then, the first one first. */
function suspicions({ status, at }: GuardReading, limits: Limits, rate: UsdPerHour, foundAt: number): Suspicion[] {
  const { idleMs = 0 } = limits;
  const reached = (some: readonly Suspicion[]): Suspicion[] => some.filter((one) => one.at <= foundAt).toSorted((a, b) => a.at - b.at);
  const certain = reached([
    { reason: 'deadline', at: Math.max(at, limits.leaseEndsAt) + guardGraceMs },
    { reason: 'budget', at: at + lastsMs(subtractUsd(limits.budget, status.spent), rate) + guardGraceMs },
  ]);
  const wasIdle = status.idleMs >= idleSignMs;
  if (idleMs === 0 || (certain.length > 0 && !wasIdle)) return certain;
  const untilIdle = Math.max(renewalTtlMs, idleMs - status.idleMs);
  return reached([...certain, { reason: 'idle', at: at + untilIdle + guardGraceMs }]);
}

/** Why the guard of this label acted, or was about to, by what it wrote into the machine's log; undefined when it did not. */
export function guardSaid(log: string, label: string): GuardReason | undefined {
  const mark = `gpu-rental-guard ${label} `;
  const lines = log.split('\n').flatMap((line) => (line.includes(mark) ? [line.slice(line.indexOf(mark) + mark.length)] : []));
  return lines.reduce<GuardReason | undefined>((last, line) => {
    if (/^(watches|keeps)\b/.test(line)) return undefined;
    const [, said] = /^(?:will (?:stop|destroy) in \d+ s: |(?:stop|destroy): try \d+, )(\w+)/.exec(line) ?? [];
    return reasons.find((reason) => reason === said) ?? last;
  }, undefined);
}

const reasons: readonly GuardReason[] = ['use', 'deadline', 'budget', 'unclaimed', 'idle', 'longIdle', 'run'];
