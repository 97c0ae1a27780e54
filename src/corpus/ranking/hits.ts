/**
 * Where a page has the terms of a query, in reading order. Its array serves one page after another.
 */
import type { Sections } from "../format.ts";
import { SLOTS } from "./query.ts";

/** A hit is the position in the page, in tokens, with the term's slot in its last bits. */
export const SLOT_BITS = 5;
/** A page that has a term more often is read by its first places: bounds what one huge document can cost. */
const PLACES = 256;
/** Below this, inserting is faster than the library's sort; pages of a report have about thirty. */
const FEW = 64;

export class HitReader {
  /** The hits of the page read last. */
  readonly hits = new Uint32Array(SLOTS * PLACES);
  /** By posting: its first place. */
  readonly #placeFirst: Uint32Array;
  readonly #places: Uint16Array | Uint32Array;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections) {
    this.#places = sections.getIds("positions.place");
    const counts = sections.getIds("positions.count");
    this.#placeFirst = new Uint32Array(counts.length + 1);
    for (let at = 0; at < counts.length; at++) this.#placeFirst[at + 1] = this.#placeFirst[at]! + counts[at]!;
  }

  /** Reads a page's hits in order; returns how many. @param postings by slot, then page: its posting and 1, or 0 */
  read(page: number, postings: readonly Uint32Array[]): number {
    const { hits } = this;
    const places = this.#places;
    let count = 0;
    for (let slot = 0; slot < postings.length; slot++) {
      const posting = postings[slot]![page]! - 1;
      if (posting === -1) continue;
      const start = this.#placeFirst[posting]!;
      const end = Math.min(this.#placeFirst[posting + 1]!, start + PLACES);
      for (let at = start; at < end; at++) hits[count++] = (places[at]! << SLOT_BITS) | slot;
    }
    if (count <= FEW) insertionSort(hits, count);
    else hits.subarray(0, count).sort();
    return count;
  }
}

function insertionSort(values: Uint32Array, count: number): void {
  for (let at = 1; at < count; at++) {
    const value = values[at]!;
    let to = at;
    while (to > 0 && values[to - 1]! > value) {
      values[to] = values[to - 1]!;
      to--;
    }
    values[to] = value;
  }
}
