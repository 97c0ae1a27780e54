/**
 * BM25, as Robertson and Zaragoza give it ("The Probabilistic Relevance Framework: BM25 and Beyond", 2009), in two halves:
 * a term's weight in a text, and its rarity among texts.
 */

/** k1: how soon repetition stops to count. b: how far a text's length counts against it, from 0 not at all to 1 in full. */
export interface Saturation {
  k1: number;
  b: number;
}

/** For whole pages, the usual values. */
export const PAGE: Saturation = { k1: 1.2, b: 0.75 };
/** For passages: nearly of one length, and about one thing, which they need not repeat. */
export const PASSAGE: Saturation = { k1: 0.6, b: 0.7 };

/** Page weights as bytes: this many make one. The largest weight is below k1 + 1. */
export const WEIGHT_UNITS = 110;

/** The part of BM25 that depends on how often a term occurs in a text of a length: between 0 and k1 + 1. */
export function termWeight(count: number, length: number, averageLength: number, { k1, b }: Saturation): number {
  return (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / averageLength));
}

/** The part that depends on how many of all texts have the term; never negative. */
export function inverseDocumentFrequency(having: number, all: number): number {
  return Math.log(1 + (all - having + 0.5) / (having + 0.5));
}

/** Page weights as bytes, in units of 1 / WEIGHT_UNITS; at least one unit, however long the page is. */
export function bm25Weights(
  occurrences: readonly { count: number; length: number }[],
  averageLength: number,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(occurrences, ({ count, length }) =>
    Math.max(1, Math.round(termWeight(count, length, averageLength, PAGE) * WEIGHT_UNITS)),
  );
}
