/** nanoGPT and its children: settings are globals, and a config file or `--key=value` is taken over them. */
import type { Program } from '../python/program.ts';
import { lastPart, numberOf, placeOfFact, scalar, stringOf, type Value } from '../python/value.ts';
import { anchorAt, put, putBoolean, putBuiltModel, putDataset, putModel, putNumber, putPrecision, type Reader } from '../reader.ts';
import { transformerSizes } from './ownModel.ts';

/** `executed` are the settings alone, where the script that they belong to is not there. */
export function readNanoGpt(reader: Reader, program: Program, settingsOnly: boolean): boolean {
  const { names, calls } = program;
  const has = (...keys: readonly string[]): number => keys.filter((key) => names.has(key)).length;
  const known = has('max_iters', 'block_size', 'batch_size', 'gradient_accumulation_steps', 'n_layer', 'n_embd', 'init_from', 'eval_iters',
    'eval_interval', 'lr_decay_iters', 'wandb_run_name', 'always_save_checkpoint');
  if (known < (settingsOnly ? 3 : 5) || !(settingsOnly || calls.some(({ callee }) => callee === 'exec' || lastPart(callee) === 'backward'))) return false;
  const settings = (name: string): Value | undefined => names.get(name);
  const steps = settings('max_iters');
  put(reader, 'stack', 'nanogpt', steps?.at ?? { source: 'script', certainty: 'derived', file: program.file, line: 1 });
  reader.draft.set('task', 'language', { source: 'script', certainty: 'derived' });
  if (steps && putNumber(reader, 'steps', steps)) anchorAt(reader, steps.at.file, steps.at.line);
  putNumber(reader, 'microBatch', settings('batch_size'));
  readAccumulation(reader, settings('gradient_accumulation_steps'));
  putNumber(reader, 'seqLen', settings('block_size'));
  putNumber(reader, 'checkpointEvery', settings('eval_interval'));
  putDataset(reader, settings('dataset'));
  putBoolean(reader, 'compile', settings('compile'));
  putPrecision(reader, settings('dtype'));
  readModel(reader, program, settings);
  const length = reader.draft.get('seqLen');
  if (length !== undefined) {
    // Blocks are cut out of one long stream: every sample is full.
    reader.draft.set('tokensPerSample', length, { source: 'script', certainty: 'derived' });
    reader.draft.set('packing', true, { source: 'script', certainty: 'derived' });
  }
  const optimizer = calls.find(({ callee }) => lastPart(callee) === 'configure_optimizers' || lastPart(callee) === 'AdamW');
  reader.draft.set('optimizer', 'adamw', optimizer ? placeOfFact(optimizer.place) : { source: 'default', certainty: 'stated' });
  const wrapped = calls.find(({ callee, certain }) => certain && /(^|\.)DistributedDataParallel$/.test(callee));
  if (wrapped) put(reader, 'parallelism', 'ddp', wrapped.place);
  evaluation(reader, settings);
  return true;
}

/** The script divides what it says by the number of processes: it states the batch of all GPUs. */
function readAccumulation(reader: Reader, value: Value | undefined): void {
  if (!putNumber(reader, 'accumulation', value)) return;
  const total = numberOf(value);
  const gpus = reader.draft.get('gpus');
  if (value === undefined || total === undefined || gpus === undefined || gpus === 1) return;
  if (total % gpus === 0) putNumber(reader, 'accumulation', scalar(total / gpus, { ...value.at, source: 'command', certainty: 'derived' }), `${total} / ${gpus}`);
}

function readModel(reader: Reader, { calls }: Program, settings: (name: string) => Value | undefined): void {
  const from = settings('init_from');
  const start = stringOf(from);
  if (start !== undefined && start !== 'scratch' && start !== 'resume') {
    putModel(reader, from);
    return;
  }
  const values = new Map(['n_layer', 'n_head', 'n_embd'].flatMap((name): [string, Value][] => { const value = settings(name); return value ? [[name, value]] : []; }));
  const layers = values.get('n_layer');
  if (layers === undefined) return;
  const vocab = settings('meta_vocab_size') ?? settings('vocab_size') ?? calls.find(({ callee }) => callee.endsWith('GPTConfig'))?.keywords.get('vocab_size');
  // GPT-2's own, rounded up, is what the script takes where the data set has none.
  values.set('vocab_size', numberOf(vocab) === undefined || vocab === undefined ? scalar(50_304, layers.at) : vocab);
  const built = transformerSizes(values);
  if (built) putBuiltModel(reader, built.model, built.at);
}

/** Each evaluation goes forward `eval_iters` times over two splits, once at the start and after every interval. */
function evaluation(reader: Reader, settings: (name: string) => Value | undefined): void {
  const [each, every, steps] = [settings('eval_iters'), settings('eval_interval'), reader.draft.get('steps')];
  const [iterations, interval] = [numberOf(each), numberOf(every)];
  if (each === undefined || iterations === undefined || interval === undefined || interval <= 0 || steps === undefined) return;
  const rounds = Math.floor(steps / interval) + 1;
  putNumber(reader, 'evalPasses', scalar(rounds * 2 * iterations, { ...each.at, certainty: 'derived' }), `${rounds} × 2 × ${iterations}`);
}
