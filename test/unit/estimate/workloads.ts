import type { Model, Workload } from '../../../src/estimate/workload.ts';

export const llama8b: Model = {
  name: 'meta-llama/Llama-3.1-8B', paramsM: 8030, layers: 32, hidden: 4096, ffn: 14336, gated: true, heads: 32, kvHeads: 8, vocab: 128256,
};

/** An ordinary LoRA fine-tune, for tests that care about one or two of its properties. */
export function workload(change: Partial<Workload> = {}): Workload {
  return {
    task: 'language', stack: 'hf', method: 'lora', precision: 'bf16', optimizer: 'adamw', parallelism: 'single',
    packing: false, checkpointing: false, compile: false, flashAttention: true, model: llama8b, loraRank: 16,
    microBatch: 4, accumulation: 8, steps: 100, seqLen: 2048, tokensPerSample: 400, ...change,
  };
}

type Optional = { [Name in keyof Workload]-?: undefined extends Workload[Name] ? Name : never }[keyof Workload];

/** The same without some of its properties. */
export function without(from: Workload, ...names: Optional[]): Workload {
  const copy: { -readonly [Name in keyof Workload]: Workload[Name] } = { ...from };
  for (const name of names) delete copy[name];
  return copy;
}
