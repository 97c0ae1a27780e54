/**
 * Where the codes of quantised vectors lie, so that one pass over memory gives every row's dot product with a query
 * and no sum has to be taken across the lanes of a SIMD register. Positions only: never touches a code.
 *
 * Rows come in blocks of 32, a block's dimensions in steps of 4. A step is eight 16-byte vectors of four rows each:
 *
 *     step 0 (dimensions 0 to 3)                                           step 1 (4 to 7)      …
 *     ├─ vector 0 ────────────────────────────┬ … ┬─ vector 7 ────────┤    ├─ vector 0 ───────
 *     │ row 0   │ row 1   │ row 2   │ row 3   │ … │ row 28 … row 31   │    │ row 0   │ row 1 …
 *     │ 0 1 2 3 │ 0 1 2 3 │ 0 1 2 3 │ 0 1 2 3 │   │                   │    │ 4 5 6 7 │
 *
 * The query's four codes of the step, repeated in each of a register's four lanes, meet one vector per instruction. Rows and
 * dimensions that fill up the last block and step are zero.
 */

const ROWS_PER_BLOCK = 32;
const DIMENSIONS_PER_STEP = 4;
const CODES_PER_STEP = ROWS_PER_BLOCK * DIMENSIONS_PER_STEP;

export const blockCount = (count: number) => Math.ceil(count / ROWS_PER_BLOCK);
export const stepCount = (dimensions: number) => Math.ceil(dimensions / DIMENSIONS_PER_STEP);

export const paddedCount = (count: number) => blockCount(count) * ROWS_PER_BLOCK;
export const paddedDimensions = (dimensions: number) => stepCount(dimensions) * DIMENSIONS_PER_STEP;

/** Codes, of one byte each, of `count` vectors with all padding. */
export const codeCount = (count: number, dimensions: number) => paddedCount(count) * paddedDimensions(dimensions);

/** Where a row's first code is. */
export function rowPosition(row: number, dimensions: number): number {
  const block = Math.floor(row / ROWS_PER_BLOCK);
  return block * stepCount(dimensions) * CODES_PER_STEP + (row % ROWS_PER_BLOCK) * DIMENSIONS_PER_STEP;
}

/** How far from its row's first code a dimension's is. */
export function dimensionOffset(dimension: number): number {
  const step = Math.floor(dimension / DIMENSIONS_PER_STEP);
  return step * CODES_PER_STEP + (dimension % DIMENSIONS_PER_STEP);
}
