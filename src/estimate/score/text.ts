import type { BaseWeights, Method, Optimizer, Parallelism, Precision, Stack, Task } from '../workload.ts';

/** How published tables word what a workload is made of. Patterns are general; no row is known by its name. */

/** The first number of a text, as tables write it: `1,024`, `max 768 (mean 210)`, `<1024`. */
export function firstNumber(text: string | undefined): number | undefined {
  const match = /-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?|-?\.\d+/i.exec(text ?? '');
  const value = match === null ? NaN : Number(match[0].replaceAll(',', ''));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** A cell that should hold nothing but a number. */
export function wholeNumber(text: string | undefined): number | undefined {
  const value = /^[\d.,e+-]+$/i.test(text ?? '') ? Number((text ?? '').replaceAll(',', '')) : NaN;
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/**
 * The repository or page, without file, commit and anchor: what is left out together. `owner/name:path@commit`
 * and `https://github.com/owner/name/issues/14` of one repository are one source.
 */
export function sourceOf(text: string): string {
  const repository = /^(?:https?:\/\/(?:www\.)?(?:github\.com|huggingface\.co)\/)?([\w.-]+\/[\w.-]+?)(?:[:/@#?\s]|$)/.exec(text.trim());
  if (repository?.[1] !== undefined) return repository[1].toLowerCase();
  const page = /https?:\/\/[^\s)#?]+/.exec(text);
  return (page?.[0] ?? text.trim()).toLowerCase();
}

/** The file or page of a source, whatever commit it was read at. */
export const documentOf = (text: string): string => text.trim().replace(/@[^/@]*$/, '').toLowerCase();

const stacks: readonly (readonly [RegExp, Stack])[] = [
  [/diffusers|image-gen/i, 'diffusers'],
  [/\(unsloth\)|\bunsloth (?:open|pro|max|equal|\d)|^unsloth/i, 'unsloth'],
  [/\bhf\b|\bhf\+|hugging ?face (?:trainer|transformers)|huggingface\/(?:peft|transformers|trl)|ms-swift|fsdp_qlora/i, 'hf'],
  [/llama-?factory/i, 'llama-factory'],
  [/torchtune|torchtitan/i, 'torchtune'],
  [/axolotl/i, 'axolotl'],
  [/litgpt|lit-gpt|tinyllama/i, 'litgpt'],
  [/llm-foundry|composer|mosaicml/i, 'llm-foundry'],
  [/nanogpt|nanochat|llm\.c\b/i, 'nanogpt'],
  [/\bnemo\b|megatron-bridge|mlperf|mlcommons/i, 'nemo'],
  [/megatron|deepspeed|vtrain|bigscience|metaseq/i, 'megatron'],
  [/simpletuner/i, 'simpletuner'],
  [/kohya|sd-scripts/i, 'kohya'],
  [/ai-toolkit/i, 'ai-toolkit'],
  [/\btimm\b|pytorch-image-models/i, 'timm'],
  [/ultralytics|yolov?\d/i, 'ultralytics'],
  [/mmdet/i, 'mmdetection'],
  [/detectron/i, 'detectron2'],
  [/nn-?unet/i, 'nnunet'],
  [/lightning/i, 'lightning'],
];

/** From what a person says about a run first, its source after that. */
export function stackOf(said: string, source: string): Stack {
  const find = (text: string): Stack | undefined => stacks.find(([pattern]) => pattern.test(text))?.[1];
  return find(said) ?? find(source) ?? (/huggingface|transformers/i.test(source) ? 'hf' : 'pytorch');
}

const tasks: readonly (readonly [RegExp, Task])[] = [
  [/vlm|vision.language|multimodal/i, 'vision-language'],
  [/speech|audio|tts|asr|whisper|wav2vec|tacotron|waveglow|rnn-?t/i, 'speech'],
  [/nn-?unet|medical|unet3d|brats|vista3d|monai/i, 'medical'],
  [/diffusion|dreambooth|sdxl|flux|lora training/i, 'diffusion'],
  [/detect|mask ?r-?cnn|maskrcnn|faster ?r-?cnn|retinanet|\bssd|yolo|instance seg|coco/i, 'detection'],
  [/bert|roberta|deberta|electra|squad|embedding|nlp_train|t5/i, 'encoder'],
  [/vision|classification|imagenet|resnet|\bvit|image/i, 'vision'],
  [/llm|llama|gpt|pretrain|\bsft|finetune|\blm\b|decode|prefill|opt-|token|megatron/i, 'language'],
];

/** The model says more than the category: a table of MLPerf holds them all. */
export function taskOf(category: string, task: string, model: string): Task {
  if (/^llm|megatron/i.test(category)) return 'language';
  for (const text of [`${category === 'mlperf' ? '' : category} ${task}`, model]) {
    const found = tasks.find(([pattern]) => pattern.test(text));
    if (found && !(found[1] === 'language' && /bert/i.test(model))) return found[1];
  }
  return /bert/i.test(model) ? 'encoder' : 'other';
}

export function methodOf(text: string, precision: string): Method {
  if (/qlora|4-?bit|nf4/i.test(text)) return 'qlora';
  if (!/lora|lokr|loha|dora|ia3|prefix|prompt|p_tuning|boft|\boft|vera|adapter|c3a|bone|miss|hra|fourierft|layernorm|trainable tokens|shira/i.test(text)) return 'full';
  return /nf4|4-?bit|int4|int8 \(gptq\)|int8 \(bnb\)/i.test(precision) ? 'qlora' : 'lora';
}

export function precisionOf(text: string): Precision {
  // `fp8-torchao` and its like store the frozen weights so; the arithmetic stays in 16 bits.
  if (/fp8/i.test(text) && !/fp8-|fp8 head/i.test(text)) return 'fp8';
  if (/bf16|bfloat/i.test(text)) return 'bf16';
  if (/fp16|\bf16|half/i.test(text)) return 'fp16';
  if (/tf32/i.test(text)) return 'tf32';
  return /fp32|float32|\bf32/i.test(text) ? 'fp32' : 'bf16';
}

export function baseWeightsOf(text: string): BaseWeights | undefined {
  if (/nf4|4-?bit|int4|\bq4/i.test(text)) return 'nf4';
  if (/int8|8-?bit|\bq8/i.test(text)) return 'int8';
  return /fp8-/i.test(text) ? 'fp8' : undefined;
}

export function optimizerOf(notes: string, task: Task): Optimizer {
  if (/(?:8.?bit|paged)[^;,]*adam|adam\w*8.?bit|adamw_8bit/i.test(notes)) return 'adamw-8bit';
  if (/adafactor/i.test(notes)) return 'adafactor';
  if (/\bmuon/i.test(notes)) return 'muon';
  if (/\blion\b/i.test(notes)) return 'lion';
  return task === 'vision' || task === 'detection' || task === 'medical' ? 'sgd' : 'adamw';
}

export interface Degrees {
  readonly parallelism: Parallelism;
  readonly tensor: number;
  readonly pipeline: number;
}

export function parallelismOf(text: string, gpus: number): Degrees {
  const degree = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 1) || 1;
  const tensor = degree(/\bTP ?=?(\d+)/i);
  const pipeline = /device_map|\bMP\b|layer split/i.test(text) ? gpus : degree(/\bPP ?=?(\d+)/i);
  const zero = /zero-?([123])/i.exec(text)?.[1];
  const parallelism: Parallelism = gpus <= 1 ? 'single'
    : pipeline > 1 ? 'pipeline'
    : tensor > 1 ? 'tensor'
    : /fsdp|full_shard|fully/i.test(text) ? 'fsdp'
    : zero === '3' ? 'zero3' : zero === '2' ? 'zero2' : zero === '1' ? 'zero1' : 'ddp';
  return { parallelism, tensor, pipeline };
}
