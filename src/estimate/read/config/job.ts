/** What readers of config files tell the draft, each value checked once and put with its place. */
import type { Parsers, SourceFile } from '../../../domain/source.ts';
import { findDataset } from '../../catalogue/datasets.ts';
import { modelNamed, taskOfModel } from '../../catalogue/models.ts';
import type { Certainty, Fact, FactName, Gap } from '../../facts.ts';
import type { Workload } from '../../workload.ts';
import type { Draft } from '../draft.ts';
import { optimizerWord, precisionWord } from '../words.ts';
import { flagOf, type Node, numberOf, textOf } from './node.ts';

export interface ConfigJob {
  readonly root: Node;
  readonly file: SourceFile;
  readonly files: readonly SourceFile[];
  readonly draft: Draft;
  readonly parsers: Parsers;
  readonly gaps: Gap[];
}

const mostGaps = 50;

/** Each gap once, and no more than a person can look through: a file may be nothing but mistakes. */
export function tellGap({ gaps }: Pick<ConfigJob, 'gaps'>, code: Gap['code'], node: Node, detail: string): void {
  const known = gaps.some((gap) => gap.code === code && gap.file === node.file && gap.line === node.line && gap.detail === detail);
  if (!known && gaps.length < mostGaps) gaps.push({ code, file: node.file, line: node.line, detail: detail.slice(0, 200) });
}

export interface ConfigFamily {
  recognises(job: ConfigJob): boolean;
  read(job: ConfigJob): void;
}

type More = { readonly certainty?: Certainty; readonly note?: string };

export const placeOf = (node: Node, more: More = {}): Omit<Fact, 'name' | 'value'> =>
  ({ source: 'config', certainty: 'stated', file: node.file, line: node.line, ...more });

/** False for a number that cannot be, and where a stronger fact is there already. */
export function tell<N extends FactName>(job: ConfigJob, name: N, value: NonNullable<Workload[N]> | undefined, node: Node | undefined, more: More = {}): boolean {
  if (value === undefined || node === undefined || (typeof value === 'number' && !possible(name, value))) return false;
  return job.draft.set(name, value, placeOf(node, more));
}

/** What the framework does when it is told nothing. */
export function tellDefault<N extends FactName>(job: ConfigJob, name: N, value: NonNullable<Workload[N]>, note?: string, certainty: Certainty = 'stated'): void {
  if (job.draft.fact(name) === undefined) job.draft.set(name, value, { source: 'default', certainty, ...(note === undefined ? {} : { note }) });
}

export type Count = 'loraRank' | 'gpus' | 'microBatch' | 'accumulation' | 'globalBatch' | 'steps' | 'samples' | 'seqLen' | 'tokensPerSample' | 'resolution' | 'frames' | 'evalPasses' | 'checkpointEvery' | 'epochs';
/** No run has more of anything; what is above is a slip. */
const most: Partial<Record<FactName, number>> = { gpus: 100_000, microBatch: 1e6, accumulation: 1e6, globalBatch: 1e8, epochs: 1e7, loraRank: 65_536, resolution: 1e5, frames: 1e6, seqLen: 1e8 };

const possible = (name: FactName, number: number): boolean =>
  number > 0 && number <= (most[name] ?? 1e13) && (name === 'epochs' || Number.isInteger(number));

/** Zero and minus one are how frameworks say «all», «automatic» or «not this one»: no value, and no mistake. */
export function tellNumber(job: ConfigJob, name: Count, node: Node | undefined, more: More = {}): boolean {
  const number = numberOf(node);
  if (node === undefined || number === undefined || number === 0 || number === -1) return false;
  if (!possible(name, number)) {
    tellGap(job, 'impossibleValue', node, `${name}: ${number}`);
    return false;
  }
  return tell(job, name, number, node, more);
}

export const tellFlag = (job: ConfigJob, name: 'packing' | 'checkpointing' | 'compile' | 'flashAttention', node: Node | undefined): boolean =>
  tell(job, name, flagOf(node), node);

/** True when the table knows the model; a name it does not know is a gap and takes back a weaker one. */
export function tellModel(job: ConfigJob, node: Node | undefined, name = textOf(node)): boolean {
  if (node === undefined || name === undefined) return false;
  const model = modelNamed(name);
  if (model === undefined) {
    tellGap(job, 'unknownModel', node, name);
    return false;
  }
  const task = taskOfModel(name);
  if (tell(job, 'model', model, node, model.name === name ? {} : { note: name.slice(0, 200) }) && task !== undefined) tellDefault(job, 'task', task);
  return true;
}

export interface DatasetPart {
  readonly node: Node;
  readonly name: string;
  readonly subset?: string;
  readonly split?: string;
  /** The part of its samples that is taken, and the most of them. */
  readonly weight?: number;
  readonly most?: number;
}

/** All names are told; samples only where every part of a mixture is known. `heldOut` is a share below 1, else a count. */
export function tellDatasets(job: ConfigJob, parts: readonly DatasetPart[], heldOut = 0): void {
  const [first] = parts;
  if (first === undefined) return;
  const names = [...new Set(parts.map(({ name }) => name))].join(', ').slice(0, 300);
  if (!tell(job, 'dataset', names, first.node)) return;
  const known = parts.map((part) => {
    const found = findDataset(part.name, { ...(part.subset === undefined ? {} : { subset: part.subset }), ...(part.split === undefined ? {} : { split: part.split }) });
    return found && { ...found, taken: Math.min(part.most ?? Infinity, Math.round(found.samples * (part.weight ?? 1))) };
  });
  const found = known.filter((part) => part !== undefined);
  if (found.length < parts.length) return;
  const all = found.reduce((sum, { taken }) => sum + taken, 0);
  const kept = Math.max(1, all - (heldOut < 1 ? Math.round(all * heldOut) : heldOut));
  const note = found.map(({ name }) => name).join(' + ') + (kept === all ? '' : `, ${all - kept} held out`);
  job.draft.set('samples', kept, { source: 'table', certainty: parts.length > 1 || kept !== all ? 'derived' : 'stated', note });
  const counted = found.filter(({ tokensPerSample }) => tokensPerSample !== undefined);
  if (counted.length < found.length || all === 0) return;
  const tokens = counted.reduce((sum, { taken, tokensPerSample = 0 }) => sum + taken * tokensPerSample, 0) / all;
  job.draft.set('tokensPerSample', Math.round(tokens), { source: 'table', certainty: 'assumed' });
}

export function tellOptimizer(job: ConfigJob, node: Node | undefined, written = textOf(node)): boolean {
  return tell(job, 'optimizer', written === undefined ? undefined : optimizerWord(written), node);
}

export function tellPrecision(job: ConfigJob, node: Node | undefined): boolean {
  const held = node?.value;
  // YAML reads `no` as false, which is how accelerate says full precision.
  const word = held === false ? 'no' : typeof held === 'string' || typeof held === 'number' ? String(held) : undefined;
  return tell(job, 'precision', word === undefined ? undefined : precisionWord(word), node);
}
