/**
 * The baseline of the kernel benchmark: the fastest plain reads of memory that 16-byte loads allow. What is read is combined, so that
 * no load can be left out. Which of the two is faster depends on the cache that holds the bytes and on its prefetcher.
 */

/** One pass. @param bytes a multiple of 256 */
export function readInOrder(at: usize, bytes: usize): i32 {
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (const end = at + bytes; at < end; at += 256) {
    a = v128.xor(a, v128.load(at, 0));
    b = v128.xor(b, v128.load(at, 16));
    c = v128.xor(c, v128.load(at, 32));
    d = v128.xor(d, v128.load(at, 48));
    e = v128.xor(e, v128.load(at, 64));
    f = v128.xor(f, v128.load(at, 80));
    g = v128.xor(g, v128.load(at, 96));
    h = v128.xor(h, v128.load(at, 112));
    a = v128.xor(a, v128.load(at, 128));
    b = v128.xor(b, v128.load(at, 144));
    c = v128.xor(c, v128.load(at, 160));
    d = v128.xor(d, v128.load(at, 176));
    e = v128.xor(e, v128.load(at, 192));
    f = v128.xor(f, v128.load(at, 208));
    g = v128.xor(g, v128.load(at, 224));
    h = v128.xor(h, v128.load(at, 240));
  }
  return combine(a, b, c, d, e, f, g, h);
}

/** The four quarters side by side. @param bytes a multiple of 256 */
export function readInQuarters(at: usize, bytes: usize): i32 {
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  const quarter = bytes / 4;
  let second = at + quarter;
  let third = second + quarter;
  let fourth = third + quarter;
  for (const end = at + quarter; at < end; at += 64) {
    a = v128.xor(a, v128.load(at, 0));
    b = v128.xor(b, v128.load(at, 16));
    c = v128.xor(c, v128.load(second, 0));
    d = v128.xor(d, v128.load(second, 16));
    e = v128.xor(e, v128.load(third, 0));
    f = v128.xor(f, v128.load(third, 16));
    g = v128.xor(g, v128.load(fourth, 0));
    h = v128.xor(h, v128.load(fourth, 16));
    a = v128.xor(a, v128.load(at, 32));
    b = v128.xor(b, v128.load(at, 48));
    c = v128.xor(c, v128.load(second, 32));
    d = v128.xor(d, v128.load(second, 48));
    e = v128.xor(e, v128.load(third, 32));
    f = v128.xor(f, v128.load(third, 48));
    g = v128.xor(g, v128.load(fourth, 32));
    h = v128.xor(h, v128.load(fourth, 48));
    second += 64;
    third += 64;
    fourth += 64;
  }
  return combine(a, b, c, d, e, f, g, h);
}

function combine(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128): i32 {
  const even = v128.xor(v128.xor(a, c), v128.xor(e, g));
  const odd = v128.xor(v128.xor(b, d), v128.xor(f, h));
  return i32x4.extract_lane(v128.xor(even, odd), 0);
}
