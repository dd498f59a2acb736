import { compose, priorLogs, priorVariances } from './coefficients.ts';
import { covariance, keyTable, noiseOf, type Point, sourceSigma } from './effects.ts';
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
/** Rows further off than this many deviations are believed less, not thrown away: typos, odd hosts, other work than stated. */
const outlier = 2.5;

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
    if (round === 2 || round === 4) {
      const weights = solve(effectFactor, residualsAt(logs));
      for (let i = 0; i < n; i++) {
        const off = Math.abs((noise[i] ?? 0) * (weights[i] ?? 0)) / Math.sqrt(noise[i] ?? 1);
        if (off > outlier) noise[i] = (noise[i] ?? 0) * (off / outlier * 2) ** 2;
      }
      shared = shared.slice();
      for (const members of sources) widen(shared, n, members, weights);
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
  const residuals = residualsAt(logs);
  const columns = shareColumns(observations, logs);
  const whole = withDiagonal(shared, noise);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
    let sum = whole[i * n + j] ?? 0;
    for (let a = 0; a < p; a++) sum += (columns[a]?.[i] ?? 0) * (spread[a] ?? 0) * (columns[a]?.[j] ?? 0);
    whole[i * n + j] = sum;
  }
  const factor = cholesky(whole, n);
  const weights = solve(effectFactor, residuals);
  return {
    logs, factor,
    deviations: residuals.map((residual, i) => residual + columns.reduce((sum, column, a) => sum + (column[i] ?? 0) * ((logs[a] ?? 0) - (prior[a] ?? 0)), 0)),
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
}

const shareColumns = (observations: readonly Observation[], logs: Float64Array): Float64Array[] => {
  const shares = observations.map(({ point }) => compose(point.step.terms, logs).shares);
  return termNames.map((_, term) => Float64Array.from(shares, (each) => each[term] ?? 0));
};

const groupsOf = (observations: readonly Observation[]): readonly (readonly number[])[] =>
  [...Map.groupBy(observations.keys(), (index) => observations[index]?.point.source).entries()]
    .flatMap(([source, members]) => source === undefined ? [] : [members]);

/**
 * A source that is off as a whole, because its table counts something else, says little about the stacks in it: its
 * own factor is given the width that a Student distribution of few degrees would give it.
 */
function widen(shared: Float64Array, n: number, members: readonly number[], weights: Float64Array): void {
  const usual = sourceSigma ** 2;
  const factor = usual * members.reduce((sum, index) => sum + (weights[index] ?? 0), 0);
  const more = Math.max(0, (2 * usual + 4 * factor ** 2) / 3 - usual);
  for (const i of members) for (const j of members) shared[i * n + j] = (shared[i * n + j] ?? 0) + more;
}

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
