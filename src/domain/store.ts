import type { InstanceId } from './instance.ts';
import type { Launch, LaunchState, Limits } from './launch.ts';
import type { Usd, UsdPerHour } from './money.ts';

/**
 * The durable memory: one file per user, shared by every window and editor. Every write is on
 * disk when the call returns. Throws `noJournal` when it cannot keep that promise.
 */
export interface Journal {
  /** Throws `inFlight` while another launch of the same offer is on its way to being ready. */
  intend(launch: Launch): void;
  mark(id: string, state: LaunchState, instanceId?: InstanceId): void;
  setLimits(id: string, limits: Limits): void;
  launch(id: string): Launch | undefined;
  launchOf(instanceId: InstanceId): Launch | undefined;
  /** Newest first. */
  launches(states?: readonly LaunchState[]): readonly Launch[];
  /** A short random name of this installation, made once. */
  readonly install: string;
}

/** A stretch of time during which one instance cost one rate. Times are the provider's clock. */
export interface Interval {
  readonly instanceId: InstanceId;
  readonly from: number;
  readonly to: number;
  readonly rate: UsdPerHour;
}

/** What the provider charged for a stretch that will not change any more. */
export interface SettledCharge {
  readonly instanceId: InstanceId;
  readonly from: number;
  readonly to: number;
  readonly amount: Usd;
}

export interface Ledger {
  /** The newest interval of an instance, the only one that can still grow. */
  last(instanceId: InstanceId): Interval | undefined;
  append(interval: Interval): void;
  /** Replaces the newest interval of that instance. */
  amend(interval: Interval): void;
  intervals(instanceId?: InstanceId): readonly Interval[];
  settle(charges: readonly SettledCharge[]): void;
  settled(instanceId?: InstanceId): readonly SettledCharge[];
}

export interface Session {
  /** Epoch milliseconds, ours. */
  readonly startedAt: number;
  readonly seenAt: number;
}

export interface SessionStore {
  session(): Session | undefined;
  setSession(session: Session): void;
}

/**
 * The highest value that was ever reached under a name, over windows and restarts: a warning's percent, so that it
 * is given once, or what was shown to a person.
 */
export interface Marks {
  /** True for the one who raises it; an equal or lower value changes nothing. */
  raise(name: string, value: number): boolean;
  highest(name: string): number | undefined;
}

export interface Store extends Journal, Ledger, SessionStore, Marks {
  close(): void;
}
