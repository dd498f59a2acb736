/** A command that goes on by itself on a machine, whatever becomes of the window that started it. */
import type { LimitAction } from './guard.ts';

/** What the machine's guard is to do once the run has ended, however it ended. */
export type Afterwards = 'keep' | LimitAction;
export const afterwardsKinds: readonly Afterwards[] = ['keep', 'stop', 'destroy'];

/** `[a-z0-9-]`, and later ones sort behind earlier ones. */
export type RunId = string;
export const isRunId = (text: string): boolean => /^[a-z0-9][a-z0-9-]{7,39}$/.test(text);

export interface RunAbout {
  /** As it is started, word for word: no shell reads it. */
  readonly words: readonly string[];
  /** Where it runs, absolute, on the machine. */
  readonly folder: string;
}

/** Of a run's words and folder as JSON: what is kept of fifty runs should stay small, whoever wrote it. */
export const longestAbout = 20_000;

/**
 * `preparing`: its environment is being made. `lost`: it is over and nobody wrote down how, because its machine was
 * started anew or its disk was full.
 */
export type RunState = 'preparing' | 'running' | 'ended' | 'lost';

/** A run as its machine tells of it. Times are by the machine's clock, epoch milliseconds. */
export interface RunSeen {
  readonly id: RunId;
  readonly about: RunAbout;
  readonly state: RunState;
  readonly afterwards: Afterwards;
  readonly startedAt: number;
  /** Until its end, or until now. */
  readonly ranMs: number;
  /** Only of what has ended. */
  readonly exitCode?: number;
  /** Somebody asked for its end. */
  readonly stopped: boolean;
  /** It ended before its command began: its environment could not be made. */
  readonly unprepared: boolean;
  readonly logBytes: number;
  /** The last lines that it said; empty when they were not asked for. */
  readonly tail: string;
}

export const isLive = ({ state }: Pick<RunSeen, 'state'>): boolean => state === 'preparing' || state === 'running';

/** How far it is, as its log says. */
export interface RunProgress {
  readonly step?: number;
  readonly steps?: number;
  readonly epoch?: number;
  readonly epochs?: number;
  readonly loss?: number;
  readonly leftMs?: number;
}

/** What is kept here of a run, so that its history outlives its machine. */
export interface RunRecord {
  readonly launchId: string;
  readonly run: RunSeen;
  readonly progress: RunProgress;
  /** The folder of this computer that its files came from. No machine is told of it, or asked: it could name any. */
  readonly from?: string;
  /** When that was read, by our clock. */
  readonly at: number;
}

export interface RunMemory {
  /** Newest first. */
  of(launchId: string): readonly RunRecord[];
  /** On disk when it returns; takes the place of what was known of the same run. */
  keep(record: RunRecord): void;
}
