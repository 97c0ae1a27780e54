/**
 * The leading eigenvectors of a sparse symmetric matrix by randomised subspace iteration (Halko, Martinsson and Tropp, "Finding
 * structure with randomness", SIAM Review 2011). For such a matrix they are also its leading singular vectors, up to sign.
 * Deterministic: the random start is seeded.
 */
import type { SparseMatrix } from "./cooccurrence.ts";
import { eigen } from "./eigen.ts";

/** Directions carried beside those wanted, and times the matrix is applied: enough for the wanted ones to settle. */
const OVERSAMPLING = 8;
const ITERATIONS = 4;
const SEED = 1;

/**
 * Each row's coordinates along the eigenvectors of largest magnitude, times the root of that magnitude.
 * @returns row-major, size × dimensions; columns past the matrix's own rank are zero
 */
export function embedRows(matrix: SparseMatrix, dimensions: number): Float32Array {
  const width = Math.min(dimensions + OVERSAMPLING, matrix.size);
  let basis = orthonormal(randomSigns(matrix.size, width), width);
  for (let iteration = 0; iteration < ITERATIONS; iteration++)
    basis = orthonormal(multiply(matrix, basis, width), width);
  const { values, vectors } = eigen(project(basis, multiply(matrix, basis, width), width), width);
  const order = [...values.keys()].sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!)).slice(0, dimensions);
  const rows = new Float32Array(matrix.size * dimensions);
  for (let row = 0; row < matrix.size; row++) {
    order.forEach((column, dimension) => {
      let coordinate = 0;
      for (let at = 0; at < width; at++) coordinate += basis[row * width + at]! * vectors[at * width + column]!;
      rows[row * dimensions + dimension] = coordinate * Math.sqrt(Math.abs(values[column]!));
    });
  }
  return rows;
}

/** +1 and -1 by a xorshift generator (Marsaglia, 2003). */
function randomSigns(size: number, width: number): Float64Array {
  let state = SEED;
  return Float64Array.from({ length: size * width }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state < 0 ? -1 : 1;
  });
}

function multiply({ size, first, columns, values }: SparseMatrix, right: Float64Array, width: number): Float64Array {
  const product = new Float64Array(size * width);
  for (let row = 0; row < size; row++) {
    const to = row * width;
    for (let entry = first[row]!; entry < first[row + 1]!; entry++) {
      const value = values[entry]!;
      const from = columns[entry]! * width;
      for (let at = 0; at < width; at++) product[to + at]! += value * right[from + at]!;
    }
  }
  return product;
}

/** Gram–Schmidt, modified, on the columns, in place. A column that depends on those before it becomes zero. */
function orthonormal(columns: Float64Array, width: number): Float64Array {
  const size = columns.length / width;
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let row = 0; row < size; row++) sum += columns[row * width + a]! * columns[row * width + b]!;
    return sum;
  };
  for (let column = 0; column < width; column++) {
    const before = Math.sqrt(dot(column, column));
    for (let earlier = 0; earlier < column; earlier++) {
      const along = dot(earlier, column);
      for (let row = 0; row < size; row++) columns[row * width + column]! -= along * columns[row * width + earlier]!;
    }
    const length = Math.sqrt(dot(column, column));
    const scale = length > 1e-10 * before ? 1 / length : 0;
    for (let row = 0; row < size; row++) columns[row * width + column]! *= scale;
  }
  return columns;
}

/** basisᵀ × image: the matrix as the basis sees it. Made symmetric, which it is but for rounding. */
function project(basis: Float64Array, image: Float64Array, width: number): Float64Array {
  const product = new Float64Array(width * width);
  for (let row = 0; row < basis.length; row += width) {
    for (let a = 0; a < width; a++) {
      const left = basis[row + a]!;
      for (let b = 0; b < width; b++) product[a * width + b]! += left * image[row + b]!;
    }
  }
  return product.map((value, at) => (value + product[(at % width) * width + Math.floor(at / width)]!) / 2);
}
