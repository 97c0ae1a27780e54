/**
 * The kernel of the vector scan, in AssemblyScript: one score per row, in one pass over the codes. Never allocates: the memory is
 * the host's, and every address is an argument. `../layout.ts` draws the order of the codes.
 *
 * Rows are signed bytes and the query is 7-bit because i32x4.relaxed_dot_i8x16_i7x16_add_s leaves two things to the engine:
 * whether its second operand is signed, and whether a sum of two products saturates at 16 bits. Of codes from 0 to 127 the
 * sign bit is never set, and two products are at most 2 × 128 × 127 = 32,512 < 2^15: every engine gives the same integer. It fits
 * 32 bits up to 130,000 dimensions. It is a single instruction where the processor has one for it (AVX-VNNI, Arm's dot product).
 */

const BYTES_PER_VECTOR: usize = 16;
/** Eight vectors of four rows: as many sums in flight as hide the latency of the dot product. */
const BYTES_PER_STEP: usize = 8 * BYTES_PER_VECTOR;
/** What a block of 32 rows has of offsets, of scales and of scores. */
const BYTES_PER_BLOCK: usize = 32 * 4;

/**
 * scores[row] = (offsets[row] + Σ codes[row] × query) × scales[row] × queryScale, in float32.
 * @param codes address of blocks × steps × 128 bytes
 * @param query address of steps × 4 bytes from 0 to 127
 * @param offsets address of blocks × 32 i32: where each row's sum starts
 * @param scales address of blocks × 32 f32; `scores` likewise
 */
export function scan(
  codes: usize,
  blocks: usize,
  steps: usize,
  query: usize,
  offsets: usize,
  scales: usize,
  scores: usize,
  queryScale: f32,
): void {
  const queryEnd = query + steps * 4;
  const factor = f32x4.splat(queryScale);
  for (let block: usize = 0; block < blocks; block++) {
    let sum0 = v128.load(offsets, 0);
    let sum1 = v128.load(offsets, 16);
    let sum2 = v128.load(offsets, 32);
    let sum3 = v128.load(offsets, 48);
    let sum4 = v128.load(offsets, 64);
    let sum5 = v128.load(offsets, 80);
    let sum6 = v128.load(offsets, 96);
    let sum7 = v128.load(offsets, 112);
    for (let at = query; at < queryEnd; at += 4) {
      const q = v128.load32_splat(at);
      sum0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(codes, 0), q, sum0);
      sum1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(codes, 16), q, sum1);
      sum2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(codes, 32), q, sum2);
      sum3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(codes, 48), q, sum3);
      sum4 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(codes, 64), q, sum4);
      sum5 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(codes, 80), q, sum5);
      sum6 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(codes, 96), q, sum6);
      sum7 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(codes, 112), q, sum7);
      codes += BYTES_PER_STEP;
    }
    storeScores(scores, scales, sum0, factor);
    storeScores(scores + 16, scales + 16, sum1, factor);
    storeScores(scores + 32, scales + 32, sum2, factor);
    storeScores(scores + 48, scales + 48, sum3, factor);
    storeScores(scores + 64, scales + 64, sum4, factor);
    storeScores(scores + 80, scales + 80, sum5, factor);
    storeScores(scores + 96, scales + 96, sum6, factor);
    storeScores(scores + 112, scales + 112, sum7, factor);
    offsets += BYTES_PER_BLOCK;
    scales += BYTES_PER_BLOCK;
    scores += BYTES_PER_BLOCK;
  }
}

function storeScores(scores: usize, scales: usize, sums: v128, factor: v128): void {
  v128.store(scores, f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(scales)), factor));
}
