/** Dense symmetric matrices, row by row in one array. Small enough for plain loops: a few hundred rows. */
export interface Cholesky {
  readonly size: number;
  /** Lower triangle L with A = L·Lᵀ. */
  readonly lower: Float64Array;
}

export function cholesky(matrix: Float64Array, size: number): Cholesky {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = lower.subarray(i * size, i * size + i + 1);
    for (let j = 0; j <= i; j++) {
      const other = lower.subarray(j * size, j * size + j + 1);
      let sum = matrix[i * size + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (row[k] ?? 0) * (other[k] ?? 0);
      // Rounding may leave a repeated row a hair below zero.
      row[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (other[j] ?? 1);
    }
  }
  return { size, lower };
}

/** x of L·x = b. */
export function solveLower({ size, lower }: Cholesky, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const row = lower.subarray(i * size, i * size + i + 1);
    let sum = b[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (row[k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (row[i] ?? 1);
  }
  return x;
}

/** x of A·x = b. */
export function solve(factor: Cholesky, b: ArrayLike<number>): Float64Array {
  const { size, lower } = factor;
  const x = solveLower(factor, b);
  for (let i = size - 1; i >= 0; i--) {
    const value = (x[i] ?? 0) / (lower[i * size + i] ?? 1);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = (x[k] ?? 0) - (lower[i * size + k] ?? 0) * value;
  }
  return x;
}

/** Columns of L⁻¹; products of two of them are cells of A⁻¹. */
export function inverseColumns({ size, lower }: Cholesky): readonly Float64Array[] {
  return Array.from({ length: size }, (_, first) => {
    const column = new Float64Array(size);
    column[first] = 1 / (lower[first * size + first] ?? 1);
    for (let i = first + 1; i < size; i++) {
      let sum = 0;
      for (let k = first; k < i; k++) sum -= (lower[i * size + k] ?? 0) * (column[k] ?? 0);
      column[i] = sum / (lower[i * size + i] ?? 1);
    }
    return column;
  });
}

/** The block of A⁻¹ that belongs to `indices`. */
export function inverseBlock(columns: readonly Float64Array[], indices: readonly number[]): Float64Array {
  const size = indices.length;
  const block = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) {
    const value = dot(columns[indices[i] ?? 0] ?? [], columns[indices[j] ?? 0] ?? []);
    block[i * size + j] = value;
    block[j * size + i] = value;
  }
  return block;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
