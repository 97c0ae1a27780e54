/**
 * Vectors as signed bytes with a scale each, and the scan that scores all of them against a query. Never ranks: the scores are
 * approximate, so whoever ranks takes a few more than wanted and orders those by `exactDot`.
 */
import {
  blockCount,
  codeCount,
  DIMENSIONS_PER_STEP,
  dimensionOffset,
  ROWS_PER_BLOCK,
  rowPosition,
  stepCount,
} from "./kernel/layout.ts";

/** The component of row r in dimension d is about its code × scales[r]. */
export interface QuantisedVectors {
  readonly count: number;
  readonly dimensions: number;
  /** From -127 to 127, in the order of `kernel/layout.ts`. */
  readonly codes: Int8Array;
  /** One per vector; 0 for a vector of zeros. */
  readonly scales: Float32Array;
}

const LARGEST_CODE = 127;
/** A query's codes are -63 to 63 with 64 added: seven bits without a sign, which the kernel's instruction needs. */
const LARGEST_QUERY_CODE = 63;
const QUERY_ZERO = 64;

/**
 * Rounds each vector to signed bytes; its largest component becomes ±127.
 * @param vectors row-major, count × dimensions
 * @throws RangeError when the last row is incomplete, or a component is not finite
 */
export function quantise(vectors: Float32Array, dimensions: number): QuantisedVectors {
  const count = vectors.length / dimensions;
  if (!Number.isInteger(count))
    throw new RangeError(`${vectors.length} values are not rows of ${dimensions} dimensions`);
  const codes = new Int8Array(codeCount(count, dimensions));
  const scales = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    const largest = largestMagnitude(vector);
    if (largest === 0) continue;
    scales[row] = largest / LARGEST_CODE;
    const codesPerUnit = LARGEST_CODE / largest;
    const start = rowPosition(row, dimensions);
    vector.forEach((value, dimension) => {
      codes[start + dimensionOffset(dimension)] = Math.round(value * codesPerUnit);
    });
  }
  return { count, dimensions, codes, scales };
}

/** Quantised vectors in the kernel's own memory: copied there once, read by every query. */
export class VectorScan {
  readonly count: number;
  readonly #query: Uint8Array;
  readonly #scores: Float32Array;
  readonly #scan: (queryScale: number) => void;
  readonly #dimensions: number;

  /**
   * @param module `kernel/scan.wasm`, compiled
   * @throws RangeError when codes or scales are not as long as count and dimensions say
   */
  static create(module: WebAssembly.Module, quantised: QuantisedVectors): VectorScan {
    checkLengths(quantised);
    return new VectorScan(module, quantised);
  }

  private constructor(
    module: WebAssembly.Module,
    { count, dimensions, codes, scales }: QuantisedVectors,
  ) {
    const rowBytes = blockCount(count) * ROWS_PER_BLOCK * Float32Array.BYTES_PER_ELEMENT;
    const offsetsAt = codes.length;
    const scalesAt = offsetsAt + rowBytes;
    const scoresAt = scalesAt + rowBytes;
    const queryAt = scoresAt + rowBytes;
    const queryBytes = stepCount(dimensions) * DIMENSIONS_PER_STEP;
    const memory = new WebAssembly.Memory({
      initial: Math.ceil((queryAt + queryBytes) / PAGE_BYTES),
    });
    const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports["scan"] as Kernel;

    this.count = count;
    this.#dimensions = dimensions;
    this.#query = new Uint8Array(memory.buffer, queryAt, queryBytes);
    this.#scores = new Float32Array(memory.buffer, scoresAt, count);
    this.#scan = (queryScale) =>
      kernel(
        0,
        blockCount(count),
        stepCount(dimensions),
        queryAt,
        offsetsAt,
        scalesAt,
        scoresAt,
        queryScale,
      );

    new Int8Array(memory.buffer).set(codes);
    const kernelScales = new Float32Array(memory.buffer, scalesAt, count);
    // A sum starts at what the 64 added to each of the query's codes will add to it, negated. The kernel itself says what that is:
    // it is the score of a query that is zero everywhere when no sum starts anywhere yet.
    kernelScales.fill(1);
    this.#query.fill(QUERY_ZERO);
    this.#scan(-1);
    new Int32Array(memory.buffer, offsetsAt, count).set(this.#scores);
    kernelScales.set(scales);
  }

  /**
   * The approximate dot product of every row with the query, in a view that the next call overwrites.
   * @throws RangeError when the query has other dimensions than the rows, or a component that is not finite
   */
  scores(query: Float32Array): Float32Array {
    checkQuery(query, this.#dimensions);
    this.#scan(quantiseQuery(query, this.#query));
    return this.#scores;
  }
}

/** What `VectorScan.scores` computes, bit for bit, in plain TypeScript. */
export function scoresReference(
  { count, dimensions, codes, scales }: QuantisedVectors,
  query: Float32Array,
): Float32Array {
  checkQuery(query, dimensions);
  const queryCodes = new Uint8Array(dimensions);
  const queryScale = Math.fround(quantiseQuery(query, queryCodes));
  return Float32Array.from({ length: count }, (_, row) => {
    const start = rowPosition(row, dimensions);
    let dot = 0;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      dot += codes[start + dimensionOffset(dimension)]! * (queryCodes[dimension]! - QUERY_ZERO);
    }
    return Math.fround(Math.fround(dot) * scales[row]!) * queryScale;
  });
}

/** The dot product of one row of `vectors` (row-major, float32) with the query, summed in double precision. */
export function exactDot(
  vectors: Float32Array,
  row: number,
  dimensions: number,
  query: Float32Array,
): number {
  const start = row * dimensions;
  let even = 0;
  let odd = 0;
  let dimension = 0;
  // Two sums: one alone would make every addition wait for the one before.
  for (; dimension + 1 < dimensions; dimension += 2) {
    even += vectors[start + dimension]! * query[dimension]!;
    odd += vectors[start + dimension + 1]! * query[dimension + 1]!;
  }
  return dimension < dimensions
    ? even + odd + vectors[start + dimension]! * query[dimension]!
    : even + odd;
}

/** `scan` of `kernel/assembly/scan.ts`. */
type Kernel = (
  codes: number,
  blocks: number,
  steps: number,
  query: number,
  offsets: number,
  scales: number,
  scores: number,
  queryScale: number,
) => void;

const PAGE_BYTES = 65_536;

/** Writes the query's codes and returns their scale. */
function quantiseQuery(query: Float32Array, codes: Uint8Array): number {
  const largest = largestMagnitude(query);
  const codesPerUnit = largest === 0 ? 0 : LARGEST_QUERY_CODE / largest;
  for (let dimension = 0; dimension < query.length; dimension++) {
    // Storing cuts the fraction off; the half makes that a rounding.
    codes[dimension] = query[dimension]! * codesPerUnit + QUERY_ZERO + 0.5;
  }
  return largest / LARGEST_QUERY_CODE;
}

function largestMagnitude(vector: Float32Array): number {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  if (!Number.isFinite(largest))
    throw new RangeError("a vector has a component that is not finite");
  return largest;
}

function checkLengths({ count, dimensions, codes, scales }: QuantisedVectors): void {
  if (codes.length !== codeCount(count, dimensions) || scales.length !== count) {
    throw new RangeError(
      `${codes.length} codes and ${scales.length} scales are not ${count} vectors of ${dimensions} dimensions`,
    );
  }
}

function checkQuery(query: Float32Array, dimensions: number): void {
  if (query.length !== dimensions)
    throw new RangeError(`a query of ${query.length} dimensions for vectors of ${dimensions}`);
}
