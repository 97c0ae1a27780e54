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
  /** The page's path names the query's latest year. */
  sameYear: number;
}

/** How pages are found that have none of the query's terms. */
export interface ByVector {
  /** The page's cosine with the query, times what it counts. */
  score(page: number): number;
}

/** The score of a page that has none of the query's terms, where it would need one. */
export const UNFIT = -Infinity;

/**
 * Scores are learned as log-odds: a page this far behind the best is three thousand times less likely the right one. To read no
 * such page costs at most two in a thousand of FinQA's questions their place among the first ten.
 */
const HOPELESS = 8;

export class FirstPass {
  readonly #first: Uint32Array;
  readonly #pages: Uint16Array | Uint32Array;
  readonly #weight: Uint8Array;
  readonly #pageYear: Uint16Array;
  readonly #scores: Float32Array;
  readonly #postings: Uint32Array[] = [];

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections) {
    this.#first = sections.get("postings.first", "uint32");
    this.#pages = sections.getIds("postings.page");
    this.#weight = sections.get("postings.weight", "uint8");
    this.#pageYear = sections.get("page.year", "uint16");
    this.#scores = new Float32Array(this.#pageYear.length);
  }

  /**
   * The best pages, in no order: at most `most`, and beyond `fewest` only those that are not hopelessly behind the best.
   * @param byVector undefined when only pages may come that have a term of the query
   */
  candidates(
    query: Query,
    byVector: ByVector | undefined,
    weights: FirstPassWeights,
    fewest: number,
    most: number,
  ): number[] {
    const scores = this.scores(query, byVector, weights);
    let best = UNFIT;
    for (let page = 0; page < scores.length; page++) if (scores[page]! > best) best = scores[page]!;
    const hopeful: number[] = [];
    for (let page = 0; page < scores.length; page++) if (scores[page]! > best - HOPELESS) hopeful.push(page);
    if (hopeful.length >= fewest && hopeful.length <= most) return hopeful;
    return topOf(scores, hopeful.length > most ? most : fewest);
  }

  /** By slot of the last query, then page: the posting of the slot's term there and 1, or 0. Holds until the next call. */
  postings(query: Query): readonly Uint32Array[] {
    return this.#postings.slice(0, query.ids.length);
  }

  /** By page: its score, or UNFIT for one that may not come. A view that the next call overwrites. */
  scores(query: Query, byVector: ByVector | undefined, weights: FirstPassWeights): Float32Array {
    const scores = this.#scores;
    this.#addTerms(query, weights);
    const { count: years, latest } = query.years;
    const pageYear = this.#pageYear;
    for (let page = 0; page < scores.length; page++) {
      let score = scores[page]!;
      if (byVector !== undefined) {
        score += byVector.score(page);
      } else if (score === 0) {
        scores[page] = UNFIT;
        continue;
      }
      if (years > 0 && pageYear[page] === latest) score += weights.sameYear;
      scores[page] = score;
    }
    return scores;
  }

  #addTerms({ ids, weights: termWeights, total, years }: Query, weights: FirstPassWeights): void {
    const scores = this.#scores;
    const pages = this.#pages;
    const pageWeights = this.#weight;
    scores.fill(0);
    for (let slot = 0; slot < ids.length; slot++) {
      const end = this.#first[ids[slot]! + 1]!;
      const weight = (weights.terms * termWeights[slot]!) / (total * WEIGHT_UNITS);
      const bonus = ((years.mask >>> slot) & 1) === 1 ? weights.years / years.count : 0;
      const postings = (this.#postings[slot] ??= new Uint32Array(scores.length)).fill(0);
      for (let at = this.#first[ids[slot]!]!; at < end; at++) {
        const page = pages[at]!;
        scores[page]! += weight * pageWeights[at]! + bonus;
        postings[page] = at + 1;
      }
    }
  }
}

function topOf(scores: Float32Array, count: number): number[] {
  const top = new TopList(count);
  for (let page = 0; page < scores.length; page++) {
    const score = scores[page]!;
    if (score > top.least) top.add(page, score);
  }
  return top.items();
}
