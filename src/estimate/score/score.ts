import { scaleBand } from '../band.ts';
import { findGpu } from '../catalogue/gpus.ts';
import { documentKey, mergeRuns, without } from '../evidence.ts';
import type { Machine } from '../machine.ts';
import type { Run } from '../run.ts';
import type { Predictor } from '../time/predictTime.ts';
import { trainingPerForward } from '../time/transfer.ts';
import { byCategory, byStack, type ByStack, type Figures, figuresOf, type Miss, missesOf, type Scored } from './figures.ts';
import type { Rows } from './rows.ts';

/**
 * Every row is predicted from evidence that knows nothing of its source, the table or page it stands in (the headline);
 * once more without all that the same repository published, so without its code; and once without its GPU. Rows that
 * are hard by their nature are reported, but apart from the headline.
 */
export const apart = {
  experts: 'mixture of experts',
  manyGpus: 'more than 8 GPUs',
  noSize: 'model size unknown',
} as const;

/** What no peak of memory follows from: how many samples lie there at once, or how long they are. */
export const sizeOfBatchUnknown = 'batch or length unknown';

/** One way of leaving evidence out: its headline, and the same by category and by whether the code base was known. */
export interface Protocol extends Figures {
  readonly byCategory: Readonly<Record<string, Figures>>;
  readonly byStack: ByStack;
}

export interface Report extends Protocol {
  readonly inScope: number;
  readonly misses: readonly Miss[];
  readonly protocol: Readonly<Record<'leaveSourceOut' | 'leaveRepositoryOut' | 'leaveGpuOut', Protocol>>;
  /** Peaks of GPU memory, which no run is needed to predict. */
  readonly memory: (Figures & { readonly byCategory: Readonly<Record<string, Figures>> }) | null;
  readonly outOfScope: Readonly<Record<string, number>>;
}

export type Prediction = (run: Run, machine: Machine) => Scored['predicted'];

/** What predicts is handed in, so that scoring knows nothing of how it is done. */
export interface Tools {
  readonly createPredictor: (evidence: readonly Run[]) => Predictor;
  readonly createInference?: (evidence: readonly Run[]) => Prediction;
  readonly memory?: Prediction;
}

export function score(table: Rows, shipped: readonly Run[], { createPredictor, createInference, memory }: Tools): Report {
  const evidence = mergeRuns(shipped, table.runs);
  const timed = table.runs.filter((run): run is TimedRun => run.secondsPerSample !== undefined && run.secondsPerSample > 0);
  const generating = (run: Run): boolean => run.phase === 'decode' || run.phase === 'prefill';
  const leftOut = (keyOf: (run: Run) => string, folds: readonly (readonly TimedRun[])[]): Scored[] => folds.flatMap((rows) => {
    const known = without(evidence, rows, keyOf);
    const predictor = createPredictor(known);
    const inference = rows.some(generating) ? createInference?.(known) : undefined;
    const stacks = new Set(known.filter(({ secondsPerSample }) => secondsPerSample !== undefined).map(codeKey));
    return rows.map((run) => ({
      ...scored(run, run.secondsPerSample, (machine) => generating(run)
        ? inference?.(run, machine)
        : onePass(run, predictor.predict(run.workload, machine)?.secondsPerSample)),
      stackKnown: stacks.has(codeKey(run)),
    }));
  });
  const leaving = (keyOf: (run: Run) => string): Scored[] => leftOut(keyOf, folds([...Map.groupBy(timed, keyOf).values()], keyOf));
  const bySource = leaving(documentKey);
  const byRepository = leaving(({ source }) => source);
  const byGpu = leaving(({ gpu }) => gpu);
  const headline = bySource.filter(inHeadline);
  const leaveSourceOut = protocolOf(bySource);
  return {
    ...leaveSourceOut,
    rows: table.count,
    inScope: headline.length,
    misses: missesOf(headline),
    protocol: { leaveSourceOut, leaveRepositoryOut: protocolOf(byRepository), leaveGpuOut: protocolOf(byGpu) },
    memory: memory === undefined ? null : memoryFigures(table.runs, memory),
    outOfScope: count([...table.leftOut.map(({ rule }): string => rule), ...bySource.filter((row) => !inHeadline(row)).map(({ category }) => category)]),
  };
}

const protocolOf = (rows: readonly Scored[]): Protocol => {
  const headline = rows.filter(inHeadline);
  return { ...figuresOf(headline), byCategory: byCategory(rows), byStack: byStack(headline) };
};

/** Code that has a name is the same wherever it is measured; what was written by hand is its repository's own. */
const codeKey = ({ workload: { stack, task }, phase, source }: Run): string =>
  `${phase} ${task} ${stack} ${stack === 'pytorch' || stack === 'other' ? source : ''}`;

/** A group of so many rows is left out alone; smaller ones are left out a few at a time, because each fit takes a second. */
const large = 30;
const shares = 12;

function folds(groups: readonly (readonly TimedRun[])[], keyOf: (run: Run) => string): readonly (readonly TimedRun[])[] {
  // By name, so that documents of one repository are dealt to different folds and each keeps most of its neighbours.
  const key = ([first]: readonly TimedRun[]): string => first === undefined ? '' : keyOf(first);
  const small = groups.filter(({ length }) => length < large).toSorted((a, b) => key(a) < key(b) ? -1 : 1);
  const dealt = Array.from({ length: Math.min(shares, small.length) }, (_, fold) => small.filter((_rows, at) => at % shares === fold).flat());
  return [...groups.filter(({ length }) => length >= large), ...dealt];
}

const onePass = ({ phase }: Run, training: Scored['predicted']): Scored['predicted'] =>
  phase === 'images' && training !== undefined ? scaleBand(training, 1 / trainingPerForward) : training;

type TimedRun = Run & { readonly secondsPerSample: number };

function scored(run: Run, measured: number, predict: (machine: Machine) => Scored['predicted']): Scored {
  const gpu = findGpu(run.gpu, run.vramGb);
  return { id: run.id, category: categoryOf(run), measured, predicted: gpu === undefined ? undefined : predict({ gpu, count: run.gpuCount }) };
}

function categoryOf({ category, gpuCount, workload: { model } }: Run): string {
  if (model === undefined || (model.paramsM <= 0 && model.gmacs === undefined)) return apart.noSize;
  if (model.activeParamsM !== undefined && model.activeParamsM < model.paramsM * 0.9) return apart.experts;
  return gpuCount > 8 ? apart.manyGpus : category;
}

const apartNames: ReadonlySet<string> = new Set(Object.values(apart));
const inHeadline = ({ category }: Scored): boolean => !apartNames.has(category);

function memoryFigures(runs: readonly Run[], memory: Prediction): NonNullable<Report['memory']> {
  const rows = runs.flatMap((run) => run.peakGb === undefined ? [] : [scored(run, run.peakGb, (machine) => memory(run, machine))]
    .map((row) => inHeadline(row) && !saysBatch(run) ? { ...row, category: sizeOfBatchUnknown } : row));
  return { ...figuresOf(rows.filter((row) => inHeadline(row) && row.category !== sizeOfBatchUnknown)), byCategory: byCategory(rows) };
}

const saysBatch = ({ workload: { task, microBatch, seqLen, tokensPerSample } }: Run): boolean =>
  microBatch !== undefined && (task !== 'language' || seqLen !== undefined || tokensPerSample !== undefined);

const count = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
