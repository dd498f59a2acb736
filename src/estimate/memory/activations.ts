import type { Workload } from '../workload.ts';
import { forwardGmacs, microBatchOf, tokensOf } from '../time/transferPhysics.ts';
import { measuredDenoiser } from './denoisers.ts';
import type { Shape } from './shape.ts';

/** Bytes that the forward pass leaves for the backward pass of one micro-batch, and those of the scores over words. */
export interface Passing {
  readonly activations: number;
  readonly logits: number;
}

const sixteen = ({ precision }: Workload): boolean => precision !== 'fp32' && precision !== 'tf32';

/** Samples differ: the longest of a batch is about four times the mean, and all are padded to it. */
const longest = 4;

/** Tokens of the longest sample, which sets the peak. */
export function peakTokens(workload: Workload): number {
  const { seqLen, tokensPerSample, packing } = workload;
  if (packing || tokensPerSample === undefined) return seqLen ?? 1024;
  return Math.min(seqLen ?? Infinity, tokensPerSample * longest);
}

/**
 * Bytes per token and layer in 16 bits: inputs of every matrix and of what stands between them. Without a fused
 * attention the scores, their softmax and its dropout mask lie there too.
 */
function perTokenAndLayer(workload: Workload, { hidden, ffn, gated, heads }: Shape, tokens: number): number {
  const scores = keepsScores(workload) ? 5 * heads * tokens : 0;
  const plain = gated ? 15 * hidden + 6 * ffn : 18 * hidden + 4 * ffn;
  return (plain + scores) * (sixteen(workload) ? 1 : 2);
}

/** Encoders were written before fused attention, and most of their code still keeps the scores. */
const keepsScores = ({ flashAttention, task, stack }: Workload): boolean => !flashAttention || (task === 'encoder' && stack !== 'hf' && stack !== 'unsloth');

/** Unsloth moves checkpoints to host memory and computes the scores in pieces. */
const offloads = ({ stack }: Workload): boolean => stack === 'unsloth';

function transformer(workload: Workload, shape: Shape, tokens: number): number {
  const batch = microBatchOf(workload);
  const layer = perTokenAndLayer(workload, shape, tokens) * tokens * batch;
  if (!workload.checkpointing) return layer * shape.layers;
  const inputs = offloads(workload) ? 0 : 2 * shape.hidden * tokens * batch * shape.layers;
  return inputs + layer;
}

/** Bytes per token over the vocabulary: 16-bit and 32-bit scores, their gradient and the softmax, unless fused. */
function logitBytes({ stack }: Workload): number {
  if (stack === 'unsloth') return 2;
  if (stack === 'torchtune' || stack === 'litgpt' || stack === 'nemo' || stack === 'megatron') return 3;
  return 22;
}

/** U-Nets of latent diffusion: GiB of one sample of 512 pixels at 860 million parameters. */
const unetGib = 1.25;
const bytesPerGib = 2 ** 30;
/** Tokens of the prompt beside those of the image. */
const promptTokens = 256;
/** Bytes per token, layer and unit of width; norms and modulation run in 32 bits. */
const denoiserBytes = 45;
/** What checkpoints of blocks keep of a network. */
const keptByCheckpoints = 0.2;

/** Packed weights are unpacked for each product, and what was unpacked stays until the backward pass. */
const unpacked = ({ baseWeights, checkpointing }: Workload): number =>
  baseWeights === 'fp8' ? (checkpointing ? 1.7 : 2.9) : baseWeights === 'int8' ? (checkpointing ? 1.2 : 1.1) : 1;

function diffusion(workload: Workload, { hidden, layers, params }: Shape): number {
  const { model, checkpointing, resolution, frames } = workload;
  const scale = microBatchOf(workload) * unpacked(workload) * (sixteen(workload) ? 1 : 2);
  const known = measuredDenoiser(model?.name ?? '');
  if (known !== undefined) {
    const size = ((resolution ?? known.resolution) / known.resolution) ** 2 * ((frames ?? known.frames) / known.frames);
    return (checkpointing ? known.checkpointedGib : known.wholeGib) * bytesPerGib * size * scale;
  }
  const tokens = tokensOf(workload) ?? 1024;
  if (model?.layers === undefined) {
    return unetGib * bytesPerGib * (tokens / 1024) * Math.sqrt(params / 860e6) * scale * (checkpointing ? keptByCheckpoints : 1);
  }
  const layer = denoiserBytes * hidden * (tokens + promptTokens);
  return scale * (checkpointing ? 2 * hidden * (tokens + promptTokens) * layers + 2 * layer : layer * layers);
}

/** Bytes per activation that a convolution writes: itself, after normalisation and after the nonlinearity. */
const bytesPerActivation = { half: 4.5, single: 9.4 } as const;
/** Millions of activations per billion multiply-accumulates where nobody counted them: a ResNet-50 has 2.7. */
const actsPerGmac = 2.5;

function images(workload: Workload): number {
  const { model } = workload;
  const side = workload.resolution ?? model?.resolution;
  const scale = side === undefined || model?.resolution === undefined ? 1 : (side / model.resolution) ** 2;
  const millions = model?.mActs === undefined ? (forwardGmacs(workload) ?? 10) * actsPerGmac : model.mActs * scale;
  const bytes = sixteen(workload) ? bytesPerActivation.half : bytesPerActivation.single;
  return millions * 1e6 * bytes * microBatchOf(workload) * (workload.checkpointing ? keptByCheckpoints : 1);
}

export function passingOf(workload: Workload, shape: Shape): Passing {
  if (workload.task === 'vision' || workload.task === 'detection' || workload.task === 'medical') return { activations: images(workload), logits: 0 };
  if (workload.task === 'diffusion') return { activations: diffusion(workload, shape), logits: 0 };
  const tokens = peakTokens(workload);
  const words = workload.task === 'language' || workload.task === 'vision-language';
  return {
    activations: transformer(workload, shape, tokens),
    logits: words ? logitBytes(workload) * tokens * microBatchOf(workload) * shape.vocab : 0,
  };
}
