/** What is asked, the dearest first: an error here is an error of the same size in the bill. */
import type { FactName, Gap, Question } from '../facts.ts';
import type { Draft } from './draft.ts';

export function questionsOf(draft: Draft, gaps: readonly Gap[]): Question[] {
  if (gaps.some(({ code }) => ['empty', 'notTraining', 'tooLarge'].includes(code))) return [];
  const has = (name: Parameters<Draft['get']>[0]): boolean => draft.get(name) !== undefined;
  if (draft.get('work') === 'inference') return ofInference(has);
  const task = draft.get('task') ?? 'other';
  const text = task === 'language' || task === 'encoder' || task === 'vision-language';
  const bySteps = has('steps');
  const questions: (Question | false)[] = [
    !has('model') && { name: 'model', suggestions: modelsFor[task] ?? [] },
    !bySteps && !has('samples') && { name: 'samples', suggestions: [1_000, 10_000, 100_000] },
    // A cap alone says little about the mean; with packing they are the same.
    text && !has('tokensPerSample') && !(draft.get('packing') === true && has('seqLen')) && { name: 'tokensPerSample', suggestions: lengths(draft.get('seqLen')) },
    !bySteps && !has('epochs') && { name: 'epochs', suggestions: [1, 3, 10] },
    !has('microBatch') && !has('globalBatch') && { name: 'microBatch', suggestions: [1, 4, 16] },
    !text && task !== 'speech' && task !== 'other' && !has('resolution') && { name: 'resolution', suggestions: task === 'diffusion' ? [512, 768, 1024] : [224, 384, 640] },
    !has('gpus') && (has('globalBatch') || draft.get('parallelism') !== undefined && draft.get('parallelism') !== 'single') && { name: 'gpus', suggestions: [1, 2, 4, 8] },
  ];
  return questions.filter((question) => question !== false).slice(0, 3);
}

function ofInference(has: (name: FactName) => boolean): Question[] {
  const questions: (Question | false)[] = [
    !has('model') && { name: 'model', suggestions: modelsFor['language'] ?? [] },
    !has('servedWeights') && { name: 'servedWeights', suggestions: ['fp16', 'fp8', 'int4'] },
    !has('concurrency') && { name: 'concurrency', suggestions: [1, 8, 32] },
    !has('promptTokens') && { name: 'promptTokens', suggestions: [128, 512, 2_048] },
    !has('answerTokens') && { name: 'answerTokens', suggestions: [128, 256, 1_024] },
  ];
  return questions.filter((question) => question !== false).slice(0, 3);
}

const lengths = (cap: number | undefined): number[] => (cap === undefined ? [200, 500, 1_000] : [...new Set([cap / 8, cap / 4, cap / 2, cap].map((length) => Math.max(1, Math.round(length))))]);

const modelsFor: Partial<Record<string, readonly string[]>> = {
  language: ['meta-llama/Llama-3.1-8B', 'Qwen/Qwen2.5-7B', 'openai-community/gpt2'],
  encoder: ['bert-base-uncased', 'roberta-base'],
  'vision-language': ['llava-hf/llava-1.5-7b-hf'],
  diffusion: ['stabilityai/stable-diffusion-xl-base-1.0', 'black-forest-labs/FLUX.1-dev'],
  vision: ['resnet50', 'vit_base_patch16_224'],
  detection: ['yolov8n', 'yolov8m'],
  speech: ['openai/whisper-small'],
};
