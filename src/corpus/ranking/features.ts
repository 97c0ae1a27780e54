/**
 * What speaks for a page as the answer to a query, as numbers: the second pass of the ranking. Reads a candidate page's
 * terms once, in order. Its arrays serve one query after another: nothing here awaits.
 */
import type { Sections } from "../format.ts";
import { PAGE, PASSAGE, termWeight } from "../lexical/bm25.ts";
import type { Lexicon } from "../lexical/lexicon.ts";
import { SLOTS, type Query } from "./query.ts";

/** The features by place. Each is near 0 for a page that has nothing of the query; most reach 1 or 2 for one that has all. */
export const featureNames = [
  /** BM25 of its best passage, over terms and neighbouring terms. */
  "passage",
  /** BM25 of the page over neighbouring terms. */
  "phrases",
  /** The share of the query that two consecutive passages have between them. */
  "window",
  /** How much of a table row's label the query names, for its best row. */
  "label",
  /** The share of the query's pairs of terms that stand close together somewhere. */
  "near",
  /** The share of the query's years that the page has. */
  "years",
  /** 1 when the page's path names the query's latest year: that year's report. */
  "same year",
  /** 1 when it names the year after: the report that shows that year for comparison. */
  "year after",
  /** How far its best vector's cosine with the query stands out among all pages, in standard deviations. */
  "cosine",
] as const;
export const FEATURES = featureNames.length;
export const COSINE = FEATURES - 1;

/** What a pair of neighbours counts in a passage, beside its terms. */
const BIGRAM_SHARE = 0.4;
/** Terms are close with at most two others between them. */
const NEAR_TOKENS = 3;
/** Damps labels of one frequent word: they match too easily. */
const LABEL_DAMPING = 2;

export class FeatureReader {
  readonly #passageFirst: Uint32Array;
  readonly #tokenFirst: Uint32Array;
  readonly #tokens: Uint16Array | Uint32Array;
  readonly #labelPage: Uint32Array;
  readonly #labelFirst: Uint32Array;
  readonly #labelTerms: Uint16Array | Uint32Array;
  readonly #pageYear: Uint16Array;
  readonly #rarity: Float32Array;
  readonly #averagePage: number;
  readonly #averagePassage: number;
  /** By term: its slot in the query and 1, or 0. */
  readonly #slotOf: Uint8Array;
  /** By slot: how often the passage has it, and where it was last. */
  readonly #count = new Uint16Array(SLOTS);
  readonly #last = new Int32Array(SLOTS);
  /** By bigram: how often the passage and the page have it. */
  readonly #bigrams = new Uint16Array(SLOTS);
  readonly #pageBigrams = new Uint16Array(SLOTS);
  #query!: Query;
  #nearPairs = 0;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections, lexicon: Lexicon) {
    this.#passageFirst = sections.get("passage.first", "uint32");
    this.#tokenFirst = sections.get("tokens.first", "uint32");
    this.#tokens = sections.getIds("tokens.term");
    this.#labelPage = sections.get("label.page", "uint32");
    this.#labelFirst = sections.get("label.first", "uint32");
    this.#labelTerms = sections.getIds("label.term");
    this.#pageYear = sections.get("page.year", "uint16");
    this.#rarity = lexicon.rarity;
    this.#averagePage = this.#tokens.length / lexicon.pages;
    this.#averagePassage = this.#tokens.length / (this.#tokenFirst.length - 1);
    this.#slotOf = new Uint8Array(lexicon.rarity.length);
  }

  /** Readies for a query. Call `end` after its last page. */
  begin(query: Query): void {
    this.#query = query;
    query.ids.forEach((id, slot) => (this.#slotOf[id] = slot + 1));
  }

  end(): void {
    for (const id of this.#query.ids) this.#slotOf[id] = 0;
  }

  /** Writes a page's features, all but its cosine, to `features` from `at`. */
  read(page: number, features: Float64Array, at: number): void {
    const { total, years, bigramWeights } = this.#query;
    this.#nearPairs = 0;
    this.#pageBigrams.fill(0);
    let [best, bestWindow, mask, before] = [0, 0, 0, 0];
    for (let passage = this.#passageFirst[page]!; passage < this.#passageFirst[page + 1]!; passage++) {
      const found = this.#scan(passage);
      // A window's weight is looked at only where a passage adds to it.
      if (found !== 0) {
        best = Math.max(best, this.#passageScore(passage, found));
        bestWindow = Math.max(bestWindow, this.#weightOf(found | before));
      }
      mask |= found;
      before = found;
    }
    const year = this.#pageYear[page]!;
    features[at] = best / total;
    features[at + 1] = bigramWeights.length === 0 ? 0 : this.#bigramScore(page) / total;
    features[at + 2] = bestWindow / total;
    features[at + 3] = this.#bestLabel(page);
    features[at + 4] = this.#nearShare();
    features[at + 5] = years.count === 0 ? 0 : bits(mask & years.mask) / years.count;
    features[at + 6] = years.count > 0 && year === years.latest ? 1 : 0;
    features[at + 7] = years.count > 0 && year === years.latest + 1 ? 1 : 0;
  }

  /** A passage's BM25 for the query; 0 when it has nothing of it. */
  passage(passage: number): number {
    const found = this.#scan(passage);
    return found === 0 ? 0 : this.#passageScore(passage, found);
  }

  /** Counts the passage's terms of the query and the pairs among them; returns the slots it has, as bits. */
  #scan(passage: number): number {
    const { neighbours, pairs, pairsOf } = this.#query;
    const start = this.#tokenFirst[passage]!;
    const end = this.#tokenFirst[passage + 1]!;
    this.#count.fill(0);
    this.#bigrams.fill(0);
    let found = 0;
    let previous = -1;
    for (let at = start; at < end; at++) {
      const slot = this.#slotOf[this.#tokens[at]!]! - 1;
      if (slot === -1) {
        previous = -1;
        continue;
      }
      if (previous !== -1) {
        const bigram = neighbours[previous * SLOTS + slot]!;
        if (bigram !== -1) {
          this.#bigrams[bigram]!++;
          this.#pageBigrams[bigram]!++;
        }
      }
      for (const pair of pairsOf[slot]!) {
        const { first, second } = pairs[pair]!;
        const other = first === slot ? second : first;
        if (((found >>> other) & 1) === 1 && at - this.#last[other]! <= NEAR_TOKENS) this.#nearPairs |= 1 << pair;
      }
      found |= 1 << slot;
      this.#count[slot]!++;
      this.#last[slot] = at;
      previous = slot;
    }
    return found;
  }

  #passageScore(passage: number, found: number): number {
    const { weights, bigramWeights } = this.#query;
    const length = this.#tokenFirst[passage + 1]! - this.#tokenFirst[passage]!;
    let score = 0;
    for (let rest = found; rest !== 0; rest &= rest - 1) {
      const slot = 31 - Math.clz32(rest & -rest);
      score += weights[slot]! * termWeight(this.#count[slot]!, length, this.#averagePassage, PASSAGE);
    }
    for (let bigram = 0; bigram < bigramWeights.length; bigram++) {
      const count = this.#bigrams[bigram]!;
      if (count > 0)
        score += BIGRAM_SHARE * bigramWeights[bigram]! * termWeight(count, length, this.#averagePassage, PASSAGE);
    }
    return score;
  }

  #bigramScore(page: number): number {
    const { bigramWeights } = this.#query;
    const length = this.#tokenFirst[this.#passageFirst[page + 1]!]! - this.#tokenFirst[this.#passageFirst[page]!]!;
    let score = 0;
    for (let bigram = 0; bigram < bigramWeights.length; bigram++) {
      const count = this.#pageBigrams[bigram]!;
      if (count > 0) score += bigramWeights[bigram]! * termWeight(count, length, this.#averagePage, PAGE);
    }
    return score;
  }

  #bestLabel(page: number): number {
    const { weights } = this.#query;
    let best = 0;
    for (let label = this.#labelPage[page]!; label < this.#labelPage[page + 1]!; label++) {
      let matched = 0;
      let whole = LABEL_DAMPING;
      for (let at = this.#labelFirst[label]!; at < this.#labelFirst[label + 1]!; at++) {
        const id = this.#labelTerms[at]!;
        const slot = this.#slotOf[id]! - 1;
        if (slot !== -1) matched += weights[slot]!;
        whole += this.#rarity[id]!;
      }
      if (matched > 0) best = Math.max(best, matched / whole);
    }
    return best;
  }

  #nearShare(): number {
    let share = 0;
    for (let rest = this.#nearPairs; rest !== 0; rest &= rest - 1) {
      share += this.#query.pairs[31 - Math.clz32(rest & -rest)]!.share;
    }
    return share;
  }

  #weightOf(found: number): number {
    let weight = 0;
    for (let rest = found; rest !== 0; rest &= rest - 1) weight += this.#query.weights[31 - Math.clz32(rest & -rest)]!;
    return weight;
  }
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
