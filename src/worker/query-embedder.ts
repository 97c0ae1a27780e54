/**
 * Embeds queries with the service that an index was built with. Cached, since bursts of rollouts repeat each other's queries.
 * A service that stays down is a fault, never an empty result.
 */
import { Fault } from "../contract/failure.ts";
import { limits } from "../contract/limits.ts";
import type { EmbedderName } from "../contract/manifest.ts";
import { openAiEmbedder } from "../corpus/embedders/openai.ts";
import type { Bindings } from "./bindings.ts";
import { withRetries } from "./retry.ts";
import { keepGoing, waitFor } from "./shared.ts";

export type EmbedQuery = (query: string) => Promise<Float32Array>;

/** Undefined for an index that embeds without a service. */
export function queryEmbedder(name: EmbedderName, bindings: Bindings): EmbedQuery | undefined {
  switch (name.kind) {
    case "embedded":
      return undefined;
    case "openai":
      return cached((query) => withRetries("embedder", () => withOpenAi(name, bindings, query)));
    case "workers-ai":
      return cached((query) => withRetries("embedder", () => withWorkersAi(name, bindings, query)));
  }
}

/**
 * The last used queries' vectors, each asked for once however many requests want it; a failure is not kept. Half a surrogate
 * pair, which a model can write and a service may refuse, becomes U+FFFD first.
 */
function cached(embed: EmbedQuery): EmbedQuery {
  const vectors = new Map<string, Promise<Float32Array>>();
  return (written) => {
    const query = written.toWellFormed();
    const vector = vectors.get(query) ?? embed(query);
    vectors.delete(query);
    vectors.set(query, vector);
    const [oldest] = vectors.keys();
    if (vectors.size > limits.queryVectorsKept && oldest !== undefined) vectors.delete(oldest);
    const forget = () => void (vectors.get(query) === vector && vectors.delete(query));
    keepGoing(vector.catch(forget));
    return waitFor(vector, "embedder", forget);
  };
}

/** Refusals of the request itself, which another try would get again. Not among them: 408, 409 and 429. */
const FINAL_STATUSES = new Set([400, 401, 403, 404, 422]);

/**
 * The package is loaded with the first query of such an index, so that other deployments start without it. It does not retry:
 * it would wait for as long as a `Retry-After` says, and a call cannot.
 */
async function withOpenAi(name: EmbedderName, bindings: Bindings, query: string): Promise<Float32Array> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = bindings;
  if (!apiKey)
    throw new Fault(
      "configuration",
      "The index was built with OpenAI's embeddings, and the secret OPENAI_API_KEY is not set.",
    );
  const { default: OpenAI } = await import("openai");
  const client = new OpenAI({ apiKey, baseURL: baseURL ?? null, timeout: limits.attemptMilliseconds, maxRetries: 0 });
  try {
    return first(await openAiEmbedder(client, "openai", name.model, name.dimensions).embed([query]));
  } catch (error) {
    if (!(error instanceof OpenAI.APIError) || !FINAL_STATUSES.has(error.status ?? 0)) throw error;
    throw new Fault("embedder", `the service refused the request with status ${error.status}`, { cause: error });
  }
}

async function withWorkersAi(name: EmbedderName, bindings: Bindings, query: string): Promise<Float32Array> {
  if (!bindings.AI)
    throw new Fault(
      "configuration",
      "The index was built with Workers AI's embeddings, and the binding AI is not there.",
    );
  const result = await bindings.AI.run(name.model, { text: [query] });
  const vectors = typeof result === "object" && result !== null && "data" in result ? result.data : undefined;
  const [vector] = Array.isArray(vectors) ? vectors : [];
  if (Array.isArray(vector) && vector.length === name.dimensions) return Float32Array.from(vector);
  throw new Fault("embedder", `Workers AI did not answer with a vector of ${name.dimensions} dimensions`);
}

function first(vectors: Float32Array[]): Float32Array {
  const [vector] = vectors;
  if (vector) return vector;
  throw new Fault("embedder", "the service sent no vector");
}
