import { bandAround, z90 } from '../band.ts';
import type { Gpu, Machine } from '../machine.ts';
import type { Basis, TimePrediction } from '../result.ts';
import type { Run } from '../run.ts';
import type { Workload } from '../workload.ts';
import { type Case, caseOf, kernel, beliefs } from './transferKernel.ts';
import { forwardGmacs, physicalTime } from './transferPhysics.ts';
import { type Cholesky, cholesky, dot, inverseBlock, inverseColumns, solve, solveLower } from './matrix.ts';

/**
 * Time of everything that is not a language model: measured runs of the same or of similar work, carried over from
 * the cards they ran on. Physics gives a first answer; what it got wrong on the evidence is learned as a Gaussian
 * process, that is ridge regression and shrunk means in one, so that cards and models that were measured keep their
 * own residuals, and what was never measured falls back to its likes, then to physics, with a band as wide as that.
 */
export interface TransferModel {
  predict(workload: Workload, machine: Machine): TimePrediction | undefined;
}

export type GpuOf = (name: string, vramGb: number) => Gpu | undefined;

/** Transformers over words have a model of their own. */
const overWords = ({ task }: Workload): boolean => task === 'language' || task === 'encoder';

interface Known { readonly at: Case; readonly source: string; readonly log: number }

/**
 * Training is a forward pass and a backward one of twice the work, which also reads back what was kept. Runs that only
 * look at images tell as much of their model, by this factor.
 */
export const trainingPerForward = 3.5;

/** What is measured over physics, one line for each workload on each machine of each source. */
function casesOf(evidence: readonly Run[], gpuOf: GpuOf): readonly Known[] {
  const found = new Map<string, { at: Case; source: string; logs: number[] }>();
  for (const { workload, phase, gpu, vramGb, gpuCount, secondsPerSample, source } of evidence) {
    const card = gpuOf(gpu, vramGb);
    if ((phase !== 'training' && phase !== 'images') || overWords(workload) || card === undefined || !(secondsPerSample !== undefined && secondsPerSample > 0)) continue;
    const machine: Machine = { gpu: card, count: gpuCount };
    const at = caseOf(workload, machine);
    const trained = phase === 'images' ? secondsPerSample * trainingPerForward : secondsPerSample;
    const log = Math.log(trained * gpuCount / physicalTime(workload, machine).seconds);
    if (!Number.isFinite(log)) continue;
    const key = [phase, at.variant, at.task, at.gpu, gpuCount, workload.microBatch, source].join('|');
    const same = found.get(key);
    if (same === undefined) found.set(key, { at, source, logs: [log] });
    else same.logs.push(log);
  }
  return [...found.values()].map(({ at, source, logs }) => ({ at, source, log: median(logs) }));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] ?? 0 : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

interface HeldOut { readonly index: number; readonly error: number; readonly variance: number }

/**
 * What the evidence gets wrong when all of one GPU, or all of one source, is left out of it. No second fit is
 * needed: the errors are the inverse of K⁻¹'s own block times (K⁻¹·y) there.
 */
function heldOut(known: readonly Known[], { columns, weights }: Fitted, groupOf: (known: Known) => string): readonly HeldOut[] {
  const groups = Map.groupBy(known.keys(), (i) => known[i] === undefined ? '' : groupOf(known[i]));
  return [...groups.values()].flatMap((members) => {
    const inner = cholesky(inverseBlock(columns, members), members.length);
    const errors = solve(inner, members.map((i) => weights[i] ?? 0));
    const spreads = inverseColumns(inner);
    return members.map((index, n) => ({ index, error: Math.abs(errors[n] ?? 0), variance: dot(spreads[n] ?? none, spreads[n] ?? none) }));
  });
}

const none = new Float64Array();

/** A band promises eight of ten, so its width is read off the error that eight of ten stay below. */
const eightOfTen = (values: readonly number[]): number | undefined => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.8)];

interface Calibration {
  /** By how much errors on cards that were left out exceed what the fit expects of itself. */
  readonly widen: number;
  /** What code, settings and hosts add that no column tells: two sources of one model differ by this much. */
  readonly betweenSources: number;
}

const fewSources = 20;
const usualBetweenSources = 0.3;

function calibrate(known: readonly Known[], fit: Fitted): Calibration {
  const cards = heldOut(known, fit, ({ at }) => at.gpu);
  const widen = Math.min(2, Math.max(0.7, (eightOfTen(cards.map(({ error, variance }) => error / Math.sqrt(variance))) ?? z90) / z90));
  const sourcesOf = Map.groupBy(known, ({ at }) => `${at.task} ${at.model}`);
  const repeated = heldOut(known, fit, ({ source }) => source).filter(({ index }) => {
    const one = known[index];
    return one !== undefined && one.at.model !== '' && sourcesOf.get(`${one.at.task} ${one.at.model}`)?.some(({ source }) => source !== one.source) === true;
  });
  const unexplained = repeated.map(({ error, variance }) => (error / z90) ** 2 - widen ** 2 * variance);
  const betweenSources = unexplained.length < fewSources ? usualBetweenSources : Math.sqrt(Math.max(0, eightOfTen(unexplained) ?? 0));
  return { widen, betweenSources: Math.min(0.4, Math.max(0.12, betweenSources)) };
}

/** Runs further off than this many of their own standard deviations are doubted, by up to 20 %. */
const surprising = 2.5;
const mostDoubt = 0.2;

/**
 * Noise of each run: the usual, and more for runs that all the others speak against. Published tables hold broken
 * hosts and wrong settings, and a normal distribution would bend everything towards them.
 */
function noiseOf({ columns, weights }: Fitted): Float64Array {
  return weights.map((weight, i) => {
    const column = columns[i] ?? none;
    const precision = dot(column, column);
    const error = weight / precision;
    const doubt = Math.abs(error) * Math.sqrt(precision) > surprising ? Math.min(error ** 2, mostDoubt ** 2) : 0;
    return beliefs.noise ** 2 + doubt;
  });
}

interface Fitted { readonly factor: Cholesky; readonly columns: readonly Float64Array[]; readonly weights: Float64Array }

function fitted(covariance: Float64Array, noise: Float64Array, residuals: Float64Array): Fitted {
  const whole = covariance.slice();
  noise.forEach((variance, i) => { whole[i * noise.length + i] = (whole[i * noise.length + i] ?? 0) + variance; });
  const factor = cholesky(whole, noise.length);
  return { factor, columns: inverseColumns(factor), weights: solve(factor, residuals) };
}

/** How alike all are; the lower half, which is all that is read of it. */
function likeness(cases: readonly Case[]): Float64Array {
  const matrix = new Float64Array(cases.length ** 2);
  cases.forEach((a, i) => { for (const [j, b] of cases.slice(0, i + 1).entries()) matrix[i * cases.length + j] = kernel(a, b); });
  return matrix;
}

/** Beyond this a figure is an order of magnitude. */
const lowConfidenceSigma = 0.6;

export function fitTransfer(evidence: readonly Run[], gpuOf: GpuOf): TransferModel {
  const known = casesOf(evidence, gpuOf);
  const residuals = Float64Array.from(known, ({ log }) => log);
  const covariance = likeness(known.map(({ at }) => at));
  const first = fitted(covariance, residuals.map(() => beliefs.noise ** 2), residuals);
  const fit = fitted(covariance, noiseOf(first), residuals);
  const { factor, weights } = fit;
  const { widen, betweenSources } = calibrate(known, fit);

  const basisOf = (at: Case): Basis => {
    if (known.some(({ at: other }) => other.model === at.model && other.task === at.task && other.stack === at.stack)) return 'sameStack';
    return known.some(({ at: other }) => other.task === at.task) ? 'similarRuns' : 'physics';
  };

  return {
    predict(workload, machine) {
      if (overWords(workload) || workload.model === undefined) return undefined;
      const at = caseOf(workload, machine);
      // Without a size there is no arithmetic: only the same model on another card tells anything.
      if (forwardGmacs(workload) === undefined && !known.some(({ at: other }) => other.model === at.model && other.task === at.task)) return undefined;
      const near = Float64Array.from(known, (other) => kernel(at, other.at));
      const share = solveLower(factor, near);
      const sigma = Math.hypot(widen * Math.sqrt(Math.max(0, kernel(at, at) - dot(share, share)) + beliefs.noise ** 2), betweenSources);
      const physical = physicalTime(workload, machine);
      const seconds = physical.seconds * Math.exp(dot(near, weights)) / machine.count;
      return {
        secondsPerSample: bandAround(seconds, sigma),
        bound: physical.bound,
        basis: basisOf(at),
        lowConfidence: sigma > lowConfidenceSigma || machine.gpu.architecture === 'unknown',
      };
    },
  };
}
