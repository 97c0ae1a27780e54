/**
 * The kernel of the vector scan (AssemblyScript): one score per row of quantised codes, in one pass over memory.
 * Never allocates: the memory is the host's, and every address is an argument. `../layout.ts` draws the layout.
 *
 * A row's codes are signed bytes. The query's are 7-bit: i32x4.relaxed_dot_i8x16_i7x16_add_s leaves it to the engine
 * whether its second operand is signed, and whether a sum of two products saturates at 16 bits. From 0 to 127 both readings
 * are the same, and two products are at most 2 × 128 × 127 = 32,512: every engine gives the same integer.
 */

/** Eight vectors of four rows: as many sums in flight as hide the latency of a dot product. */
const ROWS_PER_BLOCK: i32 = 32;
const BYTES_PER_STEP: usize = 128;

/**
 * scores[row] = (offsets[row] + Σ codes[row] × query) × scales[row] × queryScale, in float32.
 * @param codes blocks × steps × 128 bytes, 16-byte aligned as all that follow
 * @param query steps × 4 bytes from 0 to 127
 * @param offsets where each row's sum starts, i32; `scales` and `scores` are f32; each is blocks × 32 long
 */
export function scan(
  codes: usize,
  blocks: i32,
  steps: usize,
  query: usize,
  offsets: usize,
  scales: usize,
  scores: usize,
  queryScale: f32,
): void {
  const factor = f32x4.splat(queryScale);
  for (let block = 0; block < blocks; block++) {
    let sum0 = v128.load(offsets, 0);
    let sum1 = v128.load(offsets, 16);
    let sum2 = v128.load(offsets, 32);
    let sum3 = v128.load(offsets, 48);
    let sum4 = v128.load(offsets, 64);
    let sum5 = v128.load(offsets, 80);
    let sum6 = v128.load(offsets, 96);
    let sum7 = v128.load(offsets, 112);
    const end = query + (steps << 2);
    for (let at = query; at < end; at += 4) {
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
    store(scores, scales, 0, sum0, factor);
    store(scores, scales, 16, sum1, factor);
    store(scores, scales, 32, sum2, factor);
    store(scores, scales, 48, sum3, factor);
    store(scores, scales, 64, sum4, factor);
    store(scores, scales, 80, sum5, factor);
    store(scores, scales, 96, sum6, factor);
    store(scores, scales, 112, sum7, factor);
    offsets += ROWS_PER_BLOCK * 4;
    scales += ROWS_PER_BLOCK * 4;
    scores += ROWS_PER_BLOCK * 4;
  }
}

function store(scores: usize, scales: usize, at: usize, sum: v128, factor: v128): void {
  const scaled = f32x4.mul(f32x4.convert_i32x4_s(sum), v128.load(scales + at));
  v128.store(scores + at, f32x4.mul(scaled, factor));
}
