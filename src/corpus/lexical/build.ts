/**
 * The lexical half of an index, from documents: which terms there are, which pages have them and how strongly, and each
 * passage's terms in order. Sections:
 *
 *     terms.hash     the hash of each term, ascending; a term's number is its place here
 *     postings.*     by term, then page: the pages that have it, and its weight there
 *     passage.first  each page's first passage      token.first  each passage's first token, as it is shown
 *     positions.*    by posting: how many places the term has in the page, and which, in tokens from the page's first
 *     label.page     each page's first row label    label.first, label.term    each row label's terms
 *     bigrams.*      the hash of each pair of neighbours that several pages have, ascending, and how many have it
 *     page.year      the year that the page's path names, or 0
 */
import type { CutDocument } from "../build.ts";
import type { NamedSection } from "../format.ts";
import { tableNames } from "../tables.ts";
import { hashPair, hashTerm, tokenise } from "../tokenise.ts";
import { bm25Weights } from "./bm25.ts";
import { COMMON_BIGRAM_PAGES } from "./lexicon.ts";
import { isYear, yearOfPath } from "./years.ts";

/** What a page's row labels and table headers say, it is about: each counts as often as if the text said it again. */
const LABEL_REPEATS = 4;
const HEADER_REPEATS = 2;

/** Terms by number, in the order and grouping of the passages. */
export interface PassageTerms {
  /** Each page's first passage, and the number of all. */
  passageFirst: Uint32Array;
  /** Each passage's first token, and the number of all. */
  tokenFirst: Uint32Array;
  tokens: Uint16Array | Uint32Array;
  /** Distinct terms. */
  terms: number;
}

export interface LexicalIndex extends PassageTerms {
  sections: NamedSection[];
  /** By term: on how many pages it is. */
  pagesHaving: Uint32Array;
  /** By term: 1 for a number that is no year. */
  isNumber: Uint8Array;
}

/** @param onDone called with the number of documents read so far */
export function indexTerms(documents: readonly CutDocument[], onDone: (done: number) => void): LexicalIndex {
  const numbers = new Set<number>();
  const pages = documents.map((document, at) => {
    onDone(at + 1);
    return hashPage(document, numbers);
  });
  const lexicon = Uint32Array.from(new Set(pages.flatMap(({ counts }) => [...counts.keys()]))).sort();
  const ids = new Map(Array.from(lexicon, (hash, id) => [hash, id]));
  const passages = flatten(
    pages.map((page) => page.passages),
    ids,
  );
  const labels = flatten(
    pages.map((page) => page.labels),
    ids,
  );
  const { first, flat } = postings(pages, ids);
  const average = pages.reduce((sum, { length }) => sum + length, 0) / pages.length;
  const sections: NamedSection[] = [
    ["terms.hash", lexicon],
    ["postings.first", first],
    [
      "postings.page",
      idsBelow(
        pages.length,
        flat.map(({ page }) => page),
      ),
    ],
    ["postings.weight", bm25Weights(flat, average)],
    ["passage.first", passages.outer],
    ["token.first", passages.inner],
    ...positionSections(
      passages,
      first,
      flat.map(({ page }) => page),
    ),
    ["label.page", labels.outer],
    ["label.first", labels.inner],
    ["label.term", labels.values],
    ...bigramSections(pages),
    ["page.year", Uint16Array.from(documents, ({ path }) => yearOfPath(path))],
  ];
  const { outer: passageFirst, inner: tokenFirst, values: tokens } = passages;
  const pagesHaving = Uint32Array.from(lexicon, (_, term) => first[term + 1]! - first[term]!);
  const isNumber = Uint8Array.from(lexicon, (hash) => (numbers.has(hash) ? 1 : 0));
  return { sections, passageFirst, tokenFirst, tokens, terms: lexicon.length, pagesHaving, isNumber };
}

/** The narrowest array that holds numbers below `count`. */
export function idsBelow(count: number, ids: readonly number[]): Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  return count <= 0x10000 ? Uint16Array.from(ids) : Uint32Array.from(ids);
}

/** A page's terms as hashes. */
interface HashedPage {
  /** As shown: with the header row of the table that a passage continues. */
  passages: number[][];
  labels: number[][];
  /** How often each term counts. */
  counts: Map<number, number>;
  length: number;
}

/** @param numbers takes the hashes of numbers that are no years */
function hashPage({ text, passages }: CutDocument, numbers: Set<number>): HashedPage {
  const hash = (start: number, end: number) =>
    tokenise(text.slice(start, end)).map((term) => {
      const hashed = hashTerm(term);
      if (/^\d/.test(term) && !isYear(term)) numbers.add(hashed);
      return hashed;
    });
  const counts = new Map<number, number>();
  const count = (terms: readonly number[], times: number) => {
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + times);
  };
  const shown = passages.map(({ start, end, header }) => {
    const own = hash(start, end);
    count(own, 1);
    return header === undefined ? own : [...hash(header.start, header.end), ...own];
  });
  const names = tableNames(text);
  const labels = names.labels.map(({ start, end }) => hash(start, end));
  for (const label of labels) count(label, LABEL_REPEATS);
  for (const { start, end } of names.headers) count(hash(start, end), HEADER_REPEATS);
  return { passages: shown, labels, counts, length: counts.values().reduce((sum, times) => sum + times, 0) };
}

/** Lists of lists of lists as numbers in one array, and where each list begins. */
function flatten(pages: readonly number[][][], ids: ReadonlyMap<number, number>) {
  const outer = [0];
  const inner = [0];
  const values: number[] = [];
  for (const page of pages) {
    for (const list of page) {
      for (const hash of list) values.push(ids.get(hash) ?? 0);
      inner.push(values.length);
    }
    outer.push(inner.length - 1);
  }
  return { outer: Uint32Array.from(outer), inner: Uint32Array.from(inner), values: idsBelow(ids.size, values) };
}

function postings(pages: readonly HashedPage[], ids: ReadonlyMap<number, number>) {
  const lists: { page: number; count: number; length: number }[][] = Array.from(ids, () => []);
  pages.forEach(({ counts, length }, page) => {
    for (const [hash, count] of counts) lists[ids.get(hash) ?? 0]?.push({ page, count, length });
  });
  const first = new Uint32Array(lists.length + 1);
  lists.forEach((list, term) => (first[term + 1] = first[term]! + list.length));
  return { first, flat: lists.flat() };
}

/** @param pages of the postings, by term, then page */
function positionSections(
  { outer, inner, values }: { outer: Uint32Array; inner: Uint32Array; values: Uint16Array | Uint32Array },
  first: Uint32Array,
  pages: readonly number[],
): NamedSection[] {
  const places: number[][] = pages.map(() => []);
  // Pages come in ascending order, and so do a term's postings: its next posting is this page's or a later one's.
  const next = first.slice();
  for (let page = 0; page + 1 < outer.length; page++) {
    const [start, end] = [inner[outer[page]!]!, inner[outer[page + 1]!]!];
    for (let at = start; at < end; at++) {
      const term = values[at]!;
      while (pages[next[term]!]! < page) next[term]!++;
      places[next[term]!]!.push(at - start);
    }
  }
  const longest = Math.max(...Array.from(outer.subarray(1), (end, page) => inner[end]! - inner[outer[page]!]!));
  return [
    [
      "positions.count",
      idsBelow(
        longest + 1,
        places.map((list) => list.length),
      ),
    ],
    ["positions.place", idsBelow(longest, places.flat())],
  ];
}

function bigramSections(pages: readonly HashedPage[]): NamedSection[] {
  const having = new Map<number, number>();
  for (const { passages } of pages) {
    const seen = new Set<number>();
    for (const terms of passages)
      for (let at = 1; at < terms.length; at++) seen.add(hashPair(terms[at - 1]!, terms[at]!));
    for (const hash of seen) having.set(hash, (having.get(hash) ?? 0) + 1);
  }
  const common = [...having].filter(([, count]) => count >= COMMON_BIGRAM_PAGES).toSorted(([a], [b]) => a - b);
  return [
    ["bigrams.hash", Uint32Array.from(common, ([hash]) => hash)],
    [
      "bigrams.pages",
      idsBelow(
        pages.length + 1,
        common.map(([, count]) => count),
      ),
    ],
  ];
}
