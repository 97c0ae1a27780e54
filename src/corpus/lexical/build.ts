/**
 * The lexical half of an index, from documents: which terms there are, which pages have them, and each passage's terms in order.
 */
import type { CutDocument } from "../build.ts";
import type { NamedSection } from "../format.ts";
import { hashTerm, tokenise } from "../tokenise.ts";
import { bm25Weights } from "./bm25.ts";

/** Sections `terms.*` (by term), `postings.*` (by term, then page) and `tokens.*` (by passage). */
export function indexTerms(documents: readonly CutDocument[], onDone: (done: number) => void): { sections: NamedSection[]; count: number } {
  const hashes = new Set<number>();
  const pages: number[][][] = documents.map(({ text, passages }, at) => {
    const terms = passages.map(({ start, end, header }) => {
      const shown = header === undefined ? "" : `${text.slice(header.start, header.end)}\n`;
      return tokenise(shown + text.slice(start, end)).map(hashTerm);
    });
    for (const passage of terms) for (const hash of passage) hashes.add(hash);
    onDone(at + 1);
    return terms;
  });
  const lexicon = Uint32Array.from(hashes).sort();
  const ids = new Map(Array.from(lexicon, (hash, id) => [hash, id]));
  const tokens = pages.map((page) => page.map((passage) => passage.map((hash) => ids.get(hash) ?? 0)));
  return { sections: [["terms.hash", lexicon], ...tokenSections(tokens), ...postingSections(tokens, lexicon.length)], count: lexicon.length };
}

function tokenSections(pages: readonly number[][][]): NamedSection[] {
  const first = [0];
  const terms: number[] = [];
  for (const passage of pages.flat()) {
    for (const term of passage) terms.push(term);
    first.push(terms.length);
  }
  return [
    ["tokens.first", Uint32Array.from(first)],
    ["tokens.term", Uint32Array.from(terms)],
  ];
}

function postingSections(pages: readonly number[][][], terms: number): NamedSection[] {
  const postings: { page: number; count: number }[][] = Array.from({ length: terms }, () => []);
  const lengths = pages.map((page) => page.reduce((sum, passage) => sum + passage.length, 0));
  pages.forEach((page, at) => {
    const counts = new Map<number, number>();
    for (const term of page.flat()) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const [term, count] of counts) postings[term]?.push({ page: at, count });
  });
  const first = [0];
  for (const list of postings) first.push((first.at(-1) ?? 0) + list.length);
  const flat = postings.flat();
  return [
    ["postings.first", Uint32Array.from(first)],
    ["postings.page", Uint32Array.from(flat, ({ page }) => page)],
    ["postings.weight", bm25Weights(flat.map(({ page, count }) => ({ count, length: lengths[page] ?? 0 })), lengths)],
    ["pages.length", Uint32Array.from(lengths)],
  ];
}
