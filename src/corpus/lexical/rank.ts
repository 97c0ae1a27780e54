/**
 * Ranks pages for a query by their terms. Sequence: terms of the query → page scores → best passages of the best pages.
 * Works in arrays that every query reuses: nothing here awaits.
 */
import type { Sections } from "../format.ts";
import { hashTerm, tokenise } from "../tokenise.ts";
import { inverseDocumentFrequency, WEIGHT_UNITS } from "./bm25.ts";

export interface RankedPage {
  page: number;
  score: number;
  /** The page's passages by their own score, best first; only those that have a term of the query. */
  passages: number[];
}

/** Pages whose passages are looked at. */
const CANDIDATES = 64;

export class Ranker {
  readonly #hashes: Uint32Array;
  readonly #first: Uint32Array;
  readonly #page: Uint32Array;
  readonly #weight: Uint8Array;
  readonly #passageFirst: Uint32Array;
  readonly #tokenFirst: Uint32Array;
  readonly #tokens: Uint32Array;
  readonly #scores: Float32Array;
  readonly #termWeights: Float32Array;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections) {
    this.#hashes = sections.get("terms.hash", "uint32");
    this.#first = sections.get("postings.first", "uint32");
    this.#page = sections.get("postings.page", "uint32");
    this.#weight = sections.get("postings.weight", "uint8");
    this.#passageFirst = sections.get("passage.first", "uint32");
    this.#tokenFirst = sections.get("tokens.first", "uint32");
    this.#tokens = sections.get("tokens.term", "uint32");
    this.#scores = new Float32Array(this.#passageFirst.length - 1);
    this.#termWeights = new Float32Array(this.#hashes.length);
  }

  rank(query: string, topK: number): RankedPage[] {
    const terms = [...new Set(tokenise(query))].map((term) => this.#termId(hashTerm(term))).filter((id) => id !== -1);
    const weights = terms.map((id) => inverseDocumentFrequency(this.#first[id + 1]! - this.#first[id]!, this.#scores.length));
    this.#scorePages(terms, weights);
    terms.forEach((id, at) => (this.#termWeights[id] = weights[at]!));
    const ranked = this.#candidates().map((page) => this.#scorePassages(page, this.#scores[page]!));
    for (const id of terms) this.#termWeights[id] = 0;
    return ranked.toSorted((a, b) => b.score - a.score || a.page - b.page).slice(0, topK);
  }

  #scorePages(terms: readonly number[], weights: readonly number[]): void {
    this.#scores.fill(0);
    terms.forEach((id, at) => {
      const weight = weights[at]! / WEIGHT_UNITS;
      for (let posting = this.#first[id]!; posting < this.#first[id + 1]!; posting++) {
        this.#scores[this.#page[posting]!]! += weight * this.#weight[posting]!;
      }
    });
  }

  #candidates(): number[] {
    const scores = this.#scores;
    const found = [...scores.keys()].filter((page) => scores[page]! > 0);
    return found.toSorted((a, b) => scores[b]! - scores[a]! || a - b).slice(0, CANDIDATES);
  }

  #scorePassages(page: number, pageScore: number): RankedPage {
    const scored: { passage: number; score: number }[] = [];
    for (let passage = this.#passageFirst[page]!; passage < this.#passageFirst[page + 1]!; passage++) {
      const seen = new Set<number>();
      let score = 0;
      for (let at = this.#tokenFirst[passage]!; at < this.#tokenFirst[passage + 1]!; at++) {
        const id = this.#tokens[at]!;
        const weight = this.#termWeights[id]!;
        if (weight > 0 && !seen.has(id)) score += weight;
        seen.add(id);
      }
      if (score > 0) scored.push({ passage, score });
    }
    scored.sort((a, b) => b.score - a.score || a.passage - b.passage);
    return { page, score: pageScore + (scored[0]?.score ?? 0), passages: scored.map(({ passage }) => passage) };
  }

  #termId(hash: number): number {
    let low = 0;
    let high = this.#hashes.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#hashes[middle]!;
      if (found === hash) return middle;
      if (found < hash) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
