import { bandAround } from '../band.ts';
import type { Machine } from '../machine.ts';
import type { MemoryPrediction } from '../result.ts';
import type { Workload } from '../workload.ts';
import { passingOf } from './activations.ts';
import { measuredDenoiser } from './denoisers.ts';
import { shapeOf } from './shape.ts';
import { statesOf } from './states.ts';

/**
 * Peak memory of one GPU as tools print it: what the allocator holds, without the driver's context. Sums what lies
 * there for the whole run, what one micro-batch leaves for its backward pass, and what the libraries take.
 */
const bytesPerGib = 2 ** 30;

/** The allocator's gaps. */
const fragmentation = 0.02;

/** Work space of the libraries, GiB: convolutions try several algorithms, matrix products need little. */
function workspace({ task }: Workload): number {
  if (task === 'vision' || task === 'detection' || task === 'medical') return 2;
  return task === 'language' || task === 'vision-language' ? 0.9 : 0.1;
}

/** Buffers of the collective operations, GiB. */
const communicators = 0.5;

/** Spread of the held-out residuals, in logs. */
function sigmaOf({ task, checkpointing, microBatch, model }: Workload): number {
  const guessed = microBatch === undefined ? 0.3 : 0;
  const own = task === 'language' || task === 'encoder' ? 0.15
    : task === 'diffusion' ? (measuredDenoiser(model?.name ?? '') !== undefined ? 0.12 : checkpointing ? 0.25 : 0.5)
    : model?.mActs === undefined && model?.layers === undefined ? 0.35 : 0.2;
  return Math.hypot(own, guessed);
}

/** GPUs that the script spreads over: its own number, or the machine's unless it takes one. */
export const gpusOf = (workload: Workload, machine: Machine): number =>
  workload.gpus ?? (workload.parallelism === 'single' ? 1 : Math.max(1, machine.count));

export function predictMemory(workload: Workload, machine: Machine): MemoryPrediction | undefined {
  const shape = shapeOf(workload);
  if (shape === undefined) return undefined;
  const gpus = gpusOf(workload, machine);
  const states = statesOf(workload, shape, gpus);
  const passing = passingOf(workload, shape);
  const split = workload.tensorParallel ?? (workload.parallelism === 'tensor' ? gpus : 1);
  const gib = (bytes: number): number => bytes / bytesPerGib;
  const weights = gib(states.weights + states.gathered);
  const gradients = gib(states.gradients);
  const optimizer = gib(states.optimizer);
  const activations = gib(passing.activations / split);
  const logits = gib(passing.logits / split);
  const held = weights + gradients + optimizer;
  const step = Math.max(0, gib(states.step) - activations - logits);
  const overhead = fragmentation * (held + activations + logits) + workspace(workload) + step + (gpus > 1 ? communicators : 0);
  const total = held + activations + logits + overhead;
  return {
    gb: bandAround(total, sigmaOf(workload)),
    parts: { weights, gradients, optimizer, activations, logits, overhead },
  };
}
