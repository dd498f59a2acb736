/** A loop that somebody wrote themselves, with or without Accelerate or Fabric. */
import { readDataset } from '../datasetOf.ts';
import type { Program } from '../python/program.ts';
import { type Call, callOf, lastPart, type Loop, placeOfFact, stringOf, type Value } from '../python/value.ts';
import { anchorAt, put, putDefault, putNumber, type Reader } from '../reader.ts';
import { argument, isTrue } from '../table.ts';
import { optimizerOf } from '../words.ts';
import { readTraits } from './traits.ts';

/** Or what hides it in another file. `model.train()` only switches a mode. */
const backward = ({ callee, args, keywords }: Call): boolean =>
  /(^|\.)(backward|manual_backward|train_one_epoch|train_epoch|train_step)$/.test(callee)
  || (/^(\w+\.)?train$/.test(callee) && args.length + keywords.size > 1);
const stepping = ({ callee, receiver }: Call): boolean => lastPart(callee) === 'step'
  && (receiver === undefined || optimizerOf(receiver) !== undefined || callOf(receiver)?.callee.endsWith('GradScaler') === true);

export function readPyTorch(reader: Reader, program: Program): boolean {
  const { calls } = program;
  // A loop is noted when it ends, so what lies around another comes after it.
  const training = program.loops.filter(({ from, to }) => calls.slice(from, to).some(backward))
    .toReversed().toSorted((a, b) => a.from - b.from || b.to - a.to);
  const first = training[0];
  if (first === undefined) return false;
  const { file, line } = first;
  put(reader, 'stack', 'pytorch', { source: 'script', certainty: 'derived', file, line });
  anchorAt(reader, file, line);
  const loader = training.map(({ iterable }) => loaderOf(iterable, 0)).find((found) => found !== undefined) ?? trainLoader(program);
  if (loader) {
    const batch = argument(loader, 'batch_size', 1) ?? loader.attributes.get('B');
    putNumber(reader, 'microBatch', batch);
    if (batch === undefined && loader.of === undefined && !loader.keywords.has('batch_sampler')) putDefault(reader, 'microBatch', 1);
    readBlocks(reader, loader.attributes.get('T'));
    readDataset(reader, argument(loader, 'dataset', 0), program);
  } else readDataset(reader, undefined, program);
  readLoops(reader, training, calls);
  readAccumulation(reader, program);
  readTraits(reader, program);
  return true;
}

/** The first loop inside of `enumerate`, `tqdm`, `iter`, `islice`. */
function loaderOf(value: Value | undefined, depth: number): Call | undefined {
  const call = callOf(value);
  if (call === undefined || depth > 6) return undefined;
  if (/(DataLoader|DataLoaderLite|Loader)$/.test(call.callee) && !/get_|create_/.test(call.callee)) return call;
  return loaderOf(call.args[0] ?? call.keywords.get('iterable'), depth + 1) ?? loaderOf(call.receiver, depth + 1);
}

function trainLoader({ calls, assigned }: Program): Call | undefined {
  const loaders = calls.filter(({ callee, of }) => callee.endsWith('DataLoader') || (of !== undefined && /Loader/.test(callee)));
  const shuffled = loaders.filter(({ keywords }) => isTrue(keywords.get('shuffle')) || stringOf(keywords.get('split')) === 'train');
  const named = [...assigned].find(([name, value]) => /train/i.test(name) && callOf(value)?.callee.endsWith('DataLoader'));
  return callOf(named?.[1]) ?? shuffled.find(({ certain }) => certain) ?? shuffled[0] ?? (loaders.length === 1 ? loaders[0] : undefined);
}

/** A loader of one's own that cuts a stream into blocks of T tokens: every sample is full. */
function readBlocks(reader: Reader, length: Value | undefined): void {
  if (length === undefined || !putNumber(reader, 'seqLen', length)) return;
  putNumber(reader, 'tokensPerSample', { ...length, at: { ...length.at, certainty: 'derived' } });
  reader.draft.set('packing', true, placeOfFact({ ...length.at, certainty: 'derived' }));
}

const accumulating = /^(grad(ient)?_?)?(accum(ulation|ulate)?)(_?(steps?|iters?|grad_batches|iter_step))?$/i;

/** Where nothing is called accumulation, nothing is accumulated. */
function readAccumulation(reader: Reader, { assigned, declared }: Program): void {
  if (reader.draft.get('accumulation') !== undefined) return;
  const named = [...assigned, ...declared].filter(([name]) => accumulating.test(name)).map(([, value]) => value);
  if (named.length === 0) putDefault(reader, 'accumulation', 1);
  else if (named.length === 1) putNumber(reader, 'accumulation', named[0]);
}

const roundsOf = ({ iterable }: Loop): Value | undefined => {
  const call = callOf(iterable);
  const range = call?.callee === 'range' ? call : callOf(call?.args[0]);
  return range?.callee === 'range' ? range.args[0] : iterable.kind === 'scalar' ? iterable : undefined;
};

/** `enumerate(x)` and `tqdm(x)` go over data, unless x counts. */
function overSomething(iterable: Value): boolean {
  const call = callOf(iterable);
  return call !== undefined && /(enumerate|tqdm)$/.test(call.callee) && callOf(call.args[0])?.callee !== 'range';
}

function readLoops(reader: Reader, training: readonly Loop[], calls: readonly Call[]): void {
  const overData = training.findIndex(({ iterable }) => loaderOf(iterable, 0) !== undefined || overSomething(iterable));
  for (const [index, loop] of training.entries()) {
    const rounds = roundsOf(loop);
    if (rounds === undefined) continue;
    const steps = calls.slice(loop.from, loop.to).some(stepping);
    // Rounds of backward passes without a step of the optimizer add gradients up.
    if (!steps && index > 0) putNumber(reader, 'accumulation', rounds);
    else if (/epoch/i.test(loop.variable) || (overData > index)) putNumber(reader, 'epochs', rounds);
    else if (index === 0 && overData === -1) putNumber(reader, 'steps', rounds);
  }
}
