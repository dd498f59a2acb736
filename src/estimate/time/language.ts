import { bandAround } from '../band.ts';
import { ownSource } from '../evidence.ts';
import type { Gpu, Machine } from '../machine.ts';
import type { Basis, Bound, TimePrediction } from '../result.ts';
import type { Run } from '../run.ts';
import type { Workload } from '../workload.ts';
import { heldOut, wideners } from './calibrate.ts';
import { compose } from './coefficients.ts';
import { modelKey, type Point } from './effects.ts';
import { inverseColumns } from './matrix.ts';
import { type Observation, regress } from './regress.ts';
import { stepOf, type TermName, termNames } from './terms.ts';

/**
 * Time of language models: the terms of a step from data sheets, their coefficients and the factors that runs share
 * from the evidence. Made once for an evidence set; predicting is then a few thousand multiplications.
 */
export interface TimeModel {
  predict(workload: Workload, machine: Machine): TimePrediction | undefined;
}

export type GpuOf = (name: string, vramGb: number) => Gpu | undefined;

const boundOf: Readonly<Record<TermName, Bound>> = {
  matmul: 'compute', attention: 'compute', elementwise: 'bandwidth', vocabulary: 'bandwidth', optimizer: 'bandwidth',
  dequantise: 'bandwidth', links: 'links', tensorLinks: 'links', launch: 'launch',
};

/** More GPUs than one machine has. */
const oneMachine = 8;

export function fitLanguage(evidence: readonly Run[], gpuOf: GpuOf): TimeModel {
  const observations = evidence.flatMap((run) => observationOf(run, gpuOf));
  const fitted = regress(observations);
  const own = observations.some(({ point }) => point.source === ownSource);
  const marks = observations.map(({ point }) => marksOf(point));
  const groups = (key: (point: Point) => string): number[][] => [...Map.groupBy(observations.keys(), (index) => {
    const point = observations[index]?.point;
    return point === undefined ? '' : key(point);
  }).values()];
  const index = marksIndex(marks);
  const basisWithout = (at: number, left: ReadonlySet<number>): Basis => index(marks[at] ?? noMarks, (other) => !left.has(other));
  const errors = { ...fitted, columns: inverseColumns(fitted.factor) };
  const bySource = heldOut(errors, groups(({ source }) => source ?? ''), basisWithout);
  const byGpu = heldOut(errors, groups(({ gpu }) => gpu.name), basisWithout);
  // The same work is mostly known from its own source, on another card; all else from other sources.
  const widen = wideners([...bySource, ...byGpu.filter(({ basis }) => basis === 'sameStack')]);
  return {
    predict(workload, machine) {
      const step = stepOf(workload, machine);
      if (step === undefined) return undefined;
      const point: Point = { workload, gpu: machine.gpu, gpuCount: machine.count, step, ...(own ? { source: ownSource } : {}) };
      const { log, sigma } = fitted.predict(point);
      const mine = marksOf(point);
      const same = (other: number): boolean => observations[other]?.point.source === ownSource;
      const basis = own && index(mine, same) === 'sameStack' ? 'ownRuns' : index(mine, () => true);
      const { shares } = compose(step.terms, fitted.logs);
      const longest = termNames.reduce((most, name, at) => (shares[at] ?? 0) > (shares[termNames.indexOf(most)] ?? 0) ? name : most, 'matmul' as TermName);
      return {
        secondsPerSample: bandAround(Math.exp(log), sigma * widen(basis)),
        bound: boundOf[longest],
        basis,
        lowConfidence: step.shape.experts || machine.count > oneMachine || machine.gpu.architecture === 'unknown',
      };
    },
  };
}

function observationOf(run: Run, gpuOf: GpuOf): Observation[] {
  const { workload, secondsPerSample, source, gpuCount } = run;
  if (run.phase !== 'training' || (workload.task !== 'language' && workload.task !== 'encoder')) return [];
  const gpu = gpuOf(run.gpu, run.vramGb);
  if (gpu === undefined || secondsPerSample === undefined || !(secondsPerSample > 0) || !Number.isFinite(secondsPerSample)) return [];
  const step = stepOf(workload, { gpu, count: gpuCount });
  return step === undefined ? [] : [{ secondsPerSample, point: { workload, gpu, gpuCount, step, source } }];
}

/** What evidence must share with a workload to be called the same stack, or similar. */
interface Marks {
  readonly same: string;
  readonly similar: string;
}

const noMarks: Marks = { same: '', similar: '' };

const marksOf = ({ workload }: Point): Marks => ({
  same: `${modelKey(workload)} ${workload.stack} ${workload.method}`,
  similar: `${workload.task} ${workload.stack} ${workload.method}`,
});

function marksIndex(marks: readonly Marks[]): (wanted: Marks, counts: (index: number) => boolean) => Basis {
  const by = (key: (mark: Marks) => string): ReadonlyMap<string, readonly number[]> =>
    Map.groupBy(marks.keys(), (at) => key(marks[at] ?? noMarks));
  const same = by((mark) => mark.same);
  const similar = by((mark) => mark.similar);
  return (wanted, counts) => same.get(wanted.same)?.some(counts) === true ? 'sameStack'
    : similar.get(wanted.similar)?.some(counts) === true ? 'similarRuns' : 'physics';
}
