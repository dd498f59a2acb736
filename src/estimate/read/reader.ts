/** What all families put their findings into: values are checked here once, and what cannot be is refused. */
import type { Parsers, SourceFile } from '../../domain/source.ts';
import { findDataset } from '../catalogue/datasets.ts';
import { modelNamed, taskOfModel } from '../catalogue/models.ts';
import type { FactName, Gap } from '../facts.ts';
import type { Model, Workload } from '../workload.ts';
import type { Draft } from './draft.ts';
import type { Command } from './launch/command.ts';
import { type Place, placeOfFact, scalarOf, stringOf, type Value } from './python/value.ts';
import { optimizerOf, precisionOf } from './words.ts';

export interface Reader {
  readonly draft: Draft;
  readonly files: readonly SourceFile[];
  readonly parsers: Parsers;
  readonly gaps: Gap[];
  /** The command that starts the script, where one was found. */
  readonly command: Command | undefined;
  anchor?: { readonly file: string; readonly line: number };
}

type NumberName = 'loraRank' | 'gpus' | 'microBatch' | 'accumulation' | 'globalBatch' | 'steps' | 'epochs' | 'samples' | 'seqLen'
  | 'tokensPerSample' | 'resolution' | 'frames' | 'evalPasses' | 'checkpointEvery' | 'concurrency' | 'promptTokens' | 'answerTokens' | 'contextTokens';
type BooleanName = 'packing' | 'checkpointing' | 'compile' | 'flashAttention';

/** Where zero or less is how frameworks say «not this one», «all», or «automatic». */
const sentinels = new Set<FactName>(['steps', 'epochs', 'gpus', 'samples', 'seqLen', 'checkpointEvery', 'accumulation', 'loraRank', 'answerTokens', 'contextTokens']);
/** No run has more of anything; what is above is a mistake or an overflow. */
const most: Partial<Record<NumberName, number>> = {
  samples: 1e13, steps: 1e10, epochs: 1e7, globalBatch: 1e7, microBatch: 1e6, gpus: 100_000, accumulation: 1e6, seqLen: 1e8, tokensPerSample: 1e8,
  resolution: 100_000, loraRank: 65_536, frames: 1e6, concurrency: 1e5, promptTokens: 1e7, answerTokens: 1e7, contextTokens: 1e8,
};

/** True when the value is a possible one and nothing stronger was there. */
export function putNumber(reader: Reader, name: NumberName, value: Value | undefined, note?: string): boolean {
  const held = scalarOf(value);
  const number = typeof held === 'string' && /^\d+(\.\d+)?$/.test(held.trim()) ? Number(held) : held;
  if (value === undefined || typeof number !== 'number') return false;
  const whole = name === 'epochs' || Number.isInteger(number);
  if (number <= 0 && number >= -1 && sentinels.has(name)) return false;
  if (!Number.isFinite(number) || number <= 0 || !whole || number > (most[name] ?? 1e12)) {
    refuse(reader, value.at, `${name}: ${number}`);
    return false;
  }
  return reader.draft.set(name, number, placeOfFact(note === undefined ? value.at : { ...value.at, note }));
}

export function refuse(reader: Reader, at: Place, detail: string): void {
  if (!reader.gaps.some(({ code, line }) => code === 'impossibleValue' && line === at.line)) {
    reader.gaps.push({ code: 'impossibleValue', file: at.file, line: at.line, detail: detail.slice(0, 100) });
  }
}

export function putBoolean(reader: Reader, name: BooleanName, value: Value | undefined): void {
  const held = scalarOf(value);
  if (value === undefined || held === undefined || held === null) return;
  // Unsloth says 'unsloth' where others say true.
  const meant = typeof held === 'string' ? !/^(false|no|none|off|0|)$/i.test(held) : Boolean(held);
  reader.draft.set(name, meant, placeOfFact(value.at));
}

export function put<N extends 'task' | 'work' | 'engine' | 'servedWeights' | 'stack' | 'method' | 'parallelism' | 'precision' | 'optimizer' | 'baseWeights' | 'dataset'>(
  reader: Reader, name: N, value: NonNullable<Workload[N]>, at: Place,
): void {
  reader.draft.set(name, value, placeOfFact(at));
}

/** What a framework does when nobody says anything. */
export function putDefault<N extends FactName>(reader: Reader, name: N, value: NonNullable<Workload[N]>, note?: string): void {
  // Defaults may be computed from what a script says, and overflow with it.
  if (typeof value === 'number' && !(Number.isFinite(value) && value > 0)) return;
  if (reader.draft.fact(name) === undefined) reader.draft.set(name, value, { source: 'default', certainty: 'stated', ...(note === undefined ? {} : { note }) });
}

export function putPrecision(reader: Reader, value: Value | undefined): void {
  const precision = precisionOf(value);
  if (value && precision) put(reader, 'precision', precision, value.at);
}

export function putOptimizer(reader: Reader, value: Value | undefined): void {
  const optimizer = optimizerOf(value);
  if (value && optimizer) put(reader, 'optimizer', optimizer, value.at);
}

/** True when the table knows the model. A name that it does not know is a gap, and takes back a weaker one. */
export function putModel(reader: Reader, value: Value | undefined): boolean {
  const name = stringOf(value);
  if (value === undefined || name === undefined || name === '') return false;
  const model = modelNamed(name);
  if (model === undefined) {
    if (!reader.gaps.some(({ code, detail }) => code === 'unknownModel' && detail === name)) {
      reader.gaps.push({ code: 'unknownModel', file: value.at.file, line: value.at.line, detail: name.slice(0, 200) });
    }
    return false;
  }
  if (reader.draft.set('model', model, placeOfFact(value.at))) {
    const task = taskOfModel(name);
    if (task) putDefault(reader, 'task', task);
  }
  return true;
}

export function putBuiltModel(reader: Reader, model: Model, at: Place): void {
  reader.draft.set('model', model, placeOfFact({ ...at, certainty: 'derived' }));
}

/** `share` is the part of the split that a script takes for training. */
export function putDataset(reader: Reader, value: Value | undefined, at: { readonly subset?: string; readonly split?: string } = {}, share = 1): void {
  const name = stringOf(value);
  if (value === undefined || name === undefined || name === '' || /^(json|csv|text|parquet|imagefolder|audiofolder|arrow|webdataset)$/.test(name)) return;
  if (!reader.draft.set('dataset', name, placeOfFact(value.at))) return;
  const known = findDataset(name, at);
  if (known === undefined) return;
  const from = { source: 'table', certainty: share === 1 ? 'stated' : 'derived', note: share === 1 ? known.name : `${known.samples} × ${share}` } as const;
  reader.draft.set('samples', Math.max(1, Math.round(known.samples * share)), from);
  if (known.tokensPerSample !== undefined) reader.draft.set('tokensPerSample', known.tokensPerSample, { source: 'table', certainty: 'assumed' });
}

export const anchorAt = (reader: Reader, file: string, line: number): void => {
  reader.anchor ??= { file, line };
};
