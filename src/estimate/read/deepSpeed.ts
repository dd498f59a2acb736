/** A DeepSpeed configuration, as a file beside the script or a dictionary in it. */
import type { ConfigNode } from '../../domain/source.ts';
import { fileNamed } from './files.ts';
import { fromConfig } from './python/program.ts';
import { numberOf, scalarOf, stringOf, type Value } from './python/value.ts';
import { put, putNumber, putOptimizer, type Reader } from './reader.ts';
import { isTrue } from './table.ts';

export function readDeepSpeed(reader: Reader, value: Value): void {
  if (value.kind === 'dict') return fromDictionary(reader, value);
  const path = stringOf(value);
  if (path === undefined) return;
  const file = fileNamed(reader.files, path);
  if (file) {
    const root: ConfigNode | undefined = reader.parsers.json(file.text);
    const config = root && fromConfig(root, file.path);
    if (config?.kind === 'dict') fromDictionary(reader, config);
    return;
  }
  // The name of such a file mostly says the stage.
  const [, stage] = /zero_?-?(?:stage_?-?)?([123])/i.exec(path) ?? [];
  if (stage !== undefined) put(reader, 'parallelism', `zero${stage}` as 'zero1' | 'zero2' | 'zero3', { ...value.at, certainty: 'assumed' });
  if (!reader.gaps.some(({ detail }) => detail === path)) reader.gaps.push({ code: 'missingFile', file: value.at.file, line: value.at.line, detail: path.slice(0, 200) });
}

function fromDictionary(reader: Reader, { entries }: Extract<Value, { kind: 'dict' }>): void {
  const zero = entries.get('zero_optimization');
  const stage = zero?.kind === 'dict' ? zero.entries.get('stage') : undefined;
  const level = numberOf(stage);
  if (stage && (level === 1 || level === 2 || level === 3)) put(reader, 'parallelism', `zero${level}`, stage.at);
  for (const [key, precision] of [['fp16', 'fp16'], ['bf16', 'bf16']] as const) {
    const section = entries.get(key);
    const enabled = section?.kind === 'dict' ? section.entries.get('enabled') : undefined;
    // "auto" takes what the trainer says.
    if (enabled && scalarOf(enabled) !== 'auto' && isTrue(enabled)) put(reader, 'precision', precision, enabled.at);
  }
  putNumber(reader, 'microBatch', entries.get('train_micro_batch_size_per_gpu'));
  putNumber(reader, 'globalBatch', entries.get('train_batch_size'));
  putNumber(reader, 'accumulation', entries.get('gradient_accumulation_steps'));
  const optimizer = entries.get('optimizer');
  if (optimizer?.kind === 'dict') putOptimizer(reader, optimizer.entries.get('type'));
}
