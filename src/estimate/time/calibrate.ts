import { z90 } from '../band.ts';
import type { Basis } from '../result.ts';
import { type Cholesky, cholesky, dot, inverseBlock, inverseColumns, solve } from './matrix.ts';

/**
 * How far off the fit really is on groups it has not seen, against what it expects of itself. Leaving a group out
 * needs no second fit: its errors are (K⁻¹ of its own block)⁻¹ · (K⁻¹·y) there, with that inverse as their covariance.
 */
export interface Held {
  readonly basis: Basis;
  readonly score: number;
  readonly weight: number;
}

/** Below this many errors of one basis, those of all of them say more. */
const enough = 12;
const narrowest = 0.45;
const widest = 3;

export interface Errors {
  readonly factor: Cholesky;
  /** Of its inverse, which several groupings share. */
  readonly columns: readonly Float64Array[];
  readonly deviations: Float64Array;
}

export function heldOut({ factor, columns, deviations }: Errors, groups: readonly (readonly number[])[], basisOf: (index: number, group: ReadonlySet<number>) => Basis): Held[] {
  const weights = solve(factor, deviations);
  const held: Held[] = [];
  for (const group of groups) {
    const members = new Set(group);
    const inner = cholesky(inverseBlock(columns, group), group.length);
    const errors = solve(inner, group.map((index) => weights[index] ?? 0));
    const spreads = inverseColumns(inner);
    group.forEach((index, i) => {
      const column = spreads[i] ?? weights;
      // One table of two hundred rows is one opinion of fourteen.
      held.push({ basis: basisOf(index, members), score: Math.abs(errors[i] ?? 0) / Math.sqrt(dot(column, column)), weight: 1 / Math.sqrt(group.length) });
    });
  }
  return held;
}

/** By how much to widen bands of each basis so that eight of ten held-out errors fall inside. */
export function wideners(held: readonly Held[]): (basis: Basis) => number {
  const all = widener(held);
  const by = new Map([...Map.groupBy(held, ({ basis }) => basis)].map(([basis, mine]) => [basis, mine.length < enough ? all : widener(mine)]));
  return (basis) => by.get(basis) ?? all;
}

function widener(held: readonly Held[]): number {
  const sorted = held.toSorted((a, b) => a.score - b.score);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let reached = 0;
  for (const { score, weight } of sorted) {
    reached += weight;
    if (reached >= 0.8 * total) return Math.min(widest, Math.max(narrowest, score / z90));
  }
  return 1;
}
