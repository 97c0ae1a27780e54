/**
 * Finds the pages that are worth a closer look: the first pass of the ranking, over all pages. Its arrays serve one query
 * after another: nothing here awaits.
 */
import type { Sections } from "../format.ts";
import { WEIGHT_UNITS } from "../lexical/bm25.ts";
import type { Query } from "./query.ts";
import { TopList } from "./top-list.ts";

/** What each kind of evidence counts. */
export interface FirstPassWeights {
  /** Above 0. BM25 of the page, its row labels and table headers counting several times, as a share of the query's weight. */
  terms: number;
  /** The share of the query's years that the page has. */
  years: number;
  /** The page's path names the query's latest year, or the year after. */
  sameYear: number;
  yearAfter: number;
  /** The page's cosine, in standard deviations. */
  cosine: number;
}

/** The score of a page that has none of the query's terms, where it would need one. */
export const UNFIT = -Infinity;

export class FirstPass {
  readonly #first: Uint32Array;
  readonly #pages: Uint16Array | Uint32Array;
  readonly #weight: Uint8Array;
  readonly #pageYear: Uint16Array;
  readonly #scores: Float32Array;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections) {
    this.#first = sections.get("postings.first", "uint32");
    this.#pages = sections.getIds("postings.page");
    this.#weight = sections.get("postings.weight", "uint8");
    this.#pageYear = sections.get("page.year", "uint16");
    this.#scores = new Float32Array(this.#pageYear.length);
  }

  /**
   * The best pages, best first.
   * @param cosines each page's, or undefined when the query has no vector
   * @param wordless whether a page may come that has none of the query's terms
   */
  candidates(
    query: Query,
    cosines: Float32Array | undefined,
    wordless: boolean,
    weights: FirstPassWeights,
    count: number,
  ): number[] {
    const scores = this.scores(query, cosines, wordless, weights);
    const best = new TopList(count);
    for (let page = 0; page < scores.length; page++) if (scores[page]! > UNFIT) best.add(page, scores[page]!);
    return best.take();
  }

  /** By page: its score, or UNFIT for one that may not come. A view that the next call overwrites. */
  scores(query: Query, cosines: Float32Array | undefined, wordless: boolean, weights: FirstPassWeights): Float32Array {
    const scores = this.#scores;
    this.#addTerms(query, weights);
    const { years } = query;
    for (let page = 0; page < scores.length; page++) {
      let score = scores[page]!;
      if (score === 0 && !wordless) {
        scores[page] = UNFIT;
        continue;
      }
      if (cosines !== undefined) score += weights.cosine * cosines[page]!;
      if (years.count > 0) {
        const later = this.#pageYear[page]! - years.latest;
        if (later === 0) score += weights.sameYear;
        else if (later === 1) score += weights.yearAfter;
      }
      scores[page] = score;
    }
    return scores;
  }

  #addTerms({ ids, weights: termWeights, total, years }: Query, weights: FirstPassWeights): void {
    const scores = this.#scores;
    scores.fill(0);
    for (let slot = 0; slot < ids.length; slot++) {
      const end = this.#first[ids[slot]! + 1]!;
      const weight = (weights.terms * termWeights[slot]!) / (total * WEIGHT_UNITS);
      const bonus = ((years.mask >>> slot) & 1) === 1 ? weights.years / years.count : 0;
      for (let at = this.#first[ids[slot]!]!; at < end; at++) {
        scores[this.#pages[at]!]! += weight * this.#weight[at]! + bonus;
      }
    }
  }
}
