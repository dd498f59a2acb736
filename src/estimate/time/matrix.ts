/** Dense symmetric matrices, row by row in one array. Small enough for plain loops: a few hundred rows. */
export interface Cholesky {
  readonly size: number;
  /** Lower triangle L with A = L·Lᵀ. */
  readonly lower: Float64Array;
}

export function cholesky(matrix: Float64Array, size: number): Cholesky {
  const lower = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const pivot = j * size;
    let square = matrix[pivot + j] ?? 0;
    for (let k = 0; k < j; k++) square -= (lower[pivot + k] ?? 0) ** 2;
    // Rounding may leave a repeated row a hair below zero.
    const root = Math.sqrt(Math.max(square, 1e-12));
    lower[pivot + j] = root;
    // Four rows at a time share what is read of the pivot's, which is where a fit spends its time.
    let i = j + 1;
    for (; i + 3 < size; i += 4) {
      const [a, b, c, d] = [i * size, (i + 1) * size, (i + 2) * size, (i + 3) * size];
      let first = matrix[a + j] ?? 0;
      let second = matrix[b + j] ?? 0;
      let third = matrix[c + j] ?? 0;
      let fourth = matrix[d + j] ?? 0;
      for (let k = 0; k < j; k++) {
        const value = lower[pivot + k] ?? 0;
        first -= value * (lower[a + k] ?? 0);
        second -= value * (lower[b + k] ?? 0);
        third -= value * (lower[c + k] ?? 0);
        fourth -= value * (lower[d + k] ?? 0);
      }
      lower[a + j] = first / root;
      lower[b + j] = second / root;
      lower[c + j] = third / root;
      lower[d + j] = fourth / root;
    }
    for (; i < size; i++) {
      let rest = matrix[i * size + j] ?? 0;
      for (let k = 0; k < j; k++) rest -= (lower[pivot + k] ?? 0) * (lower[i * size + k] ?? 0);
      lower[i * size + j] = rest / root;
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

/** Columns of L⁻¹, each zero above its own index; products of two of them are cells of A⁻¹. */
export function inverseColumns({ size, lower }: Cholesky): readonly Float64Array[] {
  const columns = Array.from({ length: size }, () => new Float64Array(size));
  // Four columns at a time share what is read of each row.
  for (let first = 0; first < size; first += 4) {
    const [a = none, b = none, c = none, d = none] = [0, 1, 2, 3].map((next) => columns[first + next] ?? new Float64Array(size));
    for (let i = first; i < size; i++) {
      const row = i * size;
      let ofA = i === first ? 1 : 0;
      let ofB = i === first + 1 ? 1 : 0;
      let ofC = i === first + 2 ? 1 : 0;
      let ofD = i === first + 3 ? 1 : 0;
      for (let k = first; k < i; k++) {
        const value = lower[row + k] ?? 0;
        ofA -= value * (a[k] ?? 0);
        ofB -= value * (b[k] ?? 0);
        ofC -= value * (c[k] ?? 0);
        ofD -= value * (d[k] ?? 0);
      }
      const pivot = lower[row + i] ?? 1;
      a[i] = ofA / pivot;
      b[i] = ofB / pivot;
      c[i] = ofC / pivot;
      d[i] = ofD / pivot;
    }
  }
  return columns;
}

/** The block of A⁻¹ that belongs to `indices`. */
export function inverseBlock(columns: readonly Float64Array[], indices: readonly number[]): Float64Array {
  const size = indices.length;
  const block = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) {
    const [left, right] = [indices[i] ?? 0, indices[j] ?? 0];
    // Each column is zero above its own index.
    const value = dot(columns[left] ?? none, columns[right] ?? none, Math.max(left, right));
    block[i * size + j] = value;
    block[j * size + i] = value;
  }
  return block;
}

const none = new Float64Array();

export function dot(a: ArrayLike<number>, b: ArrayLike<number>, from = 0): number {
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
