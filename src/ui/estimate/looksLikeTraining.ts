/** A guess from the text alone, without a parser, whether a file trains a model or answers with one: it decides whether reading is worth while, and where an invitation stands. */
const signs: readonly RegExp[] = [
  /^[^#\n]*\b(?:\w*Trainer|Seq2SeqTrainingArguments|TrainingArguments|SFTConfig|LightningModule|Accelerator)\s*\(/m,
  /^[^#\n]*\.(?:fit|train|finetune)\s*\(/m,
  /^[^#\n]*\.backward\s*\(/m,
  /^[^#\n]*\b(?:LLM|AsyncEngineArgs)\s*\(|^[^#\n]*\bpipeline\s*\(\s*(?:task\s*=\s*)?["']text-generation/m,
  /^[^#\n]*\.generate\s*\(/m,
  /^[^#\n]*\b(?:vllm\s+serve|vllm\.entrypoints|sglang\.launch_server|text-generation-launcher|llama-server|ollama\s+run)\b/m,
  /^[^#\n]*\b(?:torchrun|accelerate\s+launch|deepspeed\s|axolotl\s+train|llamafactory-cli\s+train|tune\s+run|nnUNetv2_train)\b/m,
];
const doubtful = new Set([signs[1], signs[4]]);
/** Configurations name their hyperparameters; two of them are no coincidence. */
const settings = /^\s*["']?(?:num_(?:train_)?epochs|learning_rate|micro_batch_size|per_device_train_batch_size|train_batch_size|max_train_steps|max_steps|gradient_accumulation_steps|base_model|pretrained_model_name_or_path|lora_r(?:ank)?)["']?\s*[:=]/gm;
const longest = 400_000;

/** The line, from 1, of the first sign of training; undefined where there is none. */
export function trainingLine(text: string): number | undefined {
  const head = text.slice(0, longest);
  // `.train()` alone is also how a model is switched over, and many things generate, so that a library has to stand beside it.
  for (const sign of signs) {
    const found = sign.exec(head);
    if (found !== null && (!doubtful.has(sign) || trains(head))) return lineAt(head, found.index);
  }
  const named = [...head.matchAll(settings)];
  const [first] = named;
  return first !== undefined && named.length >= 2 ? lineAt(head, first.index + first[0].length - first[0].trimStart().length) : undefined;
}

const trains = (text: string): boolean => /\b(?:torch|transformers|trl|ultralytics|lightning|keras|fastai|unsloth|timm|diffusers|peft|sentence_transformers)\b/.test(text);
const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;
