/**
 * Search over an opened index. Sequence: read the query → embed it → rank. Only a service's embedding is waited for.
 */
import { Fault } from "../contract/failure.ts";
import type { EmbedderName } from "../contract/manifest.ts";
import { unitVector, WordTable } from "./embedded/words.ts";
import type { Sections } from "./format.ts";
import { Lexicon } from "./lexical/lexicon.ts";
import { COSINE } from "./ranking/features.ts";
import { PageVectors } from "./ranking/page-vectors.ts";
import { type Query, readQuery } from "./ranking/query.ts";
import { type RankedPage, Ranker, type RankingWeights } from "./ranking/rank.ts";
import { learned } from "./ranking/weights.ts";

export type EmbedQuery = (query: string) => Promise<Float32Array>;

/** All that is learned of how to rank. */
export interface SearchWeights extends RankingWeights {
  /** By stemmed word: see `Salience`. Words that are not named have 1. */
  salience: Readonly<Record<string, number>>;
}

/**
 * What a service's cosine counts in either pass. Set, not learned: such embedders are trained on far more than one corpus, so that
 * a deviation of theirs counts several times one of the embedded embedder's, and finds pages by itself.
 */
const SERVICE_COSINE = { firstPass: 1, features: 0.8 };

export class Searcher {
  readonly lexicon: Lexicon;
  readonly ranker: Ranker;
  readonly vectors: PageVectors;
  readonly #salience: ReadonlyMap<string, number>;
  readonly #words: WordTable | undefined;
  readonly #embedQuery: EmbedQuery | undefined;

  /** @throws Fault("index") when a section is missing or of the wrong size; Fault("configuration") when a service is missing */
  constructor(
    sections: Sections,
    embedder: EmbedderName,
    kernel: WebAssembly.Module,
    embedQuery: EmbedQuery | undefined,
    weights: SearchWeights = weightsFor(embedder),
  ) {
    const embedded = embedder.kind === "embedded";
    if (!embedded && embedQuery === undefined) {
      throw new Fault(
        "configuration",
        `the index was built with ${embedder.kind}, and nothing here embeds queries with it`,
      );
    }
    this.lexicon = new Lexicon(sections);
    this.vectors = openVectors(sections, kernel, embedder.dimensions);
    this.ranker = new Ranker(sections, this.lexicon, this.vectors, weights);
    this.#salience = new Map(Object.entries(weights.salience));
    this.#words = embedded ? new WordTable(sections) : undefined;
    this.#embedQuery = embedQuery;
  }

  /** The best pages for a query, best first. @throws Fault("embedder") */
  async search(text: string, topK: number): Promise<RankedPage[]> {
    const query = this.readQuery(text);
    const vector = this.#words === undefined ? await this.#fromService(text) : this.embedWords(query);
    return this.ranker.rank(query, vector, topK);
  }

  readQuery(text: string): Query {
    return readQuery(text, this.lexicon, this.#salience);
  }

  /** The query's vector by the embedded embedder; undefined when none of its words has one. */
  embedWords({ ids, weights }: Query): Float32Array | undefined {
    return this.#words?.embed(ids, (slot) => weights[slot]!);
  }

  async #fromService(text: string): Promise<Float32Array | undefined> {
    if (text.trim() === "") return undefined;
    const vector = await this.#embedQuery?.(text);
    if (vector?.length === this.vectors.dimensions) return unitVector(vector);
    throw new Fault(
      "embedder",
      `a query's vector has ${vector?.length} dimensions, the index's have ${this.vectors.dimensions}`,
    );
  }
}

function weightsFor({ kind }: EmbedderName): SearchWeights {
  if (kind === "embedded") return learned;
  const features = learned.features.with(COSINE, SERVICE_COSINE.features);
  return { ...learned, features, firstPassCosine: SERVICE_COSINE.firstPass };
}

function openVectors(sections: Sections, kernel: WebAssembly.Module, dimensions: number): PageVectors {
  try {
    return new PageVectors(sections, kernel, dimensions);
  } catch (error) {
    if (error instanceof RangeError) throw new Fault("index", `index file: ${error.message}`, { cause: error });
    throw error;
  }
}
