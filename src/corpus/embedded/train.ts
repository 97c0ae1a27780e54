/**
 * Trains the word table of the embedded embedder on the corpus itself: co-occurrence → positive mutual information → leading
 * eigenvectors → bytes. Only for building an index.
 */
import type { NamedSection } from "../format.ts";
import { idsBelow, type PassageTerms } from "../lexical/build.ts";
import { cooccurrence } from "./cooccurrence.ts";
import { embedRows } from "./decompose.ts";
import { DIMENSIONS } from "./words.ts";

/** Words on fewer pages have too little company to be known by. */
const FEWEST_PAGES = 2;
/** Words on about four pages of five keep company with every other, and say nothing of it. */
const LEAST_RARITY = 0.2;
const LARGEST_CODE = 127;

/**
 * Trains the word table of a corpus.
 * @param pagesHaving by term: on how many pages it is
 * @param rarity by term: its inverse document frequency
 * @param isNumber by term: 1 for a number that is no year; the company of a number says nothing about it
 */
export function trainWords(
  passages: PassageTerms,
  pagesHaving: Uint32Array,
  rarity: Float32Array,
  isNumber: Uint8Array,
): NamedSection[] {
  const wordOf = new Int32Array(passages.terms).fill(-1);
  let words = 0;
  for (let term = 0; term < passages.terms; term++) {
    const known = pagesHaving[term]! >= FEWEST_PAGES && rarity[term]! >= LEAST_RARITY && isNumber[term] === 0;
    if (known) wordOf[term] = words++;
  }
  const vectors = embedRows(cooccurrence(passages, wordOf, words), DIMENSIONS);
  const scales = new Float32Array(words);
  const codes = new Int8Array(vectors.length);
  for (let word = 0; word < words; word++) {
    const vector = vectors.subarray(word * DIMENSIONS, (word + 1) * DIMENSIONS);
    const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    scales[word] = largest / LARGEST_CODE;
    if (largest > 0)
      codes.set(
        vector.map((value) => Math.round((value / largest) * LARGEST_CODE)),
        word * DIMENSIONS,
      );
  }
  const rows = Array.from(wordOf, (word) => word + 1);
  return [
    ["words.row", idsBelow(words + 1, rows)],
    ["words.codes", codes],
    ["words.scale", scales],
  ];
}
