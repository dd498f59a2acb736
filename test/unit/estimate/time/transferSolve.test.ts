import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { cholesky, dot, inverseColumns, inverseEntry, solve, solveLower, solveUpper } from '../../../../src/estimate/time/transferSolve.ts';

const entry = fc.double({ min: -3, max: 3, noNaN: true });

/** A·Aᵀ + I is positive definite whatever A is. */
const problem = fc.integer({ min: 1, max: 7 }).chain((size) => fc.record({
  matrix: fc.array(fc.array(entry, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }).map((rows) =>
    rows.map((a, i) => Float64Array.from(rows, (b, j) => dot(a, b) + (i === j ? 1 : 0)))),
  right: fc.array(entry, { minLength: size, maxLength: size }).map((values) => Float64Array.from(values)),
}));

const times = (matrix: readonly Float64Array[], x: Float64Array): Float64Array => Float64Array.from(matrix, (row) => dot(row, x));

function near(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) assert.ok(Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN)) < 1e-6, `${[...Array.from(actual)]} for ${[...Array.from(expected)]}`);
}

describe('cholesky', () => {
  it('is a lower triangle whose square is the matrix', () => {
    fc.assert(fc.property(problem, ({ matrix }) => {
      const lower = cholesky(matrix);
      lower.forEach((row, i) => row.forEach((value, j) => assert.ok(j <= i || value === 0)));
      matrix.forEach((row, i) => near(Float64Array.from(lower, (other) => dot(lower[i] ?? [], other)), row));
    }));
  });

  it('reads the lower half only', () => {
    const whole = [Float64Array.of(4, 2), Float64Array.of(2, 5)];
    const half = [Float64Array.of(4, NaN), Float64Array.of(2, 5)];
    assert.deepEqual(cholesky(half), cholesky(whole));
    assert.deepEqual(cholesky(whole), [Float64Array.of(2, 0), Float64Array.of(1, 2)]);
  });

  it('refuses what is not positive definite', () => {
    assert.throws(() => cholesky([Float64Array.of(1, 2), Float64Array.of(2, 1)]), RangeError);
    assert.throws(() => cholesky([Float64Array.of(0)]), RangeError);
  });

  it('takes no evidence for none', () => assert.deepEqual(cholesky([]), []));
});

describe('solving', () => {
  it('gives back what the matrix was multiplied with', () => {
    fc.assert(fc.property(problem, ({ matrix, right }) => near(solve(cholesky(matrix), times(matrix, right)), right)));
  });

  it('solves each triangle by itself', () => {
    fc.assert(fc.property(problem, ({ matrix, right }) => {
      const lower = cholesky(matrix);
      near(times(lower, solveLower(lower, right)), right);
      const upper = lower.map((_, i) => Float64Array.from(lower, (row) => row[i] ?? 0));
      near(times(upper, solveUpper(lower, right)), right);
    }));
  });

  it('does not write into what it is given', () => {
    const lower = cholesky([Float64Array.of(4, 2), Float64Array.of(2, 5)]);
    const right = Float64Array.of(1, 2);
    solve(lower, right);
    assert.deepEqual(right, Float64Array.of(1, 2));
  });
});

describe('the inverse', () => {
  it('undoes the matrix, entry by entry', () => {
    fc.assert(fc.property(problem, ({ matrix }) => {
      const columns = inverseColumns(cholesky(matrix));
      matrix.forEach((_, i) => {
        const inverted = Float64Array.from(matrix, (_row, j) => inverseEntry(columns, i, j));
        near(times(matrix, inverted), Float64Array.from(matrix, (_row, j) => i === j ? 1 : 0));
      });
    }));
  });
});
