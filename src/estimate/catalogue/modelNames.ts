/**
 * One key for all writings of a model's name. What is stripped never tells sizes apart: the organisation, the way it
 * was tuned or quantised, the length of context, the date. Everything else must match to the letter, so that a name
 * nobody has heard of is unknown rather than taken for its neighbour.
 */
const quantised = /^(?:bnb|gptq|awq|gguf|ggml|exl2|mlx|aqlm|hqq|fp16|bf16|fp32|f16|fp8|nf4|int[48]|[2348]bit|w\d+a\d+|g\d{2,3}|q\d|unsloth|dynamic|quantized|quanto)$/;
const tuned = /^(?:instruct|chat|it|pt|sft|dpo|hf|base|beta|alpha|preview|finetuned|pretrained|weights|sharded|safetensors|tf)$/;
const context = /^\d{1,3}k$/;
const date = /^(?:2[3-6](?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])[0-3]\d|20\d{6})$/;
const makers = /^(?:meta|unsloth|nvidia)$/;
const size = /^\d+(?:\.\d+)?[bm]$/;

/** The last part of a path or hub name without what follows a revision mark or a file's ending, in small letters. */
export function bareName(written: string): string {
  const hubFolder = /models--([^/\\]+)/.exec(written)?.[1]?.replaceAll('--', '/');
  // What stands in brackets is said beside the name: `ResNet-50 (MLPerf)`.
  const parts = (hubFolder ?? written).replaceAll(/\([^()]*\)/g, ' ').trim().toLowerCase().split(/[@#]|:(?![\\/])/)[0]?.split(/[/\\]/).map((part) => part.trim()).filter((part) => part !== '') ?? [];
  const last = parts.at(-1) ?? '';
  // `ViT-B/32` is one name.
  const whole = /^\d{1,2}$/.test(last) && parts.length > 1 ? `${parts.at(-2) ?? ''}-${last}` : last;
  return whole.replace(/^(?:torchvision\.models\.(?:\w+\.)*|timm\.(?:models\.)?|models\.)/, '').replace(/\.[a-z][\w.-]*$/, '');
}

/** Keys to look up in turn: as written, then without the way it was tuned, then without version and date. */
export function modelKeys(written: string): readonly string[] {
  const parts = bareName(written).split(/[-_\s]+/).filter((part) => part !== '');
  const plain = joinedMarks(parts).filter((part, at) => !quantised.test(part) && !(at === 0 && makers.test(part)));
  const sized = plain.some((part) => size.test(part));
  const untuned = plain.filter((part) => !context.test(part) && !(tuned.test(part) && (part !== 'base' || sized)));
  const undated = untuned.filter((part, at) => at === 0 || !date.test(part));
  const unversioned = undated.filter((part, at) => at === 0 || at < undated.length - 1 || !/^v\d(?:\.\d+)?$/.test(part));
  return [...new Set([parts, plain, untuned, undated, unversioned].map(keyOf))].filter((key) => key !== '');
}

/** `4-bit` and `fp-16` are one mark each. */
function joinedMarks(parts: readonly string[]): readonly string[] {
  return parts.join('-').replaceAll(/\b([2348])-bits?\b/g, '$1bit').replaceAll(/\b(fp|bf|int)-(\d+)\b/g, '$1$2').split('-');
}

/** `llama3_1_8b`, `Llama-3.1-8B` and `llama-3.1 8b` share a key; `llama-31-8b` does not. */
const keyOf = (parts: readonly string[]): string => (parts.join('-').match(/\d+[bmk](?![a-z])|\d+|[a-z]+/g) ?? []).join('-');

export const tableKey = (name: string): string => keyOf(bareName(name).split(/[-_\s]+/));
