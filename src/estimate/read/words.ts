/** The many words that frameworks have for the same few things. */
import type { BaseWeights, Optimizer, Precision } from '../workload.ts';
import { callOf, lastPart, nameOf, scalarOf, type Value } from './python/value.ts';

export function precisionWord(word: string): Precision | undefined {
  const plain = lastPart(word.toLowerCase()).replaceAll(/[\s_]/g, '-');
  if (/bf16|bfloat16/.test(plain)) return 'bf16';
  if (/fp8|float8/.test(plain)) return 'fp8';
  if (/^(fp16|float16|half|16|16-mixed|16-true|amp-fp16|amp|f16)$/.test(plain)) return 'fp16';
  if (/^(no|fp32|float32|float|32|32-true|none)$/.test(plain)) return 'fp32';
  return undefined;
}

export function precisionOf(value: Value | undefined): Precision | undefined {
  const held = scalarOf(value);
  const word = nameOf(value) ?? (typeof held === 'string' || typeof held === 'number' ? String(held) : undefined);
  return word === undefined ? undefined : precisionWord(word);
}

export function optimizerWord(word: string): Optimizer | undefined {
  const plain = lastPart(word).toLowerCase().replaceAll(/[^a-z\d]/g, '');
  if (/^(paged)?(adamw?)(bnb)?8bit$|^adamw?8bit$|^pagedadamw?8bit$/.test(plain) || plain === 'adamwbnb8bit') return 'adamw-8bit';
  if (plain === 'adamwbf16') return 'adamw-bf16';
  if (/adafactor/.test(plain)) return 'adafactor';
  if (/^(paged)?lion/.test(plain)) return 'lion';
  if (/muon/.test(plain)) return 'muon';
  if (/adamw?|adam/.test(plain)) return 'adamw';
  if (/^(nesterov)?sgd/.test(plain) || plain === 'momentum') return 'sgd';
  if (/^(rmsprop|lamb|lars|adagrad|adadelta|prodigy|sophia|shampoo|soap|galore\w*|lbfgs|radam|nadam|rprop|dadapt\w*|lomo|adalomo)$/.test(plain)) return 'other';
  return undefined;
}

export function optimizerOf(value: Value | undefined): Optimizer | undefined {
  const held = scalarOf(value);
  const word = nameOf(value) ?? callOf(value)?.callee ?? (typeof held === 'string' ? held : undefined);
  return word === undefined ? undefined : optimizerWord(word);
}

export const weightsOf = (precision: Precision | undefined): BaseWeights | undefined => (precision === 'tf32' ? 'fp32' : precision);
