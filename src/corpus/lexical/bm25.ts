/**
 * BM25, as Robertson and Zaragoza give it ("The Probabilistic Relevance Framework: BM25 and Beyond", 2009), in two halves:
 * a term's weight in a page is known when the index is built, its rarity when it is asked for.
 */

/** How soon repetition stops to count. */
const K1 = 1.2;
/** How far a page's length counts against it: 0 not at all, 1 in full. */
const B = 0.75;

/** The weights as bytes: this many make one. The largest weight is below K1 + 1. */
export const WEIGHT_UNITS = 110;

/** The part of BM25 that depends on how often a term occurs in a text of a length: between 0 and K1 + 1. */
export function termWeight(count: number, length: number, averageLength: number): number {
  return (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / averageLength));
}

/** The part that depends on how many of all texts have the term; never negative. */
export function inverseDocumentFrequency(having: number, all: number): number {
  return Math.log(1 + (all - having + 0.5) / (having + 0.5));
}

/** Term weights as bytes, in units of 1 / WEIGHT_UNITS. */
export function bm25Weights(occurrences: readonly { count: number; length: number }[], lengths: readonly number[]): Uint8Array<ArrayBuffer> {
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  return Uint8Array.from(occurrences, ({ count, length }) => Math.round(termWeight(count, length, average) * WEIGHT_UNITS));
}
