import type { Workload } from './workload.ts';

/** How long it trains changes neither the time of a step nor its memory: a step is all the rest. */
export function stepOf(workload: Workload): Workload {
  const { samples: _samples, steps: _steps, epochs: _epochs, evalPasses: _passes, checkpointEvery: _every, ...step } = workload;
  return step;
}
