/**
 * Progress bars: tqdm's `120/1000 [01:05<07:58, 1.84it/s]` as Transformers, diffusers, kohya, Lightning and
 * ultralytics draw it, and the bars that Lightning and ultralytics draw without brackets. A log holds many bars:
 * of downloads, of tokenising, of evaluation. The one that trains runs longest and is not done before the others.
 */
import { median } from './median.ts';
import { settledAfter, warmupSteps, type Progress } from './progress.ts';

interface Bar {
  /** Bars of one kind: the text before them without its numbers, and their length. */
  readonly kind: string;
  readonly step: number;
  readonly total: number;
  readonly elapsedSeconds: number;
  readonly secondsPerStep: number | undefined;
  /** Counted from 0. */
  readonly epoch?: number;
  readonly epochs?: number;
}

// `?it/s` stands where tqdm does not know yet. Units such as `examples/s` and `B/s` are no training.
const tqdmBar = /(\d+)\/(\d+) \[([\d:]+)<[\d:?]+,\s*(?:([\d.]+)|\?) ?((?:it|step|batch|iter)(?:e?s)?\/s|s\/(?:it|step|batch|iter))/;
const lightningBar = /(\d+)\/(\d+)\s+(\d+:\d\d:\d\d)\s+•\s+[\d:-]+\s+([\d.]+)(it\/s)/;
const ultralyticsBar = /(\d+)\/(\d+)\s+([\d.]+)(it\/s|s\/it)\s+([\d:.]+)s?/;

export function readBars(log: string): Progress | undefined {
  const bars = log.split(/[\r\n]/).flatMap((line) => barOf(line) ?? []);
  const kinds = [...Map.groupBy(bars, ({ kind }) => kind).values()];
  const longest = kinds.toSorted((a, b) => Number(isDone(a)) - Number(isDone(b)) || elapsedOf(b) - elapsedOf(a))[0];
  return longest === undefined ? undefined : progressOf(longest);
}

function barOf(line: string): Bar | undefined {
  const bracketed = tqdmBar.exec(line);
  const plain = bracketed === null ? lightningBar.exec(line) : null;
  const [, step = '', total = '', elapsed = '', rate, unit = ''] = bracketed ?? plain ?? inUltralyticsOrder(ultralyticsBar.exec(line)) ?? [];
  if (step === '' || Number(total) <= 0) return undefined;
  const before = line.slice(0, line.search(/\d+%|\d+\/\d+ *(?:\[|\d)/));
  return {
    kind: `${before.replace(/[\d.]+\S*/g, '#').replace(/\s+/g, ' ').trim()}|${total}`,
    step: Number(step), total: Number(total), elapsedSeconds: secondsOf(elapsed),
    secondsPerStep: rate === undefined || Number(rate) <= 0 ? undefined : unit.endsWith('/s') ? 1 / Number(rate) : Number(rate),
    ...epochOf(line),
  };
}

/** It writes the rate before the time. */
const inUltralyticsOrder = (match: RegExpExecArray | null): (string | undefined)[] | undefined => {
  if (match === null) return undefined;
  const [whole, step, total, rate, unit, elapsed] = match;
  return [whole, step, total, elapsed, rate, unit];
};

/** `3/100  2.9G …` of ultralytics counts from one; `Epoch 3/9` and `Epoch 3:` of Lightning from zero, to the last one's number. */
function epochOf(line: string): Pick<Bar, 'epoch' | 'epochs'> {
  const ultralytics = /^\s*(\d+)\/(\d+)\s+[\d.]+G\b/.exec(line);
  if (ultralytics) return { epoch: Number(ultralytics[1]) - 1, epochs: Number(ultralytics[2]) };
  const lightning = /^\s*Epoch (\d+)(?:\/(\d+))?/.exec(line);
  if (!lightning) return {};
  return { epoch: Number(lightning[1]), ...(lightning[2] === undefined ? {} : { epochs: Number(lightning[2]) + 1 }) };
}

const last = (bars: readonly Bar[]): Bar | undefined => bars.at(-1);
const isDone = (bars: readonly Bar[]): boolean => {
  const bar = last(bars);
  return bar !== undefined && bar.step >= bar.total && (bar.epoch ?? 0) + 1 >= (bar.epochs ?? 1);
};

/** Bars of epochs begin anew each time. */
const elapsedOf = (bars: readonly Bar[]): number => {
  const ofEpochs = Map.groupBy(bars, ({ epoch }) => epoch).values();
  return [...ofEpochs].reduce((sum, some) => sum + Math.max(...some.map(({ elapsedSeconds }) => elapsedSeconds)), 0);
};

function progressOf(bars: readonly Bar[]): Progress | undefined {
  const bar = last(bars);
  if (bar === undefined) return undefined;
  const settled = bars.filter(({ step, epoch = 0 }) => step >= warmupSteps || epoch > 0);
  const secondsPerStep = median(settled.flatMap((one) => one.secondsPerStep ?? []));
  const { epoch = 0 } = bar;
  const epochs = bar.epochs ?? (bar.epoch === undefined ? 1 : undefined);
  const step = epoch * bar.total + bar.step;
  if (secondsPerStep === undefined || step < settledAfter) return undefined;
  // Bars that start again with every epoch count the batches of the data loader.
  return { step, ...(epochs === undefined ? {} : { totalSteps: epochs * bar.total }), secondsPerStep, unit: bar.epoch === undefined ? 'step' : 'batch' };
}

/** `07:58`, `1:07:58`, `12.5`. */
const secondsOf = (clock: string): number => clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
