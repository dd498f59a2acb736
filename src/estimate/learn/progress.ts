/** How far a run is and how fast it goes. */

/** What a counter counts: optimizer steps, or batches of the data loader (forward passes on every GPU). */
export type StepUnit = 'step' | 'batch';

export interface Progress {
  readonly step: number;
  readonly totalSteps?: number;
  readonly secondsPerStep: number;
  readonly unit: StepUnit;
}

/** The first steps compile, warm up and fill caches: nothing is said before this many. */
export const settledAfter = 30;
/** Steps that are left out of a rate. */
export const warmupSteps = 10;

/** A counter that was read at some time; two of them make a rate where the log itself has none. */
export interface Look {
  readonly step: number;
  readonly totalSteps?: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export function progressBetween(earlier: Look, later: Look): Progress | undefined {
  const steps = later.step - earlier.step;
  const seconds = (later.at - earlier.at) / 1000;
  if (steps < settledAfter || seconds <= 0) return undefined;
  return { step: later.step, ...totalOf(later.totalSteps), secondsPerStep: seconds / steps, unit: 'step' };
}

/** Trainers write 0 and -1 where there is no limit. */
export const totalOf = (totalSteps: number | undefined): { readonly totalSteps?: number } =>
  totalSteps === undefined || totalSteps <= 0 ? {} : { totalSteps };
