/**
 * What speaks for a page as the answer to a query, as numbers: the second pass of the ranking. Goes once over the places
 * where a page has the query's terms. Its arrays serve one query after another: nothing here awaits.
 */
import type { Sections } from "../format.ts";
import { PAGE, PASSAGE, termWeight } from "../lexical/bm25.ts";
import type { Lexicon } from "../lexical/lexicon.ts";
import { HitReader, SLOT_BITS } from "./hits.ts";
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
  readonly #hits: HitReader;
  readonly #passageFirst: Uint32Array;
  readonly #tokenFirst: Uint32Array;
  readonly #labelPage: Uint32Array;
  readonly #labelFirst: Uint32Array;
  readonly #labelTerms: Uint16Array | Uint32Array;
  readonly #pageYear: Uint16Array;
  readonly #rarity: Float32Array;
  readonly #averagePage: number;
  readonly #averagePassage: number;
  /** By term: its slot in the query and 1, or 0. */
  readonly #slotOf: Uint8Array;
  /** By slot: how often the passage has it, and where it was last. Holds for the slots that `#found` has. */
  readonly #count = new Uint16Array(SLOTS);
  readonly #last = new Int32Array(SLOTS);
  /** By bigram: how often the passage has it, which holds for those that `#foundBigrams` has; and how often the page. */
  readonly #bigrams = new Uint16Array(SLOTS);
  readonly #pageBigrams = new Uint16Array(SLOTS);
  /** The opened page: where it is read. */
  #hitCount = 0;
  #hit = 0;
  #passage = 0;
  #pageStart = 0;
  #query!: Query;
  #postings: readonly Uint32Array[] = [];
  /** What a passage has of the query: slots and bigrams as bits, and its slots' weights together. */
  #found = 0;
  #foundBigrams = 0;
  #weight = 0;
  /** The pairs that stand close together in any passage of the page. */
  #nearPairs = 0;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections, lexicon: Lexicon) {
    this.#hits = new HitReader(sections);
    this.#passageFirst = sections.get("passage.first", "uint32");
    this.#tokenFirst = sections.get("token.first", "uint32");
    this.#labelPage = sections.get("label.page", "uint32");
    this.#labelFirst = sections.get("label.first", "uint32");
    this.#labelTerms = sections.getIds("label.term");
    this.#pageYear = sections.get("page.year", "uint16");
    this.#rarity = lexicon.rarity;
    const tokens = this.#tokenFirst.at(-1) ?? 0;
    this.#averagePage = tokens / lexicon.pages;
    this.#averagePassage = tokens / (this.#tokenFirst.length - 1);
    this.#slotOf = new Uint8Array(lexicon.rarity.length);
  }

  /** Readies for a query. Call `end` after its last page. @param postings as `FirstPass.postings` */
  begin(query: Query, postings: readonly Uint32Array[]): void {
    this.#query = query;
    this.#postings = postings;
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
    let best = 0;
    let bestWindow = 0;
    let mask = 0;
    let before = 0;
    let passageBefore = -1;
    this.#open(page);
    for (let passage = this.#next(); passage !== -1; passage = this.#next()) {
      const found = this.#found;
      if (this.#scoreBound() > best) best = Math.max(best, this.#passageScore(passage));
      const shared = passageBefore === passage - 1 ? before & ~found : 0;
      bestWindow = Math.max(bestWindow, this.#weight + this.#weightOf(shared));
      this.#addBigrams();
      mask |= found;
      before = found;
      passageBefore = passage;
    }
    const year = this.#pageYear[page]!;
    features[at] = best / total;
    features[at + 1] = bigramWeights.length === 0 ? 0 : this.#bigramScore(page) / total;
    features[at + 2] = bestWindow / total;
    features[at + 3] = this.#bestLabel(page);
    features[at + 4] = this.#nearShare();
    features[at + 5] = years.count === 0 ? 0 : bits(mask & years.mask) / years.count;
    features[at + 6] = years.count > 0 && year === years.latest ? 1 : 0;
  }

  /** The passages of a page that have something of the query, each with its BM25. */
  passages(page: number): { passage: number; score: number }[] {
    const passages: { passage: number; score: number }[] = [];
    this.#open(page);
    for (let passage = this.#next(); passage !== -1; passage = this.#next()) {
      passages.push({ passage, score: this.#passageScore(passage) });
    }
    return passages;
  }

  #open(page: number): void {
    this.#hitCount = this.#hits.read(page, this.#postings);
    this.#hit = 0;
    this.#passage = this.#passageFirst[page]!;
    this.#pageStart = this.#tokenFirst[this.#passage]!;
  }

  /** The opened page's next passage that has a term of the query, with what it has in the fields for it; -1 after the last. */
  #next(): number {
    if (this.#hit === this.#hitCount) return -1;
    const tokenFirst = this.#tokenFirst;
    const position = this.#pageStart + (this.#hits.hits[this.#hit]! >>> SLOT_BITS);
    let passage = this.#passage;
    while (position >= tokenFirst[passage + 1]!) passage++;
    this.#passage = passage;
    this.#hit = this.#readPassage(this.#hit, this.#hitCount, tokenFirst[passage + 1]! - this.#pageStart);
    return passage;
  }

  /** Takes the hits from `at` up to a position; returns the place of the next. Reads fields once and allocates nothing. */
  #readPassage(from: number, count: number, end: number): number {
    const { neighbours, pairFirst, pairs, partners, weights } = this.#query;
    const { hits } = this.#hits;
    const counts = this.#count;
    const last = this.#last;
    let found = 0;
    let near = this.#nearPairs;
    let weight = 0;
    let before = -1;
    let at = from;
    this.#foundBigrams = 0;
    for (; at < count; at++) {
      const hit = hits[at]!;
      const position = hit >>> SLOT_BITS;
      if (position >= end) break;
      const slot = hit & (SLOTS - 1);
      if (before !== -1 && before >>> SLOT_BITS === position - 1)
        this.#takeBigram(neighbours[(before & (SLOTS - 1)) * SLOTS + slot]!);
      for (let pair = pairFirst[slot]!; pair < pairFirst[slot + 1]!; pair++) {
        const partner = partners[pair]!;
        if (((found >>> partner) & 1) === 1 && position - last[partner]! <= NEAR_TOKENS) near |= 1 << pairs[pair]!;
      }
      if (((found >>> slot) & 1) === 0) {
        found |= 1 << slot;
        weight += weights[slot]!;
        counts[slot] = 0;
      }
      counts[slot]!++;
      last[slot] = position;
      before = hit;
    }
    this.#found = found;
    this.#nearPairs = near;
    this.#weight = weight;
    return at;
  }

  /** Counts a bigram of the passage; -1 is none of the query's. */
  #takeBigram(bigram: number): void {
    if (bigram === -1) return;
    if ((this.#foundBigrams & (1 << bigram)) === 0) this.#bigrams[bigram] = 0;
    this.#foundBigrams |= 1 << bigram;
    this.#bigrams[bigram]!++;
  }

  /** At least the score that the passage can have. */
  #scoreBound(): number {
    const { bigramWeights } = this.#query;
    let weight = this.#weight;
    for (let rest = this.#foundBigrams; rest !== 0; rest &= rest - 1) {
      weight += BIGRAM_SHARE * bigramWeights[lowestBit(rest)]!;
    }
    return weight * (PASSAGE.k1 + 1);
  }

  #passageScore(passage: number): number {
    const { weights, bigramWeights } = this.#query;
    const length = this.#tokenFirst[passage + 1]! - this.#tokenFirst[passage]!;
    let score = 0;
    for (let rest = this.#found; rest !== 0; rest &= rest - 1) {
      const slot = lowestBit(rest);
      score += weights[slot]! * termWeight(this.#count[slot]!, length, this.#averagePassage, PASSAGE);
    }
    for (let rest = this.#foundBigrams; rest !== 0; rest &= rest - 1) {
      const bigram = lowestBit(rest);
      const weight = termWeight(this.#bigrams[bigram]!, length, this.#averagePassage, PASSAGE);
      score += BIGRAM_SHARE * bigramWeights[bigram]! * weight;
    }
    return score;
  }

  #addBigrams(): void {
    for (let rest = this.#foundBigrams; rest !== 0; rest &= rest - 1) {
      const bigram = lowestBit(rest);
      this.#pageBigrams[bigram]! += this.#bigrams[bigram]!;
    }
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
    for (let rest = this.#nearPairs; rest !== 0; rest &= rest - 1) share += this.#query.pairShares[lowestBit(rest)]!;
    return share;
  }

  #weightOf(found: number): number {
    let weight = 0;
    for (let rest = found; rest !== 0; rest &= rest - 1) weight += this.#query.weights[lowestBit(rest)]!;
    return weight;
  }
}

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
