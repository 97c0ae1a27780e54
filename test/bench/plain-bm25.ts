/** BM25 without anything of ours but the words: what the ranking is measured against. k1 1.2, b 0.75, no stop words. */
import type { Document } from "../../src/corpus/document.ts";

const K1 = 1.2;
const B = 0.75;

export class PlainBm25 {
  readonly #documents: readonly Document[];
  readonly #lengths: number[];
  readonly #averageLength: number;
  /** By word: how often it occurs, by document. */
  readonly #occurrences = new Map<string, Map<number, number>>();

  constructor(documents: readonly Document[]) {
    this.#documents = documents;
    this.#lengths = documents.map(({ text }, at) => {
      const found = words(text);
      for (const word of found) {
        const counts = this.#occurrences.get(word) ?? new Map<number, number>();
        this.#occurrences.set(word, counts.set(at, (counts.get(at) ?? 0) + 1));
      }
      return found.length;
    });
    this.#averageLength = this.#lengths.reduce((sum, length) => sum + length, 0) / documents.length;
  }

  /** The rank of a document for a query, from 1. */
  rank(query: string, path: string): number {
    const scores = new Float64Array(this.#documents.length);
    for (const word of new Set(words(query))) {
      const counts = this.#occurrences.get(word) ?? new Map<number, number>();
      const rarity = Math.log(1 + (scores.length - counts.size + 0.5) / (counts.size + 0.5));
      for (const [at, count] of counts) {
        const norm = K1 * (1 - B + (B * this.#lengths[at]!) / this.#averageLength);
        scores[at]! += (rarity * count * (K1 + 1)) / (count + norm);
      }
    }
    const right = scores[this.#documents.findIndex((document) => document.path === path)]!;
    return scores.filter((score) => score >= right).length;
  }
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}
