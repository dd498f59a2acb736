/** A measured step as evidence, so that the next estimate rests on the user's own runs. */
import { jobSize, usedGpus } from '../cost/jobSize.ts';
import { ownSource } from '../evidence.ts';
import type { Machine } from '../machine.ts';
import type { Run } from '../run.ts';
import type { Workload } from '../workload.ts';
import type { Progress, StepUnit } from './progress.ts';

export interface Measured {
  /** Tells this run from others; the run's own id where there is one. */
  readonly id: string;
  readonly progress?: Pick<Progress, 'secondsPerStep' | 'unit'>;
  /** GiB of the fullest GPU, without the context. */
  readonly peakGb?: number;
}

/** Undefined where nothing was measured that can be compared: neither memory nor, with a known batch, time. */
export function asRun(workload: Workload, machine: Machine, { id, progress, peakGb }: Measured): Run | undefined {
  const gpuCount = usedGpus(workload, machine.count);
  const samples = progress === undefined ? undefined : samplesOf(workload, machine.count, progress.unit);
  const secondsPerSample = progress === undefined || samples === undefined || samples <= 0 ? undefined : progress.secondsPerStep / samples;
  if (secondsPerSample === undefined && peakGb === undefined) return undefined;
  return {
    id, source: ownSource, category: ownSource, workload, phase: 'training',
    gpu: machine.gpu.name, vramGb: machine.gpu.vramGb, gpuCount,
    ...(secondsPerSample === undefined ? {} : { secondsPerSample }),
    ...(peakGb === undefined ? {} : { peakGb }),
  };
}

/** A batch of the data loader is one forward pass on every replica: a step without its accumulation. */
function samplesOf(workload: Workload, gpuCount: number, unit: StepUnit): number | undefined {
  const { samplesPerStep } = jobSize(workload, gpuCount);
  return samplesPerStep === undefined || unit === 'step' ? samplesPerStep : samplesPerStep / (workload.accumulation ?? 1);
}
