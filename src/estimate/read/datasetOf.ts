/** Follows a data set from where it is used back to where it was loaded, through everything that was done to it. */
import { findDataset } from '../catalogue/datasets.ts';
import type { Program } from './python/program.ts';
import { type Call, callOf, lastPart, numberOf, placeOfFact, scalar, stringOf, type Value } from './python/value.ts';
import { putDataset, putNumber, type Reader } from './reader.ts';
import { argument } from './table.ts';

interface Origin {
  readonly load: Call;
  readonly split?: string;
  readonly share: number;
  /** Samples that `select` or `take` left, and where it says so. */
  readonly count?: Value;
}

/** Data sets that torchvision, torchaudio and Keras bring with them: the class is the name. */
const classes = [
  'MNIST', 'FashionMNIST', 'KMNIST', 'EMNIST', 'CIFAR10', 'CIFAR100', 'ImageNet', 'SVHN', 'STL10', 'Food101', 'Flowers102', 'OxfordIIITPet', 'Caltech101',
  'Caltech256', 'CelebA', 'Places365', 'CocoDetection', 'VOCDetection', 'VOCSegmentation', 'Cityscapes', 'SPEECHCOMMANDS', 'LIBRISPEECH',
];
const bundled = new RegExp(`(^|\\.)datasets\\.(${classes.join('|')})$`);

/** Samples of a data set that is evaluated on, where it can be followed to one that the table knows. */
export function knownSamples(value: Value | undefined): number | undefined {
  const origin = value && originOf(value, 0);
  if (origin === undefined) return undefined;
  const count = numberOf(origin.count);
  if (count !== undefined) return count;
  const name = stringOf(argument(origin.load, 'path', 0));
  const [subset, split] = [stringOf(argument(origin.load, 'name', 1)), stringOf(origin.load.keywords.get('split')) ?? origin.split];
  if (name === undefined || origin.share !== 1) return undefined;
  return findDataset(name, { ...(subset === undefined ? {} : { subset }), ...(split === undefined ? {} : { split }) })?.samples;
}

export function readDataset(reader: Reader, value: Value | undefined, program: Program): boolean {
  const origin = value && originOf(value, 0) || onlyLoad(program);
  if (origin === undefined) return false;
  const { load, share, count } = origin;
  const name = bundled.test(load.callee) ? scalar(lastPart(load.callee), load.place) : argument(load, 'path', 0) ?? argument(load, 'name', 0);
  const subset = bundled.test(load.callee) ? undefined : stringOf(argument(load, 'name', 1));
  const split = stringOf(load.keywords.get('split')) ?? origin.split;
  putDataset(reader, stringOf(name) === undefined ? undefined : name, { ...(subset === undefined ? {} : { subset }), ...(split === undefined ? {} : { split }) }, share);
  // A selection was made after everything that the table knows of.
  if (count) {
    if (putNumber(reader, 'samples', count) && share !== 1) reader.draft.set('samples', Math.max(1, Math.round((numberOf(count) ?? 1) * share)), placeOfFact({ ...count.at, certainty: 'derived' }));
  }
  return reader.draft.get('dataset') !== undefined;
}

const isLoad = ({ callee }: Call): boolean => /(^|\.)(load_dataset|load_from_disk)$/.test(callee) || bundled.test(callee);

/** A script that loads one data set trains on it, even where the way from one to the other cannot be followed. */
function onlyLoad({ calls }: Program): Origin | undefined {
  const loads = calls.filter(isLoad);
  const names = new Set(loads.map((load) => (bundled.test(load.callee) ? load.callee : stringOf(load.args[0] ?? load.keywords.get('path')))));
  const [first] = loads;
  const trains = loads.filter((load) => load.keywords.get('train')?.kind !== 'scalar' || (load.keywords.get('train')?.kind === 'scalar' && stringOf(load.keywords.get('split')) !== 'test'));
  return first && names.size === 1 ? { load: trains[0] ?? first, share: 1 } : undefined;
}

function originOf(value: Value, depth: number): Origin | undefined {
  const call = callOf(value);
  if (call === undefined || depth > 30) return undefined;
  if (isLoad(call)) return { load: call, share: 1 };
  const inner = [call.receiver, ...call.args, call.keywords.get('dataset')].flatMap((next) => (next === undefined ? [] : originOf(next, depth + 1) ?? []))[0];
  if (inner === undefined) return undefined;
  switch (lastPart(call.callee)) {
    case '[]': {
      const key = stringOf(call.args[0]);
      return key === undefined ? inner : { ...inner, ...(callOf(call.receiver)?.callee === '.train_test_split' ? {} : { split: key }) };
    }
    case 'train_test_split': {
      const size = numberOf(argument(call, 'test_size', 0)) ?? 0.25;
      return size > 0 && size < 1 ? { ...inner, share: inner.share * (1 - size) } : inner;
    }
    case 'select': {
      const range = callOf(argument(call, 'indices', 0));
      return range?.callee === 'range' && range.args[0] ? { ...inner, count: range.args[0], share: 1 } : inner;
    }
    case 'take': return call.args[0] ? { ...inner, count: call.args[0], share: 1 } : inner;
    default: return inner;
  }
}
