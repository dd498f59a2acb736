/**
 * The little linear algebra that regression needs, on plain row arrays. Matrices are symmetric and a few hundred
 * rows high, so clarity wins over blocking.
 */
export type Matrix = readonly Float64Array[];

/** Lower triangle L with L·Lᵀ = `matrix`, of which only the lower half is read. It must be positive definite. */
export function cholesky(matrix: Matrix): Matrix {
  const lower = matrix.map((row) => new Float64Array(row.length));
  matrix.forEach((row, i) => {
    const left = at(lower, i);
    for (let j = 0; j <= i; j++) {
      const other = at(lower, j);
      let sum = row[j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (left[k] ?? 0) * (other[k] ?? 0);
      if (i !== j) left[j] = sum / (other[j] ?? 1);
      else if (sum > 0) left[i] = Math.sqrt(sum);
      else throw new RangeError(`not positive definite at row ${i}`);
    }
  });
  return lower;
}

const at = (matrix: Matrix, row: number): Float64Array => matrix[row] ?? new Float64Array();

/** x with L·x = b. */
export function solveLower(lower: Matrix, b: Float64Array): Float64Array {
  const x = new Float64Array(b.length);
  lower.forEach((row, i) => {
    let sum = b[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (row[k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (row[i] ?? 1);
  });
  return x;
}

/** x with Lᵀ·x = b. */
export function solveUpper(lower: Matrix, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = b.length - 1; i >= 0; i--) {
    const row = at(lower, i);
    const value = (x[i] ?? 0) / (row[i] ?? 1);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = (x[k] ?? 0) - (row[k] ?? 0) * value;
  }
  return x;
}

/** x with `matrix`·x = b, by the factor of the matrix. */
export const solve = (lower: Matrix, b: Float64Array): Float64Array => solveUpper(lower, solveLower(lower, b));

/** Columns of L⁻¹; each is zero above its own index. */
export function inverseColumns(lower: Matrix): Matrix {
  return lower.map((_, column) => {
    const x = new Float64Array(lower.length);
    for (let i = column; i < lower.length; i++) {
      const row = at(lower, i);
      let sum = i === column ? 1 : 0;
      for (let k = column; k < i; k++) sum -= (row[k] ?? 0) * (x[k] ?? 0);
      x[i] = sum / (row[i] ?? 1);
    }
    return x;
  });
}

/** One entry of (L·Lᵀ)⁻¹, from the columns of L⁻¹: far cheaper than the whole where few are wanted. */
export function inverseEntry(columns: Matrix, i: number, j: number): number {
  const left = at(columns, i);
  const right = at(columns, j);
  let sum = 0;
  for (let k = Math.max(i, j); k < left.length; k++) sum += (left[k] ?? 0) * (right[k] ?? 0);
  return sum;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
