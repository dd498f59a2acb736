import { readBars } from './bars.ts';
import type { Progress } from './progress.ts';
import { readStepLines } from './stepLines.ts';

/** Logs can be gigabytes; the newest part says what is true now. */
const readCharacters = 200_000;

/**
 * From the output of a trainer, whatever it is: a bar, or lines with a step and a time. Where there are both, the
 * lines are printed beside the bar, and what they time is seldom a step.
 */
export function readProgress(log: string): Progress | undefined {
  const recent = log.slice(-readCharacters);
  return readBars(recent) ?? readStepLines(recent);
}
