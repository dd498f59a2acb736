/**
 * What the guard on a machine is told at birth, hears later and says of itself. The guard is a small
 * program inside the create call: it ends the machine when nobody else can. Money and time are what
 * the person agreed to; clocks are the machine's own, so nothing here depends on the laptop's.
 */
import type { Usd, UsdPerHour } from './money.ts';

/** At a limit: stop keeps the disk, which goes on costing; destroy ends both. */
export type LimitAction = 'stop' | 'destroy';

/** Travels inside the create call. */
export interface GuardTerms {
  /** The launch id. */
  readonly label: string;
  /** What an hour costs while the machine runs, as agreed: the guard cannot ask the provider. */
  readonly rate: UsdPerHour;
  /** What its disk costs while it does not run. */
  readonly offRate: UsdPerHour;
  readonly budget: Usd;
  /** How long the machine may run in all, over all its starts, milliseconds. */
  readonly useMs: number;
  /** Epoch milliseconds after which it may not run, whatever its counters say; started again, it may wait for its editor first. */
  readonly deadlineAt: number;
  /** Without use for this long it ends, once no editor renews its lease; 0 leaves idleness out. */
  readonly idleMs: number;
  readonly action: LimitAction;
}

/** What the editor tells a running guard. Absent means unchanged. */
export interface GuardRenewal {
  /** How long this word counts, milliseconds; the guard takes no more than fifteen minutes. */
  readonly ttlMs: number;
  /** Somebody worked here in the last minutes: edits, terminal input, a run. An open window alone is not work. */
  readonly active: boolean;
  readonly budget?: Usd;
  readonly useMs?: number;
  readonly deadlineAt?: number;
  /** Leave idleness alone for this long, milliseconds. */
  readonly holdMs?: number;
}

/** Why a guard acts, in the order in which it asks. */
export type GuardReason = 'use' | 'deadline' | 'budget' | 'unclaimed' | 'idle' | 'longIdle' | 'run';

export interface GuardStatus {
  readonly phase: 'watching' | 'grace' | 'acting';
  readonly reason?: GuardReason;
  /** Its test call reached the provider with the machine's own key. */
  readonly armed: boolean;
  /** Age of this status on the machine's clock, milliseconds: more than 90 s means that the guard is dead. */
  readonly ageMs: number;
  readonly usedMs: number;
  readonly spent: Usd;
  readonly idleMs: number;
  /** Until it acts, while `phase` is `grace`, milliseconds. */
  readonly graceLeftMs?: number;
  /** Highest GPU use in percent; undefined where it cannot be read. */
  readonly gpuPct?: number;
  /** Established SSH connections: reported, never counted as use. */
  readonly sshConnections: number;
  readonly tries: number;
}

/** The way to a guard that runs, over SSH. */
export interface GuardLink {
  /** Writes the renewal and reads the status behind it. Undefined when no guard is there. Throws what SSH throws. */
  renew(alias: string, renewal: GuardRenewal, signal: AbortSignal): Promise<GuardStatus | undefined>;
}

export const guardStaleMs = 90_000;
/** How long the grace between decision and act lasts, and a machine that nobody ever claimed. */
export const guardGraceMs = 180_000;
export const guardUnclaimedMs = 30 * 60_000;
/** How long the limits of a machine that is started again wait for its editor, in all its lives without one. */
export const guardFirstLeaseMs = 10 * 60_000;
export const longestLeaseMs = 15 * 60_000;
export const guardTickMs = 15_000;
export const guardHookMs = 120_000;
