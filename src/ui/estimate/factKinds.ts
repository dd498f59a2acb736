/** How each fact is typed in and what can be true of it. A fact that is missing here does not compile. */
import type { Fact, FactName } from '../../estimate/facts.ts';
import type { BaseWeights, Engine, Method, Optimizer, Parallelism, Precision, ServedWeights, Stack, Task, Work } from '../../estimate/workload.ts';

export type FactKind =
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly whole: boolean }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'switch' }
  | { readonly kind: 'text' };

const count = (most: number, least = 1): FactKind => ({ kind: 'number', least, most, whole: true });
const amount = (most: number): FactKind => ({ kind: 'number', least: 0, most, whole: false });
/** Every member of the union, or it does not compile: the record names each. */
const oneOf = <T extends string>(members: Readonly<Record<T, true>>): FactKind => ({ kind: 'choice', values: Object.keys(members) });
const onOff: FactKind = { kind: 'switch' };
const text: FactKind = { kind: 'text' };

/** In the order in which people think of them; the panel keeps it. */
export const factKinds: Readonly<Record<FactName, FactKind>> = {
  work: oneOf<Work>({ training: true, inference: true }),
  model: text,
  method: oneOf<Method>({ full: true, lora: true, qlora: true }),
  loraRank: count(8192),
  dataset: text,
  samples: count(1e13),
  epochs: amount(1e6),
  steps: count(1e10),
  seqLen: count(1e8),
  tokensPerSample: amount(1e8),
  resolution: amount(1e6),
  frames: count(1e6),
  microBatch: count(1e6),
  accumulation: count(1e6),
  globalBatch: count(1e8),
  gpus: count(1e5),
  parallelism: oneOf<Parallelism>({ single: true, ddp: true, fsdp: true, zero1: true, zero2: true, zero3: true, tensor: true, pipeline: true }),
  tensorParallel: count(1e4),
  pipelineParallel: count(1e4),
  precision: oneOf<Precision>({ fp32: true, tf32: true, fp16: true, bf16: true, fp8: true }),
  baseWeights: oneOf<BaseWeights>({ fp32: true, fp16: true, bf16: true, int8: true, nf4: true, fp8: true }),
  optimizer: oneOf<Optimizer>({ adamw: true, 'adamw-bf16': true, 'adamw-8bit': true, sgd: true, adafactor: true, lion: true, muon: true, other: true }),
  checkpointing: onOff,
  cpuOffload: onOff,
  packing: onOff,
  compile: onOff,
  flashAttention: onOff,
  evalPasses: count(1e12, 0),
  checkpointEvery: count(1e10),
  stack: oneOf<Stack>({
    hf: true, unsloth: true, torchtune: true, axolotl: true, 'llama-factory': true, litgpt: true, 'llm-foundry': true, nanogpt: true, megatron: true,
    nemo: true, lightning: true, diffusers: true, kohya: true, 'ai-toolkit': true, simpletuner: true, timm: true, ultralytics: true, mmdetection: true,
    detectron2: true, nnunet: true, pytorch: true, other: true,
  }),
  task: oneOf<Task>({ language: true, encoder: true, 'vision-language': true, diffusion: true, vision: true, detection: true, medical: true, speech: true, other: true }),
  engine: oneOf<Engine>({ vllm: true, sglang: true, tgi: true, transformers: true, 'llama.cpp': true, ollama: true, 'text-generation-webui': true }),
  servedWeights: oneOf<ServedWeights>({ fp32: true, fp16: true, fp8: true, int8: true, int4: true, q8: true, q4: true }),
  concurrency: count(1e5),
  promptTokens: count(1e7),
  answerTokens: count(1e7),
  contextTokens: count(1e8),
};

/** What is said of inference alone, and what of both; the rest is about training. */
const ofInference: readonly FactName[] = ['engine', 'servedWeights', 'concurrency', 'promptTokens', 'answerTokens', 'contextTokens'];
const ofBoth: readonly FactName[] = ['work', 'model', 'gpus'];

/** The facts that matter for this kind of work. */
export const isAbout = (work: Work, name: FactName): boolean => ofBoth.includes(name) || ofInference.includes(name) === (work === 'inference');

export const factNames = Object.keys(factKinds) as readonly FactName[];
export const isFactName = (name: string): name is FactName => Object.hasOwn(factKinds, name);

/** What was typed as a value, or undefined where it cannot be one. */
export function parseFact(name: FactName, typed: string | boolean): Fact['value'] | undefined {
  const kind = factKinds[name];
  switch (kind.kind) {
    case 'switch':
      return typeof typed === 'boolean' ? typed : typed === 'true' ? true : typed === 'false' ? false : undefined;
    case 'choice':
      return kind.values.find((value) => value === typed);
    case 'text':
      return typeof typed === 'string' && typed.trim() !== '' ? typed.trim().slice(0, 300) : undefined;
    case 'number': {
      const value = typeof typed === 'string' && typed.trim() !== '' ? Number(typed) : NaN;
      const possible = value >= kind.least && value <= kind.most && (kind.whole ? Number.isInteger(value) : value > 0);
      return possible ? value : undefined;
    }
  }
}
