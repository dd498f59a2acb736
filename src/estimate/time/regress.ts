import { compose, priorLogs, priorVariances } from './coefficients.ts';
import { distrust } from './distrust.ts';
import { covariance, keyTable, noiseOf, type Point } from './effects.ts';
import { type Cholesky, cholesky, dot, solve, solveLower } from './matrix.ts';
import { termNames } from './terms.ts';

/** A run as the fit sees it. */
export interface Observation {
  readonly point: Point;
  readonly secondsPerSample: number;
}

/** Logarithm of seconds per sample, and how far runs like it usually lie from it. */
export interface Guess {
  readonly log: number;
  readonly sigma: number;
}

export interface Fitted {
  readonly predict: (point: Point) => Guess;
  /** Factor, common to all terms, that the coefficients alone would give. */
  readonly logs: Float64Array;
  /** Covariance of all errors and what deviates from the priors, for leaving groups out. */
  readonly factor: Cholesky;
  readonly deviations: Float64Array;
}

const rounds = 6;
/** In which of them rows and sources are looked at that the others contradict. */
const doubting = 3;

/**
 * Coefficients and shared factors in one ridge fit: log time = log of the sum of terms + effects + noise, all with
 * priors. Gauss-Newton on the logarithms of the coefficients, with the effects as correlated errors.
 */
export function regress(observations: readonly Observation[]): Fitted {
  const n = observations.length;
  const p = termNames.length;
  const keysOf = keyTable();
  const keys = observations.map(({ point }) => keysOf(point));
  const noise = Float64Array.from(observations, ({ point }) => noiseOf(point) ** 2);
  let shared = sharedCovariance(keys);
  const sources = groupsOf(observations);
  const prior = priorLogs();
  const spread = priorVariances();
  let logs = prior.slice();
  let effectFactor = cholesky(withDiagonal(shared, noise), n);
  const residualsAt = (at: Float64Array): Float64Array =>
    Float64Array.from(observations, ({ point, secondsPerSample }) => Math.log(secondsPerSample) - Math.log(compose(point.step.terms, at).seconds));
  for (let round = 0; round < (n > 0 ? rounds : 0); round++) {
    if (round === doubting) {
      const { factor, deviations } = wholeAt(logs);
      const { rows, groups } = distrust(factor, deviations, sources);
      rows.forEach((variance, i) => { noise[i] = (noise[i] ?? 0) + variance; });
      shared = shared.slice();
      sources.forEach((members, g) => { for (const i of members) for (const j of members) shared[i * n + j] = (shared[i * n + j] ?? 0) + (groups[g] ?? 0); });
      effectFactor = cholesky(withDiagonal(shared, noise), n);
    }
    const residuals = residualsAt(logs);
    const columns = shareColumns(observations, logs).map((column) => solveLower(effectFactor, column));
    const whitened = solveLower(effectFactor, residuals);
    const normal = new Float64Array(p * p);
    const right = new Float64Array(p);
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) normal[a * p + b] = dot(columns[a] ?? [], columns[b] ?? []) + (a === b ? 1 / (spread[a] ?? 1) : 0);
      right[a] = dot(columns[a] ?? [], whitened) + ((prior[a] ?? 0) - (logs[a] ?? 0)) / (spread[a] ?? 1);
    }
    const step = solve(cholesky(normal, p), right);
    logs = logs.map((value, index) => value + Math.max(-0.5, Math.min(0.5, step[index] ?? 0)));
  }
  const { factor, deviations, columns } = wholeAt(logs);
  const weights = solve(effectFactor, residualsAt(logs));
  return {
    logs, factor, deviations,
    predict: (point) => {
      const own = keysOf(point);
      const { seconds, shares } = compose(point.step.terms, logs);
      const link = Float64Array.from(keys, (key) => covariance(key, own));
      const scaled = shares.map((share, index) => share * (spread[index] ?? 0));
      const wide = link.map((value, i) => value + scaled.reduce((sum, share, a) => sum + share * (columns[a]?.[i] ?? 0), 0));
      const explained = solveLower(factor, wide);
      const alone = covariance(own, own) + dot(scaled, shares) + noiseOf(point) ** 2;
      return { log: Math.log(seconds) + dot(link, weights), sigma: Math.sqrt(Math.max(0.0025, alone - dot(explained, explained))) };
    },
  };

  /** All that makes errors alike, the coefficients too, and what deviates from the priors. */
  function wholeAt(at: Float64Array): { factor: Cholesky; deviations: Float64Array; columns: readonly Float64Array[] } {
    const columns = shareColumns(observations, at);
    const whole = withDiagonal(shared, noise);
    columns.forEach((column, a) => {
      for (let i = 0; i < n; i++) {
        const scaled = (column[i] ?? 0) * (spread[a] ?? 0);
        if (scaled !== 0) for (let j = 0; j <= i; j++) whole[i * n + j] = (whole[i * n + j] ?? 0) + scaled * (column[j] ?? 0);
      }
    });
    const deviations = residualsAt(at).map((residual, i) =>
      residual + columns.reduce((sum, column, a) => sum + (column[i] ?? 0) * ((at[a] ?? 0) - (prior[a] ?? 0)), 0));
    return { factor: cholesky(whole, n), deviations, columns };
  }
}

const shareColumns = (observations: readonly Observation[], logs: Float64Array): Float64Array[] => {
  const shares = observations.map(({ point }) => compose(point.step.terms, logs).shares);
  return termNames.map((_, term) => Float64Array.from(shares, (each) => each[term] ?? 0));
};

/** One source may compare stacks and be right about one of them only. */
const groupsOf = (observations: readonly Observation[]): readonly (readonly number[])[] =>
  [...Map.groupBy(observations.keys(), (index) => {
    const point = observations[index]?.point;
    return point?.source === undefined ? undefined : `${point.source} ${point.workload.stack}`;
  })].flatMap(([group, members]) => group === undefined ? [] : [members]);

function sharedCovariance(keys: readonly Int32Array[]): Float64Array {
  const n = keys.length;
  const matrix = new Float64Array(n * n);
  keys.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const value = covariance(a, keys[j] ?? a);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  });
  return matrix;
}

function withDiagonal(matrix: Float64Array, diagonal: Float64Array): Float64Array {
  const sum = matrix.slice();
  diagonal.forEach((value, i) => { sum[i * diagonal.length + i] = (sum[i * diagonal.length + i] ?? 0) + value; });
  return sum;
}
