/** Copies of what a run saves, made now and then while an editor is open, so that it outlives its machine. */
import type { DataPlace } from './dataStore.ts';
import type { InstanceId } from './instance.ts';
import type { RunId } from './run.ts';

export interface CopyPlan {
  readonly launchId: string;
  readonly instanceId: InstanceId;
  readonly run: RunId;
  /** Below the run's own folder; empty for all of it. */
  readonly folder: string;
  /** Absolute, on the machine. */
  readonly remoteFolder: string;
  readonly everyMs: number;
  readonly to: CopyTarget;
  /** Epoch milliseconds, ours: when the last try began, and the last that came to its end. */
  readonly triedAt?: number;
  readonly copiedAt?: number;
  /** Why the last try did not; absent after a good one. */
  readonly problem?: string;
  /** The run is over and what it left is copied. */
  readonly over?: boolean;
}

/** A folder of this computer, or a bucket, which the machine itself sends to. */
export type CopyTarget = { readonly kind: 'here'; readonly localFolder: string } | { readonly kind: 'bucket'; readonly place: DataPlace };

export const isDue = ({ triedAt, everyMs, over }: CopyPlan, now: number): boolean => over !== true && Math.abs(now - (triedAt ?? -Infinity)) >= everyMs;
