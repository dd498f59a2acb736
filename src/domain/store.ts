import type { HostIncident, HostKey } from './hostMemory.ts';
import type { InstanceId, Rates, SeenInstance } from './instance.ts';
import type { Launch, LaunchState, Limits } from './launch.ts';
import type { Usd, UsdPerHour } from './money.ts';
import type { JournalPlace, OfferId, ProviderId } from './offer.ts';
import type { HostPrice, PriceSample } from './sample.ts';

/**
 * The durable memory: one file per user, shared by every window and editor. Every write is on
 * disk when the call returns. Throws `noJournal` when it cannot keep that promise.
 */
export interface Journal {
  /**
   * Throws `inFlight` while another launch of the same offer is on its way to being ready, and where one was on its way
   * or not even begun when this was asked for, whatever became of its machine since: the two are one wish. Also where the
   * work that it goes on with has moved to another machine already.
   */
  intend(launch: Launch, askedAt?: JournalPlace): void;
  /** Up to here whatever was ever rented of this offer is settled: who asks for it now knows of it. */
  place(offer: OfferId): JournalPlace;
  /** False when the launch is in a state that may not turn into this one: somebody else was faster. */
  mark(id: string, state: LaunchState, instanceId?: InstanceId): boolean;
  setLimits(id: string, limits: Limits): void;
  /** What it costs was agreed anew; what its guard was told at birth stays known. */
  setRates(id: string, rates: Rates): void;
  launch(id: string): Launch | undefined;
  launchOf(instanceId: InstanceId): Launch | undefined;
  /** Newest first. */
  launches(states?: readonly LaunchState[]): readonly Launch[];
  /** A short random name of this installation, made once. */
  readonly install: string;
}

/** An instance as its provider showed it, at a time of the provider's clock. */
export interface Sighting {
  readonly seen: SeenInstance;
  readonly at: number;
}

/** How long a launch's machine has been missing from conclusive answers, by the provider's clock. */
export interface Absence {
  readonly looks: number;
  readonly since: number;
  readonly last: number;
}

/** What the window that polls last heard of a provider; `problem` is a code when it was not heard. */
export interface Hearing {
  readonly provider: ProviderId;
  /** Epoch milliseconds, ours. */
  readonly at: number;
  readonly problem?: string;
}

/** What the providers showed last: written by whoever asked, read by every window. */
export interface Sightings {
  sightings(): readonly Sighting[];
  /** False for anything older than what is known, also than a departure. */
  keep(sighting: Sighting): boolean;
  /** The machine does not exist any more; a look from before `at` no longer brings it back. */
  depart(id: InstanceId, at: number): void;
  /** The label it carried when it was seen last, also of what has departed. */
  labelOf(id: InstanceId): string | undefined;
  absence(launchId: string): Absence | undefined;
  setAbsence(launchId: string, absence: Absence | undefined): void;
  hearings(): readonly Hearing[];
  hear(hearing: Hearing): void;
}

/** What a person asked of a machine that was not rented here: it has no launch that could remember it. */
export interface Errand {
  readonly instanceId: InstanceId;
  readonly wish: 'stop' | 'end';
}

export interface Errands {
  errands(): readonly Errand[];
  /** Undefined once it is done. */
  setErrand(instanceId: InstanceId, wish: Errand['wish'] | undefined): void;
}

/** The right to poll one provider's account and to act on what is found; the number grows with each new holder. */
export interface Holding {
  readonly provider: ProviderId;
  readonly owner: string;
  readonly generation: number;
}

/** One window acts. The others see what it wrote, and one of them takes over when it falls silent. */
export interface Holders {
  /** Takes or keeps the right. Undefined while another holder lives, unless `insist`: a person asked in this window. */
  hold(provider: ProviderId, owner: string, insist: boolean): Holding | undefined;
  stillHeld(holding: Holding): boolean;
  /** Who holds it now, alive or not. */
  holder(provider: ProviderId): string | undefined;
  release(owner: string): void;
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
  /** When the provider accepted our last stop, start or destroy of it; undefined takes that back. */
  turn(instanceId: InstanceId): number | undefined;
  setTurn(instanceId: InstanceId, at: number | undefined): void;
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

/** Small facts by name; the last one written counts. */
export interface Notes {
  note(name: string): string | undefined;
  setNote(name: string, value: string): void;
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

export interface Incident extends HostIncident {
  readonly launchId: string;
  readonly host: HostKey;
}

/** What is held against hosts. */
export interface Incidents {
  /** Newest first; also what counts no more. */
  incidents(): readonly Incident[];
  /** Once for each launch and trouble, whoever finds it. What was over by then is swept away. */
  blame(incident: Incident): void;
  forgive(host: HostKey): void;
}

/** What the market showed, thinned as it ages; see `sampleBounds`. */
export interface Samples {
  /** Two readings of one quarter of an hour are one sample, whichever windows read; of host prices only changes are kept. */
  keep(samples: readonly PriceSample[], prices: readonly HostPrice[]): void;
  /** Every series of that model, oldest first. */
  samplesOf(gpu: string, vramGb: number): readonly PriceSample[];
  /** The newest first. */
  pricesOf(host: HostKey, gpuCount: number): readonly HostPrice[];
  thin(now: number): void;
}

/** What every window asks every few seconds. */
export interface Liveness {
  /** Whether anything was seen last, may exist, or is still to be ended. */
  anythingLive(): boolean;
}

export interface Store extends Liveness, Journal, Errands, Sightings, Holders, Ledger, SessionStore, Marks, Notes, Incidents {
  /** Read when it is first asked for. */
  samples(): Promise<Samples>;
  /** All or nothing, and nobody else writes meanwhile. */
  atomically<T>(work: () => T): T;
  /** Whether another window has written since this was asked last. */
  changedElsewhere(): boolean;
  close(): void;
}
