import type { Machine } from '../machine.ts';
import type { BaseWeights, Workload } from '../workload.ts';
import type { Shape } from './shape.ts';

/** Bytes per second in one direction of what data-sheet PCIe 4.0 ×16 really moves; hosts for rent often have less. */
const usualPcie = 12e9;
/** Between machines, per GPU: eight cards share their network cards. */
const network = 25e9;

export const weightBytes: Readonly<Record<BaseWeights, number>> = { fp32: 4, fp16: 2, bf16: 2, int8: 1.06, nf4: 0.56, fp8: 1 };

/** How the GPUs of a job divide the work. */
export interface Split {
  readonly gpus: number;
  readonly tensor: number;
  readonly pipeline: number;
  readonly replicas: number;
}

export function splitOf(workload: Workload, gpus: number): Split {
  const all = Math.max(1, gpus);
  const tensor = Math.min(all, workload.tensorParallel ?? (workload.parallelism === 'tensor' ? all : 1));
  const pipeline = Math.min(all / tensor, workload.pipelineParallel ?? (workload.parallelism === 'pipeline' ? all / tensor : 1));
  return { gpus: all, tensor, pipeline, replicas: Math.max(1, all / (tensor * pipeline)) };
}

export interface Traffic {
  /** Seconds per token and GPU on links, as if nothing overlapped. */
  readonly data: number;
  readonly tensor: number;
}

/**
 * Ring collectives: an all-reduce moves twice the bytes, a gather or a scatter once, each (n−1)/n of them.
 * `stepTokens` are tokens per GPU and optimizer step, `passTokens` per GPU and forward pass.
 */
export function trafficOf(workload: Workload, shape: Shape, machine: Machine, split: Split, passTokens: number, stepTokens: number): Traffic {
  if (split.gpus === 1) return { data: 0, tensor: 0 };
  const inside = machine.gpu.nvlinkGbPerS !== undefined ? machine.gpu.nvlinkGbPerS * 1e9 : (machine.pcieGbPerS ?? usualPcie / 1e9) * 1e9;
  const link = split.gpus > 8 ? Math.min(inside, network) : inside;
  const trained = workload.method === 'full' ? 1 : 0.01;
  const stored = workload.method === 'full' ? 2 : weightBytes[workload.baseWeights ?? 'bf16'];
  const shard = shape.total / (split.tensor * split.pipeline);
  const part = (split.replicas - 1) / split.replicas;
  const sharded = workload.parallelism === 'fsdp' || workload.parallelism === 'zero3';
  const data = sharded
    ? part * shape.total * (2 * stored + 2 * trained) / (split.gpus > 8 ? link * 8 : link) / passTokens
    : 2 * part * shard * trained * (workload.precision === 'fp32' ? 4 : 2) / link / stepTokens;
  const perToken = (workload.checkpointing ? 12 : 8) * shape.hidden * shape.layers * (split.tensor - 1) / split.tensor;
  return { data, tensor: perToken / inside * split.tensor };
}
