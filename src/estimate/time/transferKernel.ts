import { commonName } from '../catalogue/models.ts';
import type { Gpu, Machine } from '../machine.ts';
import type { Workload } from '../workload.ts';
import { forwardGmacs, matmulRate, microBatchOf } from './transferPhysics.ts';

/**
 * How alike two runs are: the covariance of what physics gets wrong about them. Every line is one belief: models
 * deviate from the arithmetic by so much, cards by so much, the exponents of the carrying rule by so much. Linear
 * lines make the fit a ridge regression of those exponents, the others shrunk means of what was left over.
 */
export interface Case {
  readonly task: string;
  readonly model: string;
  /** What a model is trained as; two cases of one variant differ only in their machine. */
  readonly variant: string;
  readonly stack: string;
  readonly gpu: string;
  readonly architecture: string;
  /** Logs of the card's rates and memory, from a middling card. */
  readonly matmul: number;
  readonly bandwidth: number;
  readonly fp32: number;
  readonly vram: number;
  /** Log of the work and of activations per work, from a middling model. */
  readonly work: number;
  readonly acts: number;
  readonly logBatch: number;
  readonly logCount: number;
  /** False where nobody says how large the model is: physics has then no unit to be wrong in. */
  readonly sized: boolean;
}

const plainName = (name: string): string => commonName(name).toLowerCase().replace(/.*\//, '').replace(/[^a-z0-9.]/g, '').replace(/v1\.5$/, '');

const variantOf = ({ model, dataset, method, loraRank, precision, baseWeights, checkpointing, resolution, frames, seqLen, stack, compile }: Workload): string =>
  [plainName(model?.name ?? ''), dataset, method, loraRank, precision, baseWeights, checkpointing, resolution, frames, seqLen, stack, compile].join('|');

const gpuId = ({ name, vramGb }: Gpu): string => `${name} ${Math.round(vramGb)}`;

export function caseOf(workload: Workload, { gpu, count }: Machine): Case {
  const gmacs = forwardGmacs(workload);
  const { model } = workload;
  const acts = model?.mActs === undefined || model.gmacs === undefined ? 0 : Math.log(model.mActs / model.gmacs / 3);
  return {
    task: workload.task,
    model: model === undefined ? '' : plainName(model.name),
    variant: variantOf(workload),
    stack: workload.stack,
    gpu: gpuId(gpu),
    architecture: gpu.architecture,
    matmul: Math.log(matmulRate(gpu, workload) / 100),
    bandwidth: Math.log(gpu.bandwidthGbPerS / 900),
    fp32: Math.log(gpu.fp32Tflops / 25),
    vram: Math.log(gpu.vramGb / 24),
    work: gmacs === undefined ? 0 : Math.log(gmacs / 10),
    acts,
    logBatch: workload.microBatch === undefined ? 0 : Math.log(microBatchOf(workload) / 16),
    logCount: Math.log2(Math.max(1, count)),
    sized: gmacs !== undefined,
  };
}

/**
 * Standard deviations, in logs: 0.1 is ten per cent. Chosen by errors on groups that were left out (documents,
 * repositories, cards), each half of the repositories by itself, and rounded to what served both.
 */
export const beliefs = {
  task: 0.6, model: 1, variant: 0.2, stack: 0.23,
  workSlope: 0.17, actsSlope: 0.76, batchSlope: 0.01,
  rates: 0.014, ratesOfTask: 0.4, ratesOfModel: 0.1, ratesOfVariant: 0.066, vram: 0.007,
  card: 0.02, cardOfTask: 0.017, cardOfModel: 0.008, likeCard: 0.012, likeCardOfModel: 0.13, architecture: 0.01, architectureOfModel: 0.007,
  count: 0.03, countOfModel: 0.063, countOfCard: 0.005,
  noise: 0.05,
  /** A model without a size stands for itself alone. */
  unsized: 8,
};
export type Beliefs = typeof beliefs;

/**
 * How far to trust the arithmetic, against work that nobody counts well: images have their products and activations
 * counted; detectors spend half of their time beside the network; what runs on tokens of an unknown number may be anything.
 */
const doubts: Readonly<Record<string, number>> = { vision: 0.4, detection: 0.7 };
const doubtOf = ({ task }: Case): number => doubts[task] ?? 1;

/** How fast cards of different rates stop being alike: at half the rates or twice, a third is left. */
const reach = 0.5;

export function kernel(a: Case, b: Case, s: Beliefs = beliefs): number {
  const sameTask = a.task === b.task;
  const sameModel = sameTask && a.model === b.model && a.model !== '';
  const sameVariant = sameModel && a.variant === b.variant;
  const sameCard = a.gpu === b.gpu;
  const sameArchitecture = a.architecture === b.architecture && a.architecture !== 'unknown';
  const rates = a.matmul * b.matmul + a.bandwidth * b.bandwidth + a.fp32 * b.fp32;
  const vram = a.vram * b.vram;
  const apart = (a.matmul - b.matmul) ** 2 + (a.bandwidth - b.bandwidth) ** 2 + (a.fp32 - b.fp32) ** 2;
  const alike = Math.exp(-apart / (2 * reach * reach));
  const counts = a.logCount * b.logCount;
  const sized = a.sized && b.sized;
  let sum = s.rates ** 2 * rates + s.vram ** 2 * vram + s.likeCard ** 2 * alike + s.count ** 2 * counts;
  if (sameCard) sum += s.card ** 2 + s.countOfCard ** 2 * counts;
  if (sameArchitecture) sum += s.architecture ** 2;
  if (!sameTask) return sum;
  const doubt = doubtOf(a) ** 2;
  sum += s.ratesOfTask ** 2 * rates + s.batchSlope ** 2 * a.logBatch * b.logBatch;
  if (sized) {
    sum += doubt * (s.task ** 2 + s.workSlope ** 2 * a.work * b.work + s.actsSlope ** 2 * a.acts * b.acts);
    if (a.stack === b.stack) sum += s.stack ** 2;
  }
  if (sameCard) sum += s.cardOfTask ** 2;
  if (!sameModel) return sum;
  if (!a.sized && !b.sized) sum += s.unsized ** 2;
  // What physics got wrong without a size says nothing of what it gets wrong with one.
  if (a.sized === b.sized) sum += doubt * s.model ** 2;
  sum += s.ratesOfModel ** 2 * rates + s.countOfModel ** 2 * counts + s.likeCardOfModel ** 2 * alike;
  if (sameCard) sum += s.cardOfModel ** 2;
  if (sameArchitecture) sum += s.architectureOfModel ** 2;
  if (sameVariant) sum += doubt * s.variant ** 2 + s.ratesOfVariant ** 2 * rates;
  return sum;
}
