/**
 * When to save, and what being interrupted costs. Young (1974) and Daly (2006), restated by Benoit, Herault, Le
 * Fèvre and Robert (HAL hal-02514107), for failures that come at random with a mean of M hours between them:
 *
 *   E(τ) = (W / τ) · M · e^(R/M) · (e^((τ + C)/M) − 1)
 *
 * is the expected time for W hours of work, saved every τ hours in C hours, with R hours to come back. All in hours.
 */
export interface Interruptions {
  /** M */
  readonly meanHoursBetween: number;
  /** C */
  readonly checkpointHours: number;
  /** R: until the work goes on where it was saved. */
  readonly restartHours: number;
}

/** E(τ). Infinite where a stretch of work is so long that none ever ends. */
export function expectedHours(workHours: number, intervalHours: number, on: Interruptions): number {
  if (workHours <= 0) return 0;
  const { meanHoursBetween: mean, checkpointHours, restartHours } = on;
  const interval = Math.min(intervalHours, workHours);
  const stretches = workHours / interval;
  if (mean === Infinity) return workHours + stretches * checkpointHours;
  return stretches * mean * Math.exp(restartHours / mean) * Math.expm1((interval + checkpointHours) / mean);
}

/** Young's first-order interval √(2·C·M). */
export const youngHours = ({ meanHoursBetween, checkpointHours }: Interruptions): number => Math.sqrt(2 * checkpointHours * meanHoursBetween);

/** Below a second nothing is gained, and the formula would divide by nothing. */
const leastIntervalHours = 1 / 3600;

/**
 * The interval that makes E least, exactly (Daly 2006): with x = τ/M and c = C/M the slope of E is zero where
 * (1 − x) · e^(x + c) = 1. Young's √(2·C·M) is its first term, and too long by about two thirds of C.
 */
export function bestInterval({ meanHoursBetween: mean, checkpointHours }: Interruptions): number {
  if (mean === Infinity) return Infinity;
  const c = checkpointHours / mean;
  const least = leastIntervalHours / mean;
  // The left side falls ever faster from e^c at x = 0 to 0 at x = 1, so Newton's steps from 1 never overshoot.
  let x = 1;
  for (let before = Infinity; x > least && before - x > 1e-12 * x;) {
    before = x;
    x += (-x - Math.expm1(-x - c)) / x;
  }
  return Math.max(x, least) * mean;
}

export interface CheckpointPlan {
  /** Hours between saves that cost least; the whole job where it is shorter than that. */
  readonly intervalHours: number;
  readonly savingHours: number;
  /** Work lost and repeated, and restarts. */
  readonly lostHours: number;
}

/**
 * What interruptions add when work is saved at the best interval, or at the script's own where that is shorter: it
 * saves then anyway. A script that saves too rarely has to be told; the plan says how often.
 */
export function checkpointPlan(workHours: number, on: Interruptions, scriptInterval = Infinity): CheckpointPlan {
  if (workHours <= 0) return { intervalHours: 0, savingHours: 0, lostHours: 0 };
  const best = Math.min(bestInterval(on), workHours);
  const interval = Math.min(scriptInterval, best);
  const savingHours = (workHours / interval) * on.checkpointHours;
  return { intervalHours: best, savingHours, lostHours: Math.max(0, expectedHours(workHours, interval, on) - workHours - savingHours) };
}
