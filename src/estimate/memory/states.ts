import type { BaseWeights, Optimizer, Workload } from '../workload.ts';
import { type Shape, paramsPerRank } from './shape.ts';

/** Bytes that lie in memory for the whole run: weights, gradients and what the optimizer remembers. */
export interface States {
  readonly weights: number;
  readonly gradients: number;
  readonly optimizer: number;
  /** Weights gathered from the other GPUs while a layer is computed. */
  readonly gathered: number;
  /** Copies that an optimizer step over all tensors at once makes, when the activations are gone. */
  readonly step: number;
}

const sixteen = (workload: Workload): boolean => workload.precision !== 'fp32' && workload.precision !== 'tf32';

/** Blocks of nf4 carry their scales, and what quantisation skips stays in 16 bits. */
const bytesOfBase: Readonly<Record<BaseWeights, number>> = { fp32: 4, fp16: 2, bf16: 2, int8: 1.06, nf4: 0.56, fp8: 1.03 };

/**
 * Whether a full fine-tune keeps everything in 16 bits. Published language models are loaded as stored and trained
 * so by most code; smaller networks, and what is trained from scratch, keep 32-bit weights under autocast.
 */
export function pure16(workload: Workload): boolean {
  const { baseWeights, optimizer, task, stack, model } = workload;
  if (baseWeights !== undefined) return baseWeights !== 'fp32';
  if (optimizer === 'adamw-bf16') return true;
  if (!sixteen(workload)) return false;
  const fineTuning = ['hf', 'torchtune', 'llama-factory', 'axolotl', 'simpletuner', 'diffusers', 'litgpt'].includes(stack);
  return fineTuning && ['language', 'vision-language', 'diffusion'].includes(task) && (model?.paramsM ?? 0) > 1000;
}

/** Bytes per trained parameter beside weight and gradient; `width` is that of the trained weights. */
const optimizerBytes = (optimizer: Optimizer, width: number): number => ({
  adamw: 2 * width, 'adamw-bf16': 4, 'adamw-8bit': 2.1, sgd: width, adafactor: 0.5, lion: width, muon: width, other: 2 * width,
})[optimizer];

const usualRank = 16;

/** Language models mostly get adapters on every linear layer, diffusion models on attention alone. */
function adapters({ loraRank = usualRank, task }: Workload, shape: Shape): number {
  const each = task === 'diffusion' ? 8 * shape.hidden * shape.layers : paramsPerRank(shape);
  return Math.min(shape.params, loraRank * each);
}

/** Each GPU's share of what is split: weights, gradients, optimizer. */
function shares({ parallelism, tensorParallel, pipelineParallel }: Workload, gpus: number): readonly [number, number, number] {
  const model = Math.max(1, (tensorParallel ?? (parallelism === 'tensor' ? gpus : 1)) * (pipelineParallel ?? (parallelism === 'pipeline' ? gpus : 1)));
  const replicas = Math.max(1, gpus / model);
  if (parallelism === 'fsdp' || parallelism === 'zero3') return [1 / gpus, 1 / gpus, 1 / gpus];
  if (parallelism === 'zero2') return [1 / model, 1 / gpus, 1 / gpus];
  if (parallelism === 'zero1') return [1 / model, 1 / model, 1 / (model * replicas)];
  return [1 / model, 1 / model, 1 / model];
}

export function statesOf(workload: Workload, shape: Shape, gpus: number): States {
  const [ofWeights, ofGradients, ofOptimizer] = shares(workload, gpus);
  const full = workload.method === 'full';
  const width = full ? (pure16(workload) ? 2 : 4) : bytesOfBase[workload.baseWeights ?? (workload.method === 'qlora' ? 'nf4' : sixteen(workload) ? 'bf16' : 'fp32')];
  // PEFT lifts what it does not quantise to 32 bits; Unsloth leaves it.
  const beside = workload.stack === 'unsloth' || width >= 1 ? 2 : 4;
  const base = width < 2 ? (shape.params - shape.embedding) * width + shape.embedding * beside : shape.params * width;
  const trained = full ? shape.params : adapters(workload, shape);
  // Adapters are few and are kept in 32 bits.
  const trainedWidth = full ? width : 4;
  const layer = (shape.params - shape.embedding) / shape.layers;
  const twoLayers = 2 * layer * Math.min(2, width);
  if (workload.cpuOffload === true) return { weights: 0, gradients: 0, optimizer: 0, step: 0, gathered: twoLayers + shape.embedding * beside };
  return {
    weights: (base + (full ? 0 : trained * trainedWidth)) * ofWeights,
    gradients: trained * trainedWidth * ofGradients,
    optimizer: trained * optimizerBytes(workload.optimizer, trainedWidth) * ofOptimizer,
    step: trained * trainedWidth * ofGradients,
    gathered: ofWeights === 1 || workload.parallelism === 'tensor' || workload.parallelism === 'pipeline' ? 0 : twoLayers,
  };
}
