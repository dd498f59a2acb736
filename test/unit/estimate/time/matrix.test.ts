import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cholesky, dot, inverseBlock, inverseColumns, solve, solveLower } from '../../../../src/estimate/time/matrix.ts';

const size = 4;
const cells = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: size * size, maxLength: size * size });

/** B·Bᵀ + I is symmetric and positive. */
const positive = (b: readonly number[]): Float64Array => Float64Array.from({ length: size * size }, (_, at) => {
  const [i, j] = [Math.floor(at / size), at % size];
  let sum = i === j ? 1 : 0;
  for (let k = 0; k < size; k++) sum += (b[i * size + k] ?? 0) * (b[j * size + k] ?? 0);
  return sum;
});

const times = (matrix: Float64Array, x: ArrayLike<number>): number[] =>
  Array.from({ length: size }, (_, i) => dot(matrix.subarray(i * size, (i + 1) * size), x));

describe('symmetric matrices', () => {
  it('solves what they multiply', () => {
    fc.assert(fc.property(cells, fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size }), (b, wanted) => {
      const matrix = positive(b);
      const solved = times(matrix, solve(cholesky(matrix, size), wanted));
      wanted.forEach((value, i) => assert.ok(Math.abs((solved[i] ?? NaN) - value) < 1e-6, `${solved[i]} for ${value}`));
    }));
  });

  it('are the square of their lower half', () => {
    fc.assert(fc.property(cells, (b) => {
      const matrix = positive(b);
      const { lower } = cholesky(matrix, size);
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) {
        if (j > i) assert.equal(lower[i * size + j], 0);
        const square = dot(lower.subarray(i * size, (i + 1) * size), lower.subarray(j * size, (j + 1) * size));
        assert.ok(Math.abs(square - (matrix[i * size + j] ?? NaN)) < 1e-9);
      }
    }));
  });

  it('gives the length of a vector in their own measure', () => {
    const matrix = positive([1, 2, 0, 1, 0, 1, 1, 0, 2, 0, 1, 1, 1, 1, 0, 2]);
    const factor = cholesky(matrix, size);
    const b = [1, -2, 3, 0.5];
    const half = solveLower(factor, b);
    assert.ok(Math.abs(dot(half, half) - dot(b, solve(factor, b))) < 1e-9);
  });

  it('gives any block of their inverse', () => {
    fc.assert(fc.property(cells, fc.subarray([0, 1, 2, 3], { minLength: 1 }), (b, indices) => {
      const factor = cholesky(positive(b), size);
      const block = inverseBlock(inverseColumns(factor), indices);
      indices.forEach((row, i) => indices.forEach((column, j) => {
        const unit = Array.from({ length: size }, (_, at) => at === column ? 1 : 0);
        assert.ok(Math.abs((block[i * indices.length + j] ?? NaN) - (solve(factor, unit)[row] ?? NaN)) < 1e-9);
      }));
    }));
  });

  it('are solved and inverted at any size, though rows are taken four at a time', () => {
    for (let n = 1; n <= 13; n++) {
      const matrix = Float64Array.from({ length: n * n }, (_, at) => Math.exp(-Math.abs(Math.floor(at / n) - at % n) / 3) + (Math.floor(at / n) === at % n ? 0.1 : 0));
      const factor = cholesky(matrix, n);
      const columns = inverseColumns(factor);
      const inverse = inverseBlock(columns, [...columns.keys()]);
      for (let i = 0; i < n; i++) {
        assert.ok(columns[i]?.subarray(0, i).every((value) => value === 0));
        const unit = Float64Array.from({ length: n }, (_, at) => at === i ? 1 : 0);
        const solved = solve(factor, unit);
        const product = Float64Array.from({ length: n }, (_, row) => dot(matrix.subarray(row * n, (row + 1) * n), inverse.subarray(i * n, (i + 1) * n)));
        product.forEach((value, row) => assert.ok(Math.abs(value - (unit[row] ?? 0)) < 1e-9, `${n}: ${[...product].join()}`));
        solved.forEach((value, row) => assert.ok(Math.abs(value - (inverse[i * n + row] ?? NaN)) < 1e-9));
      }
    }
  });

  it('sums from where it is told to', () => {
    assert.equal(dot([1, 2, 3], [4, 5, 6]), 32);
    assert.equal(dot([1, 2, 3], [4, 5, 6], 2), 18);
  });

  it('bears two rows that are the same', () => {
    assert.ok([...solve(cholesky(Float64Array.of(1, 1, 1, 1), 2), [1, 1])].every(Number.isFinite));
    assert.equal(cholesky(new Float64Array(), 0).lower.length, 0);
  });
});
