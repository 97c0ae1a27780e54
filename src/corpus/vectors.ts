/**
 * Vectors as signed bytes with a scale each, and the scan that scores all of them against a query. Never ranks: its scores are
 * approximate, so whoever ranks takes a few more rows than wanted and orders those by `exactDot`.
 */
import {
  blockCount,
  codeCount,
  dimensionOffset,
  paddedCount,
  paddedDimensions,
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

const PAGE_BYTES = 65_536;

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
  readonly #dimensions: number;
  readonly #query: Uint8Array;
  readonly #scores: Float32Array;
  readonly #run: (queryScale: number) => void;

  /**
   * @param module `kernel/scan.wasm`, compiled
   * @throws RangeError when codes or scales are not as long as count and dimensions say, TypeError for another module
   */
  static create(module: WebAssembly.Module, quantised: QuantisedVectors): VectorScan {
    checkLengths(quantised);
    return new VectorScan(module, quantised);
  }

  private constructor(module: WebAssembly.Module, { count, dimensions, codes, scales }: QuantisedVectors) {
    const at = addresses(count, dimensions);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(at.end / PAGE_BYTES) });
    const { scan } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    if (!isScan(scan)) throw new TypeError("the module is not the scan kernel");
    const blocks = blockCount(count);
    const steps = stepCount(dimensions);

    this.count = count;
    this.#dimensions = dimensions;
    this.#query = new Uint8Array(memory.buffer, at.query, paddedDimensions(dimensions));
    this.#scores = new Float32Array(memory.buffer, at.scores, count);
    this.#run = (queryScale) => scan(at.codes, blocks, steps, at.query, at.offsets, at.scales, at.scores, queryScale);

    new Int8Array(memory.buffer, at.codes).set(codes);
    const kernelScales = new Float32Array(memory.buffer, at.scales, count);
    this.#computeOffsets(new Int32Array(memory.buffer, at.offsets, count), kernelScales);
    kernelScales.set(scales);
  }

  /**
   * The approximate dot product of every row with the query, in a view that the next call overwrites. Of vectors without
   * outlying components, an error is about 2 % of both lengths' product ÷ √dimensions.
   * @throws RangeError when the query has other dimensions than the rows, or a component that is not finite
   */
  scores(query: Float32Array): Float32Array {
    checkQuery(query, this.#dimensions);
    this.#run(quantiseQuery(query, this.#query));
    return this.#scores;
  }

  /**
   * A row's sum starts at -64 × the sum of its codes, which takes back the 64 that each of the query's codes is too high.
   * While all sums start at 0, that is the score of a query that is zero everywhere, at a scale of -1. It is exact in
   * float32: 64 × an integer far below 2^24.
   */
  #computeOffsets(offsets: Int32Array, kernelScales: Float32Array): void {
    kernelScales.fill(1);
    this.#query.fill(QUERY_ZERO);
    this.#run(-1);
    offsets.set(this.#scores);
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
  const scores = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const start = rowPosition(row, dimensions);
    let dot = 0;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      dot += codes[start + dimensionOffset(dimension)]! * (queryCodes[dimension]! - QUERY_ZERO);
    }
    scores[row] = Math.fround(Math.fround(dot) * scales[row]!) * queryScale;
  }
  return scores;
}

/** The dot product of one row of `vectors` (row-major, float32) with the query, summed in double precision. */
export function exactDot(vectors: Float32Array, row: number, dimensions: number, query: Float32Array): number {
  const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
  let dot = 0;
  for (let dimension = 0; dimension < dimensions; dimension++) dot += vector[dimension]! * query[dimension]!;
  return dot;
}

/** `scan` of `kernel/assembly/scan.ts`: everything but the counts and the scale is an address. */
type Scan = (
  codes: number,
  blocks: number,
  steps: number,
  query: number,
  offsets: number,
  scales: number,
  scores: number,
  queryScale: number,
) => void;

function isScan(exported: unknown): exported is Scan {
  return typeof exported === "function";
}

/** Where everything lies in the kernel's memory. All but the query is a multiple of 128 bytes long, and so aligned. */
function addresses(count: number, dimensions: number) {
  const perRow = paddedCount(count) * Float32Array.BYTES_PER_ELEMENT;
  const codes = 0;
  const offsets = codes + codeCount(count, dimensions);
  const scales = offsets + perRow;
  const scores = scales + perRow;
  const query = scores + perRow;
  return { codes, offsets, scales, scores, query, end: query + paddedDimensions(dimensions) };
}

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

/** By index: for...of takes four times as long, which is a tenth of a scan at 256 dimensions. */
function largestMagnitude(vector: Float32Array): number {
  let largest = 0;
  for (let dimension = 0; dimension < vector.length; dimension++)
    largest = Math.max(largest, Math.abs(vector[dimension]!));
  if (!Number.isFinite(largest)) throw new RangeError("a vector has a component that is not finite");
  return largest;
}

function checkLengths({ count, dimensions, codes, scales }: QuantisedVectors): void {
  if (codes.length === codeCount(count, dimensions) && scales.length === count) return;
  throw new RangeError(
    `${codes.length} codes and ${scales.length} scales are not ${count} vectors of ${dimensions} dimensions`,
  );
}

function checkQuery(query: Float32Array, dimensions: number): void {
  if (query.length !== dimensions)
    throw new RangeError(`a query of ${query.length} dimensions for vectors of ${dimensions}`);
}
