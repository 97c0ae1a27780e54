/** The terms of an index: their numbers and how rare they are. */
import type { Sections } from "../format.ts";
import { inverseDocumentFrequency } from "./bm25.ts";

/** Pairs of neighbours on fewer pages are too many to keep; a query takes them for a little rarer than the rarest kept. */
export const COMMON_BIGRAM_PAGES = 4;

export class Lexicon {
  /** Pages of the corpus. */
  readonly pages: number;
  /** Inverse document frequency by term. */
  readonly rarity: Float32Array;
  readonly #hashes: Uint32Array;
  readonly #bigramHashes: Uint32Array;
  readonly #bigramPages: Uint16Array | Uint32Array;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections) {
    const first = sections.get("postings.first", "uint32");
    this.pages = sections.get("passage.first", "uint32").length - 1;
    this.rarity = new Float32Array(first.length - 1);
    for (let id = 0; id < this.rarity.length; id++) this.rarity[id] = this.#rarity(first[id + 1]! - first[id]!);
    this.#hashes = sections.get("terms.hash", "uint32");
    this.#bigramHashes = sections.get("bigrams.hash", "uint32");
    this.#bigramPages = sections.getIds("bigrams.pages");
  }

  /** A term's number, or -1 when the corpus does not have it. */
  find(hash: number): number {
    return search(this.#hashes, hash);
  }

  /** The rarity of a term that no page has. */
  get unknownRarity(): number {
    return this.#rarity(0);
  }

  /** The rarity of a pair of neighbours; one that is not listed counts as just too rare to be. */
  bigramRarity(hash: number): number {
    const at = search(this.#bigramHashes, hash);
    return this.#rarity(at === -1 ? COMMON_BIGRAM_PAGES - 1 : this.#bigramPages[at]!);
  }

  #rarity(having: number): number {
    return inverseDocumentFrequency(Math.min(having, this.pages), this.pages);
  }
}

/** The place of a value in ascending values, or -1. */
function search(values: Uint32Array, value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = values[middle]!;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
