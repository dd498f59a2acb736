/**
 * How much a job has to do, counted in samples: what the time of a sample is multiplied with. What the workload does
 * not say stays undefined; only the mean length is ever taken for granted, and then it is said.
 */
import type { Assumption } from '../result.ts';
import type { Workload } from '../workload.ts';

export interface JobSize {
  /** Samples that go forward and backward, over the whole job and all GPUs. */
  readonly samples?: number;
  /** Samples of one optimizer step over all GPUs. */
  readonly samplesPerStep?: number;
  readonly steps?: number;
  /** Samples that only go forward: evaluation and validation. */
  readonly evalSamples: number;
  readonly assumptions: readonly Assumption[];
}

/** A forward pass alone is a third of a training pass: the backward pass does twice its work. */
export const evalShare = 1 / 3;

/** GPUs that work: a script for one GPU leaves the others of a machine idle. */
export function usedGpus({ gpus, parallelism }: Workload, gpuCount: number): number {
  const asked = gpus ?? (parallelism === 'single' ? 1 : gpuCount);
  return Math.min(asked, gpuCount);
}

export function jobSize(workload: Workload, gpuCount: number): JobSize {
  const perStep = samplesPerStep(workload, gpuCount);
  const { samples: perEpoch, assumptions } = epochSamples(workload);
  const epochs = workload.epochs ?? (workload.steps === undefined ? undefined : 1);
  const ofEpochs = perEpoch === undefined || epochs === undefined ? undefined : perEpoch * epochs;
  const fixed = workload.steps !== undefined;
  const samples = fixed ? times(workload.steps, perStep) : ofEpochs;
  const steps = workload.steps ?? (samples === undefined || perStep === undefined ? undefined : Math.ceil(samples / perStep));
  return {
    ...(samples === undefined ? {} : { samples }),
    ...(perStep === undefined ? {} : { samplesPerStep: perStep }),
    ...(steps === undefined ? {} : { steps }),
    evalSamples: (workload.evalPasses ?? 0) * (workload.microBatch ?? 1),
    assumptions: [
      ...(samples === undefined ? [{ code: 'unknownSteps' } as const] : []),
      // Steps make the number of rows irrelevant, and with it how they are packed.
      ...(fixed || samples === undefined ? [] : assumptions),
    ],
  };
}

/** A launcher's fixed number of GPUs fixes the batch too: on fewer GPUs the same work takes longer. */
function samplesPerStep(workload: Workload, gpuCount: number): number | undefined {
  const { globalBatch, microBatch, accumulation = 1 } = workload;
  if (globalBatch !== undefined) return globalBatch;
  return microBatch === undefined ? undefined : microBatch * accumulation * replicas(workload, workload.gpus ?? gpuCount);
}

/**
 * GPUs that share a model's matrices or layers work on the same samples together; a script
 * for one works alone, unless a launcher starts it several times.
 */
function replicas({ parallelism, tensorParallel, pipelineParallel, gpus: asked = 1 }: Workload, gpus: number): number {
  if (parallelism === 'single' && asked === 1) return 1;
  const together = (tensorParallel ?? (parallelism === 'tensor' ? gpus : 1)) * (pipelineParallel ?? (parallelism === 'pipeline' ? gpus : 1));
  return Math.max(1, Math.floor(gpus / together));
}

/** Packing fills every sample to `seqLen`, so that short rows become fewer samples, and long rows more. */
function epochSamples({ samples, packing, seqLen, tokensPerSample }: Workload): Pick<JobSize, 'samples' | 'assumptions'> {
  if (samples === undefined) return { assumptions: [] };
  if (!packing || seqLen === undefined) return { samples, assumptions: [] };
  if (tokensPerSample === undefined) return { samples, assumptions: [{ code: 'meanLength', detail: String(seqLen) }] };
  return { samples: Math.ceil((samples * tokensPerSample) / seqLen), assumptions: [] };
}

const times = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? undefined : a * b);
