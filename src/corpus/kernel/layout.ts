/**
 * Where the codes of quantised vectors lie, so that one pass over memory gives every row's dot product with a query
 * and no sum has to be taken across the lanes of a SIMD register. Positions only: never touches a code.
 *
 * Rows come in blocks of 32, a block's dimensions in steps of 4. A step is eight 16-byte vectors of four rows each:
 *
 *     step 0 (dimensions 0 to 3)                                         step 1 (4 to 7)      …
 *     ├─ vector 0 ────────────────────────────┬ … ┬─ vector 7 ────────┤  ├─ vector 0 ───────
 *     │ row 0   │ row 1   │ row 2   │ row 3   │ … │ row 28 … row 31   │  │ row 0   │ row 1 …
 *     │ 0 1 2 3 │ 0 1 2 3 │ 0 1 2 3 │ 0 1 2 3 │   │                   │  │ 4 5 6 7 │
 *
 * The query's four codes of the step, repeated in each of a register's four lanes, meet one vector per instruction. Rows and
 * dimensions that fill up a block or a step are zero.
 */

export const ROWS_PER_BLOCK = 32;
export const DIMENSIONS_PER_STEP = 4;
const CODES_PER_STEP = ROWS_PER_BLOCK * DIMENSIONS_PER_STEP;

export function blockCount(count: number): number {
  return Math.ceil(count / ROWS_PER_BLOCK);
}

export function stepCount(dimensions: number): number {
  return Math.ceil(dimensions / DIMENSIONS_PER_STEP);
}

/** Codes, which are bytes, of `count` vectors with all padding. */
export function codeCount(count: number, dimensions: number): number {
  return blockCount(count) * stepCount(dimensions) * CODES_PER_STEP;
}

/** Where a row's first code is. */
export function rowPosition(row: number, dimensions: number): number {
  const block = Math.floor(row / ROWS_PER_BLOCK);
  return (
    block * stepCount(dimensions) * CODES_PER_STEP + (row % ROWS_PER_BLOCK) * DIMENSIONS_PER_STEP
  );
}

/** How far from its row's first code a dimension's is. */
export function dimensionOffset(dimension: number): number {
  const step = Math.floor(dimension / DIMENSIONS_PER_STEP);
  return step * CODES_PER_STEP + (dimension % DIMENSIONS_PER_STEP);
}
