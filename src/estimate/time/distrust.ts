import { type Cholesky, cholesky, inverseBlock, inverseColumns, dot, solve, solveLower } from './matrix.ts';

/**
 * What to believe less: rows that are far from what all others say of them (typos, odd hosts, other work than stated)
 * and sources that are off as a whole, because their table counts something else. Both keep their place, with a
 * variance as wide as they are off, so that they no longer move what others rest on.
 */
export interface Distrust {
  /** Variance to add to each row alone. */
  readonly rows: Float64Array;
  /** Variance to add to what the rows of each group share. */
  readonly groups: Float64Array;
}

/** Deviations beyond which a row, and a source, is not what it says. */
const rowLimit = 1.6;
const groupLimit = 1.5;

export function distrust(factor: Cholesky, deviations: Float64Array, groups: readonly (readonly number[])[]): Distrust {
  const weights = solve(factor, deviations);
  const columns = inverseColumns(factor);
  const rows = Float64Array.from(columns, (column, i) => {
    const precision = dot(column, column);
    const error = (weights[i] ?? 0) / precision;
    return error ** 2 * precision > rowLimit ** 2 ? error ** 2 : 0;
  });
  const shared = Float64Array.from(groups, (group) => {
    const block = cholesky(inverseBlock(columns, group), group.length);
    const errors = solve(block, group.map((index) => weights[index] ?? 0));
    const sum = solveLower(block, new Float64Array(group.length).fill(1));
    const mean = errors.reduce((total, error) => total + error, 0) / group.length;
    const variance = dot(sum, sum) / group.length ** 2;
    return mean ** 2 > groupLimit ** 2 * variance ? mean ** 2 : 0;
  });
  return { rows, groups: shared };
}
