/**
 * What turns texts into vectors for search by meaning. The embedded one needs no service: it is trained on the corpus while
 * the index is built. The others call a service, so their work on a corpus is cached and can be resumed.
 */
import type { EmbedderName } from "../contract/manifest.ts";

/** A service that embeds texts. A vector's length does not matter: it is normalised here. */
export interface Embedder extends EmbedderName {
  /** One vector of `dimensions` for each text, in order. At most `EMBEDDING_BATCH` texts a call. */
  embed(texts: string[]): Promise<Float32Array[]>;
}

/** Vectors already paid for, by a key that names embedder, model, dimensions and text. */
export interface EmbeddingCache {
  get(key: string): Promise<Float32Array | undefined>;
  put(key: string, vector: Float32Array): Promise<void>;
}

/** Texts in one request: far below every service's limits, and little lost when one fails. */
export const EMBEDDING_BATCH = 64;

/** Either the embedder that needs nothing, or a service. */
export type EmbedderChoice = "embedded" | Embedder;
