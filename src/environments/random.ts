/** Seeded random numbers, so that what is drawn can be drawn again. Pure. Not for secrets. */
import type { Random } from "./rehearsal.ts";

/**
 * The sequence that belongs to these names: the same names, the same sequence; other names, another one.
 * Hash: 32-bit FNV-1a. Generator: mulberry32 (Tommy Ettinger, public domain), which passes common tests of randomness.
 */
export function seededRandom(...names: readonly (string | number)[]): Random {
  let state = hash(JSON.stringify(names));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The values in an order drawn by `random`. */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  const drawn = [...values];
  for (let end = drawn.length - 1; end > 0; end--) {
    const at = Math.floor(random() * (end + 1));
    [drawn[end], drawn[at]] = [drawn[at]!, drawn[end]!];
  }
  return drawn;
}

function hash(text: string): number {
  let state = 2166136261;
  for (const unit of text) state = Math.imul(state ^ unit.codePointAt(0)!, 16777619);
  return state;
}
