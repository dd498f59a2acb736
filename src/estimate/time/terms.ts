import type { Machine } from '../machine.ts';
import type { Workload } from '../workload.ts';
import { splitOf, trafficOf, weightBytes } from './links.ts';
import { ratesOf } from './rates.ts';
import { type Shape, shapeOf } from './shape.ts';
import { type Tokens, tokensOf } from './tokens.ts';

/**
 * A step of a transformer in the parts that its time is made of, each in seconds per sample over the whole machine
 * before the fitted coefficient. The first eight run one after another; `launch` is what the host needs to start
 * the kernels, which hides behind the others unless it is longer.
 */
export const termNames = ['matmul', 'attention', 'elementwise', 'vocabulary', 'optimizer', 'links', 'tensorLinks', 'dequantise', 'launch'] as const;
export type TermName = typeof termNames[number];
export type Terms = Readonly<Record<TermName, number>>;

export interface Step {
  readonly terms: Terms;
  readonly tokens: Tokens;
  readonly shape: Shape;
}

/** Bytes that one layer moves through memory per unit of width and token, forward and backward, counted at 16 bits. */
const elementBytes = 400;
/** Logits in two widths, their softmax and their gradient. */
const logitBytes = 30;
/** AdamW reads and writes weights, gradients and two moments. */
const optimizerBytes = 30;

/** Milliseconds for the host to launch the forward and backward kernels of one layer: 60 to 100 kernels of 10 to 50 µs. */
const eagerMs = 2.6;
const adapterMs = 3.5;
const fusedMs = 1;
const fusedStacks = new Set(['llm-foundry', 'torchtune', 'litgpt', 'nanogpt', 'nemo']);

const launchMs = ({ compile, stack, method }: Workload): number =>
  compile || fusedStacks.has(stack) ? fusedMs : method === 'full' ? eagerMs : stack === 'unsloth' ? eagerMs : adapterMs;

export function stepOf(workload: Workload, machine: Machine): Step | undefined {
  const shape = workload.model === undefined ? undefined : shapeOf(workload.model);
  if (shape === undefined) return undefined;
  const tokens = tokensOf(workload);
  const split = splitOf(workload, machine.count);
  const { matmul, attention, bandwidth, width } = ratesOf(machine.gpu, workload);
  const { active, total, layers, hidden, vocab } = shape;
  const full = workload.method === 'full';
  const recompute = workload.checkpointing ? 1 : 0;
  const micro = workload.microBatch ?? usualMicroBatch(workload, shape, tokens.processed, machine.gpu.vramGb * split.tensor * split.pipeline, split.replicas);
  const passTokens = micro * tokens.processed;
  const passes = workload.accumulation ?? Math.max(1, (workload.globalBatch ?? micro * split.replicas) / micro / split.replicas);
  const stepTokens = passTokens * Math.max(1, passes) / (split.tensor * split.pipeline);
  const traffic = trafficOf(workload, shape, machine, split, passTokens / (split.tensor * split.pipeline), stepTokens);
  const sharded = ['fsdp', 'zero1', 'zero2', 'zero3'].includes(workload.parallelism) ? split.replicas : 1;
  const quantised = !full && ['nf4', 'int8'].includes(workload.baseWeights ?? (workload.method === 'qlora' ? 'nf4' : ''));
  const causal = workload.task === 'encoder' ? 1 : 0.5;
  const scoreBytes = workload.flashAttention ? 0 : hidden / 64 * tokens.processed * 10 * width * causal;
  // A pipeline of p stages idles for p − 1 micro-batches of every step.
  const idle = 1 + (split.pipeline - 1) / Math.max(1, passes);
  const perToken: Terms = {
    matmul: ((full ? 6 : 4) + 2 * recompute) * active / matmul * idle,
    attention: 12 * layers * hidden * tokens.processed * causal * (1 + recompute / 3) / attention * idle,
    elementwise: layers * (hidden * elementBytes * width / 2 + scoreBytes) * (1 + recompute / 3) / bandwidth * idle,
    vocabulary: logitBytes * vocab / bandwidth,
    optimizer: optimizerBytes * total * (full ? 1 : 0.01) / (split.tensor * split.pipeline * sharded) / bandwidth / stepTokens,
    links: traffic.data,
    tensorLinks: traffic.tensor,
    dequantise: quantised ? total * (weightBytes[workload.baseWeights ?? 'nf4'] + 4) * (2 + recompute) / bandwidth / passTokens : 0,
    launch: layers * launchMs(workload) * 1e-3 * (1 + recompute / 3) * split.tensor / passTokens * idle,
  };
  const scale = tokens.processed / split.gpus;
  const terms = Object.fromEntries(termNames.map((name) => [name, perToken[name] * scale])) as Record<TermName, number>;
  return { terms, tokens, shape };
}

/** Bytes that a layer keeps per unit of width and token for the backward pass, in 16 bits. */
const keptBytes = 34;

/** Who leaves the micro-batch out mostly filled the card: what is left beside the weights, but not beyond reason. */
function usualMicroBatch({ globalBatch, checkpointing, method }: Workload, shape: Shape, tokens: number, vramGb: number, replicas: number): number {
  const free = vramGb * 1e9 * 0.85 - shape.total * (method === 'full' ? 16 : method === 'lora' ? 2 : 0.6);
  const sample = tokens * shape.layers * shape.hidden * (checkpointing ? 4 : keptBytes) + tokens * shape.vocab * 6;
  const fits = Math.min(64, Math.max(1, free / sample));
  return Math.max(1, Math.floor(globalBatch === undefined ? fits : Math.min(fits, globalBatch / replicas)));
}
