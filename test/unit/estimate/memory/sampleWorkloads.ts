import * as fc from 'fast-check';
import { findGpu, knownGpus } from '../../../../src/estimate/catalogue/gpus.ts';
import type { Machine } from '../../../../src/estimate/machine.ts';
import type { Model, Workload } from '../../../../src/estimate/workload.ts';

export const llama8b: Model = {
  name: 'meta-llama/Meta-Llama-3-8B', paramsM: 8030, layers: 32, hidden: 4096, ffn: 14336, gated: true, heads: 32, kvHeads: 8, vocab: 128256, tiedEmbeddings: false,
};
export const llama3b: Model = {
  name: 'meta-llama/Llama-3.2-3B', paramsM: 3213, layers: 28, hidden: 3072, ffn: 8192, gated: true, heads: 24, kvHeads: 8, vocab: 128256, tiedEmbeddings: true,
};
export const resnet50: Model = { name: 'resnet50', paramsM: 25.6, gmacs: 4.11, mActs: 11.11, resolution: 224 };

const language: Workload = {
  task: 'language', stack: 'hf', model: llama8b, method: 'full', precision: 'bf16', optimizer: 'adamw', parallelism: 'single',
  microBatch: 1, seqLen: 2048, packing: true, checkpointing: true, compile: false, flashAttention: true,
};

export const languageRun = (change: Partial<Workload> = {}): Workload => ({ ...language, ...change });

export const visionRun = (change: Partial<Workload> = {}): Workload => ({
  task: 'vision', stack: 'timm', model: resnet50, method: 'full', precision: 'fp16', optimizer: 'sgd', parallelism: 'single',
  microBatch: 128, resolution: 224, packing: false, checkpointing: false, compile: false, flashAttention: true, ...change,
});

export const diffusionRun = (change: Partial<Workload> = {}): Workload => ({
  task: 'diffusion', stack: 'simpletuner', model: { name: 'stabilityai/stable-diffusion-xl-base-1.0', paramsM: 2567.5, resolution: 1024 }, method: 'lora', loraRank: 16,
  precision: 'bf16', optimizer: 'adamw', parallelism: 'single', microBatch: 1, resolution: 1024, packing: false, checkpointing: true, compile: false, flashAttention: true, ...change,
});

export function machineOf(name: string, count = 1, vramGb?: number): Machine {
  const gpu = findGpu(name, vramGb);
  if (gpu === undefined) throw new Error(`no ${name}`);
  return { gpu, count };
}

export const anyMachine: fc.Arbitrary<Machine> = fc.record({ gpu: fc.constantFrom(...knownGpus), count: fc.constantFrom(1, 2, 4, 8) });

/** Workloads of every task that has memory, with models that say little and much of themselves. */
export const anyWorkload: fc.Arbitrary<Workload> = fc.record({
  task: fc.constantFrom('language', 'encoder', 'vision-language', 'diffusion', 'vision', 'detection', 'medical', 'speech', 'other'),
  stack: fc.constantFrom('hf', 'unsloth', 'torchtune', 'pytorch', 'timm', 'simpletuner', 'other'),
  model: fc.oneof(
    fc.constantFrom(llama8b, llama3b, resnet50),
    fc.record({ name: fc.constantFrom('unknown', 'SDXL 1.0', 'Qwen-Image'), paramsM: fc.double({ min: 1, max: 200_000, noNaN: true }) }),
  ),
  method: fc.constantFrom('full', 'lora', 'qlora'),
  loraRank: fc.constantFrom(8, 16, 128),
  precision: fc.constantFrom('fp32', 'tf32', 'fp16', 'bf16'),
  optimizer: fc.constantFrom('adamw', 'adamw-bf16', 'adamw-8bit', 'sgd', 'adafactor', 'lion', 'muon', 'other'),
  parallelism: fc.constantFrom('single', 'ddp', 'fsdp', 'zero1', 'zero2', 'zero3', 'tensor', 'pipeline'),
  microBatch: fc.constantFrom(1, 2, 3, 8, 32, 160),
  seqLen: fc.constantFrom(128, 1024, 8192),
  resolution: fc.constantFrom(224, 512, 1024),
  packing: fc.boolean(),
  checkpointing: fc.boolean(),
  compile: fc.boolean(),
  flashAttention: fc.boolean(),
});
