/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi's rotations (Golub and Van Loan, "Matrix Computations",
 * 8.5). Deterministic.
 */

/** More than any matrix needs: convergence is quadratic. */
const SWEEPS = 30;
/** Off the diagonal, measured by the whole: what is below is zero for us. */
const TOLERANCE = 1e-12;

/** @returns eigenvalues in no order; `vectors` row-major, with the vector of value i in column i */
export function eigen(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(size * size);
  for (let at = 0; at < size; at++) vectors[at * size + at] = 1;
  const whole = Math.hypot(...a);
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a, size) > TOLERANCE * whole; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, at) => a[at * size + at]!), vectors };
}

function offDiagonal(a: Float64Array, size: number): number {
  let squares = 0;
  for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) squares += a[p * size + q]! ** 2;
  return Math.sqrt(2 * squares);
}

/** Turns the plane of p and q so that their entry becomes zero. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const entry = a[p * size + q]!;
  if (entry === 0) return;
  const slope = (a[q * size + q]! - a[p * size + p]!) / (2 * entry);
  const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const mix = (values: Float64Array, i: number, j: number) => {
    const [x, y] = [values[i]!, values[j]!];
    values[i] = cosine * x - sine * y;
    values[j] = sine * x + cosine * y;
  };
  for (let at = 0; at < size; at++) mix(a, at * size + p, at * size + q);
  for (let at = 0; at < size; at++) mix(a, p * size + at, q * size + at);
  for (let at = 0; at < size; at++) mix(vectors, at * size + p, at * size + q);
}
