/**
 * Embeddings that need no model: bags of hashed words, so that texts with common words are near each other. The wire is OpenAI's:
 * https://platform.openai.com/docs/api-reference/embeddings/create. Pure.
 */
import * as z from "zod";

export const EmbeddingsRequest = z.object({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string()).min(1).max(2048)]),
  dimensions: z.int().positive().max(4096).optional(),
  encoding_format: z.enum(["float", "base64"]).default("float"),
});
export type EmbeddingsRequest = z.infer<typeof EmbeddingsRequest>;

/** Of the vectors that are not asked for with other dimensions. */
export const DIMENSIONS = 64;

export const textsOf = ({ input }: EmbeddingsRequest) => (typeof input === "string" ? [input] : input);

/** The answer to a request: a vector of length 1 for each text, or of length 0 for one without words. */
export function embeddingsOf(request: EmbeddingsRequest) {
  const { model, dimensions = DIMENSIONS, encoding_format } = request;
  const texts = textsOf(request);
  const data = texts.map((text, index) => ({
    object: "embedding",
    index,
    embedding: encode(embed(text, dimensions), encoding_format),
  }));
  return { object: "list", data, model, usage: { prompt_tokens: texts.length, total_tokens: texts.length } };
}

/** Hash: 32-bit FNV-1a. */
function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? []) {
    let hash = 2166136261;
    for (const unit of word) hash = Math.imul(hash ^ unit.charCodeAt(0), 16777619);
    const at = (hash >>> 1) % dimensions;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function encode(vector: Float32Array, format: "float" | "base64"): number[] | string {
  return format === "float" ? [...vector] : Buffer.from(vector.buffer).toString("base64");
}
