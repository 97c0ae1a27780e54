/**
 * Ranks pages for a query. Sequence: find candidates → read their features → weigh → order the best by exact cosines.
 * Nothing here awaits.
 */
import type { Sections } from "../format.ts";
import type { Lexicon } from "../lexical/lexicon.ts";
import { COSINE, FEATURES, FeatureReader } from "./features.ts";
import { FirstPass, type FirstPassWeights } from "./first-pass.ts";
import { runStart } from "../vector-runs.ts";
import type { PageVectors } from "./page-vectors.ts";
import type { Query } from "./query.ts";

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
  /** What a page's nearness counts in the first pass; 0 when a page has to have a term of the query. */
  firstPassCosine: number;
}

/** Candidates of a query and their features, a row each. */
export interface Candidates {
  pages: number[];
  features: Float64Array;
}

/** The most pages that the second pass reads: of FinQA's questions, 98 in 100 have theirs among them. */
const CANDIDATES = 80;
/** Pages beyond those wanted whose place is settled by exact cosines too: quantisation moves none by as many places. */
const FURTHER_FINALISTS = 10;
/** Passages shown of a page, and how good the further ones have to be, measured by the best. */
const PASSAGES_SHOWN = 3;
const FURTHER_PASSAGE = 0.6;

export class Ranker {
  readonly firstPass: FirstPass;
  readonly #reader: FeatureReader;
  readonly #vectors: PageVectors;
  readonly #passageFirst: Uint32Array;
  readonly #weights: RankingWeights;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections, lexicon: Lexicon, vectors: PageVectors, weights: RankingWeights) {
    this.firstPass = new FirstPass(sections);
    this.#reader = new FeatureReader(sections, lexicon);
    this.#vectors = vectors;
    this.#passageFirst = sections.get("passage.first", "uint32");
    this.#weights = weights;
  }

  /** The best pages, best first; of equals, the one whose path sorts first. @param vector of length 1; undefined for none */
  rank(query: Query, vector: Float32Array | undefined, topK: number): RankedPage[] {
    const { pages, features } = this.candidates(query, vector, topK);
    const order = pages.map((page, at) => ({ page, at, score: this.#score(features, at) }));
    order.sort(byScore);
    const finalists = order.slice(0, topK + FURTHER_FINALISTS);
    if (vector !== undefined) {
      for (const finalist of finalists) {
        features[finalist.at * FEATURES + COSINE] = this.#vectors.exactNearness(finalist.page, vector);
        finalist.score = this.#score(features, finalist.at);
      }
      finalists.sort(byScore);
    }
    this.#reader.begin(query, this.firstPass.postings(query));
    const ranked = finalists
      .slice(0, topK)
      .map(({ page, score }) => ({ page, score, passages: this.#passages(page, vector) }));
    this.#reader.end();
    return ranked;
  }

  /** What `rank` chooses from; also what its weights are learned from. @param fewest if the corpus has as many that match */
  candidates(query: Query, vector: Float32Array | undefined, fewest: number): Candidates {
    const { firstPass, firstPassCosine } = this.#weights;
    const vectors = this.#vectors;
    if (vector !== undefined) vectors.scan(vector);
    const wordless = firstPassCosine > 0 && vector !== undefined;
    if (query.ids.length === 0 && !wordless) return { pages: [], features: new Float64Array() };
    const byVector = wordless ? { score: (page: number) => firstPassCosine * vectors.nearness(page) } : undefined;
    const pages = this.firstPass.candidates(query, byVector, firstPass, fewest, CANDIDATES);
    const features = new Float64Array(pages.length * FEATURES);
    this.#reader.begin(query, this.firstPass.postings(query));
    pages.forEach((page, at) => {
      this.#reader.read(page, features, at * FEATURES);
      features[at * FEATURES + COSINE] = vector === undefined ? 0 : vectors.nearness(page);
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
    const found = this.#reader.passages(page).sort((a, b) => b.score - a.score || a.passage - b.passage);
    const [top] = found;
    if (top === undefined) return [this.#nearestPassage(page, vector)];
    const good = found.slice(0, PASSAGES_SHOWN).filter(({ score }) => score >= FURTHER_PASSAGE * top.score);
    return good.map(({ passage }) => passage).sort((a, b) => a - b);
  }

  /** Of a page without a term of the query: the first passage that its nearest vector stands for. */
  #nearestPassage(page: number, vector: Float32Array | undefined): number {
    const first = this.#passageFirst[page]!;
    if (vector === undefined) return first;
    const { run, runs } = this.#vectors.nearestRun(page, vector);
    return first + runStart(run, runs, this.#passageFirst[page + 1]! - first);
  }
}

function byScore(a: { page: number; score: number }, b: { page: number; score: number }): number {
  return b.score - a.score || a.page - b.page;
}
