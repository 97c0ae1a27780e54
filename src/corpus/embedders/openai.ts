/**
 * Embeddings of OpenAI, or of any service with its API (Azure OpenAI; Workers AI from outside a worker). Requests, retries on
 * 429 and 5xx and Retry-After are the `openai` package's, through the client that is given.
 */
import type OpenAI from "openai";
import type { Embedder } from "../embedder.ts";

/** `dimensions` are those of the vectors asked for; only OpenAI's third generation can be asked for fewer than it has. */
export function openAiEmbedder(
  client: OpenAI,
  kind: "openai" | "workers-ai",
  model: string,
  dimensions: number,
): Embedder {
  return {
    kind,
    model,
    dimensions,
    async embed(texts) {
      const shortened = model.includes("text-embedding-3") ? { dimensions } : {};
      const { data } = await client.embeddings.create({ model, input: texts, ...shortened });
      return inOrder(data, texts.length, dimensions);
    },
  };
}

/** @throws Error when the service answered with other vectors than asked for */
function inOrder(
  data: readonly { index: number; embedding: number[] }[],
  count: number,
  dimensions: number,
): Float32Array[] {
  if (data.length !== count) throw new Error(`${count} texts were sent, ${data.length} vectors came back`);
  return data
    .toSorted((a, b) => a.index - b.index)
    .map(({ embedding }) => {
      if (embedding.length === dimensions) return Float32Array.from(embedding);
      throw new Error(`the model's vectors have ${embedding.length} dimensions, not ${dimensions}`);
    });
}
