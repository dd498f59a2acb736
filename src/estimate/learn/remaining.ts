import { chargeFor, type Usd, type UsdPerHour } from '../../domain/money.ts';
import { jobSize } from '../cost/jobSize.ts';
import type { Workload } from '../workload.ts';
import type { Progress } from './progress.ts';

export interface Remaining {
  readonly steps: number;
  readonly hours: number;
  readonly usd: Usd;
}

/** What is left of a run at the rate that was measured; undefined where nobody knows where it ends. */
export function remaining(progress: Progress, workload: Workload, rate: UsdPerHour, gpuCount: number): Remaining | undefined {
  const total = progress.totalSteps ?? (progress.unit === 'step' ? jobSize(workload, gpuCount).steps : undefined);
  if (total === undefined) return undefined;
  const steps = Math.max(0, total - progress.step);
  const hours = (steps * progress.secondsPerStep) / 3600;
  return { steps, hours, usd: chargeFor(rate, hours * 3_600_000) };
}
