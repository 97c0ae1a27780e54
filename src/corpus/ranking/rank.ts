/**
 * Ranks pages for a query. Sequence: find candidates → read their features → weigh → order the best by exact cosines.
 * Nothing here awaits.
 */
import type { Sections } from "../format.ts";
import type { Lexicon } from "../lexical/lexicon.ts";
import { COSINE, FEATURES, FeatureReader } from "./features.ts";
import { FirstPass, type FirstPassWeights } from "./first-pass.ts";
import type { PageVectors } from "./page-vectors.ts";
import type { Query } from "./query.ts";
import { TopList } from "./top-list.ts";

export interface RankedPage {
  page: number;
  score: number;
  /** The passages to show, in reading order; at least one. */
  passages: number[];
}

export interface RankingWeights {
  firstPass: FirstPassWeights;
  /** By feature, in the order of `featureNames`. */
  features: readonly number[];
}

/** Candidates of a query and their features, a row each. */
export interface Candidates {
  pages: number[];
  features: Float64Array;
}

/** Pages that the second pass reads: of FinQA's questions, 98 in 100 have theirs among them. */
const CANDIDATES = 80;
/** Pages whose place is settled by exact cosines: quantisation moves none by as many places. */
const FINALISTS = 30;
/** Passages shown of a page, and how good the further ones have to be, measured by the best. */
const PASSAGES_SHOWN = 3;
const FURTHER_PASSAGE = 0.6;

export class Ranker {
  readonly firstPass: FirstPass;
  readonly #reader: FeatureReader;
  readonly #vectors: PageVectors;
  readonly #passageFirst: Uint32Array;
  readonly #weights: RankingWeights;
  /** Whether vectors find pages by themselves; else only among pages that have a term of the query. */
  readonly #wordless: boolean;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections, lexicon: Lexicon, vectors: PageVectors, weights: RankingWeights, wordless: boolean) {
    this.firstPass = new FirstPass(sections);
    this.#reader = new FeatureReader(sections, lexicon);
    this.#vectors = vectors;
    this.#passageFirst = sections.get("passage.first", "uint32");
    this.#weights = weights;
    this.#wordless = wordless;
  }

  /** The best pages, best first; of equals, the one whose path sorts first. @param vector of length 1; undefined for none */
  rank(query: Query, vector: Float32Array | undefined, topK: number): RankedPage[] {
    const { pages, features } = this.candidates(query, vector);
    const order = pages.map((page, at) => ({ page, at, score: this.#score(features, at) }));
    order.sort(byScore);
    const finalists = order.slice(0, Math.max(FINALISTS, 3 * topK));
    if (vector !== undefined) {
      for (const finalist of finalists) {
        features[finalist.at * FEATURES + COSINE] = this.#vectors.exactScore(finalist.page, vector);
        finalist.score = this.#score(features, finalist.at);
      }
      finalists.sort(byScore);
    }
    this.#reader.begin(query);
    const ranked = finalists
      .slice(0, topK)
      .map(({ page, score }) => ({ page, score, passages: this.#passages(page, vector) }));
    this.#reader.end();
    return ranked;
  }

  /** What `rank` chooses from; also what its weights are learned from. */
  candidates(query: Query, vector: Float32Array | undefined): Candidates {
    const cosines = vector && this.#vectors.scores(vector);
    const wordless = this.#wordless && vector !== undefined;
    if (query.ids.length === 0 && !wordless) return { pages: [], features: new Float64Array() };
    const pages = this.firstPass.candidates(query, cosines, wordless, this.#weights.firstPass, CANDIDATES);
    const features = new Float64Array(pages.length * FEATURES);
    this.#reader.begin(query);
    pages.forEach((page, at) => {
      this.#reader.read(page, features, at * FEATURES);
      features[at * FEATURES + COSINE] = cosines?.[page] ?? 0;
    });
    this.#reader.end();
    return { pages, features };
  }

  #score(features: Float64Array, at: number): number {
    let score = 0;
    for (let feature = 0; feature < FEATURES; feature++)
      score += this.#weights.features[feature]! * features[at * FEATURES + feature]!;
    return score;
  }

  #passages(page: number, vector: Float32Array | undefined): number[] {
    const first = this.#passageFirst[page]!;
    const count = this.#passageFirst[page + 1]! - first;
    const best = new TopList(PASSAGES_SHOWN);
    const scores = Array.from({ length: count }, (_, at) => this.#reader.passage(first + at));
    scores.forEach((score, at) => score > 0 && best.add(at, score));
    const [top, ...further] = best.take();
    if (top === undefined) return [first + this.#nearestPassage(page, count, vector)];
    const good = further.filter((at) => scores[at]! >= FURTHER_PASSAGE * scores[top]!);
    return [top, ...good].toSorted((a, b) => a - b).map((at) => first + at);
  }

  /** Of a page without a term of the query: the first passage that its nearest vector stands for. */
  #nearestPassage(page: number, count: number, vector: Float32Array | undefined): number {
    if (vector === undefined) return 0;
    const { at, of } = this.#vectors.nearestOf(page, vector);
    return Math.ceil((at * count) / of);
  }
}

function byScore(a: { page: number; score: number }, b: { page: number; score: number }): number {
  return b.score - a.score || a.page - b.page;
}
