/**
 * How much more often words stand near each other than chance would have it: positive pointwise mutual information with a
 * smoothed context distribution (Levy, Goldberg and Dagan, "Improving Distributional Similarity with Lessons Learned from
 * Word Embeddings", TACL 2015). Deterministic: the same passages give the same numbers.
 */
import type { PassageTerms } from "../lexical/build.ts";

/** A symmetric matrix by rows, without its zeros. */
export interface SparseMatrix {
  size: number;
  /** Each row's first entry, and the number of all. */
  first: Uint32Array;
  columns: Uint32Array;
  values: Float32Array;
}

/** Words this far apart still count as near, the less the further. */
const WINDOW = 8;
/** Frequent words count as somewhat rarer than they are; else rare pairs dominate. */
const SMOOTHING = 0.75;

/**
 * @param wordOf by term: its word, numbered from 0, or -1 for a term that is none
 */
export function cooccurrence(passages: PassageTerms, wordOf: Int32Array, words: number): SparseMatrix {
  const text = contextualWords(passages, wordOf);
  const { first: placeFirst, places } = placesByWord(text, words);
  const near = new Float64Array(words);
  const rows = Array.from({ length: words }, (_, word) => {
    for (let at = placeFirst[word]!; at < placeFirst[word + 1]!; at++) countNear(text, places[at]!, near);
    return takeRow(near);
  });
  return informative(rows);
}

interface Row {
  columns: Uint32Array;
  counts: Float64Array;
}

/** All words in order; passages are kept apart by -1, which also stands around the whole. */
function contextualWords({ tokenFirst, tokens }: PassageTerms, wordOf: Int32Array): Int32Array {
  const text = [-1];
  for (let passage = 0; passage + 1 < tokenFirst.length; passage++) {
    for (let at = tokenFirst[passage]!; at < tokenFirst[passage + 1]!; at++) {
      const word = wordOf[tokens[at]!]!;
      if (word !== -1) text.push(word);
    }
    text.push(-1);
  }
  return Int32Array.from(text);
}

function placesByWord(text: Int32Array, words: number): { first: Uint32Array; places: Uint32Array } {
  const first = new Uint32Array(words + 1);
  for (const word of text) if (word !== -1) first[word + 1]!++;
  for (let word = 0; word < words; word++) first[word + 1]! += first[word]!;
  const next = first.slice();
  const places = new Uint32Array(first[words]!);
  text.forEach((word, place) => {
    if (word !== -1) places[next[word]!++] = place;
  });
  return { first, places };
}

function countNear(text: Int32Array, place: number, near: Float64Array): void {
  for (const step of [-1, 1]) {
    for (let distance = 1; distance <= WINDOW; distance++) {
      const word = text[place + step * distance]!;
      if (word === -1) break;
      if (word !== text[place]) near[word]! += 1 / distance;
    }
  }
}

function takeRow(near: Float64Array): Row {
  const columns: number[] = [];
  near.forEach((count, word) => count > 0 && columns.push(word));
  const row = { columns: Uint32Array.from(columns), counts: Float64Array.from(columns, (word) => near[word]!) };
  near.fill(0);
  return row;
}

function informative(rows: readonly Row[]): SparseMatrix {
  const totals = rows.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const all = totals.reduce((sum, total) => sum + total, 0);
  const smoothed = totals.map((total) => (total === 0 ? 0 : Math.exp(SMOOTHING * Math.log(total))));
  const smoothedAll = smoothed.reduce((sum, total) => sum + total, 0);
  const first = new Uint32Array(rows.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  rows.forEach((row, word) => {
    row.columns.forEach((other, at) => {
      const chance = (smoothed[word]! / smoothedAll) * (smoothed[other]! / smoothedAll);
      const information = Math.log(row.counts[at]! / all / chance);
      if (information <= 0) return;
      columns.push(other);
      values.push(information);
    });
    first[word + 1] = columns.length;
  });
  return { size: rows.length, first, columns: Uint32Array.from(columns), values: Float32Array.from(values) };
}
