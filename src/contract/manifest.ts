/**
 * The manifest of a corpus index: what its files are and how they were made. Written last, read first: an index without a
 * manifest does not exist. Its file stands beside the files it names.
 */
import * as z from "zod";

/** Raised whenever a worker could misread an index built before. */
export const INDEX_SCHEMA = 3;

/** The first load of every index; its other files are read on demand. */
export const INDEX_FILE = "index.bin";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Who turns text into vectors. A query is always embedded by the same embedder, model and dimensions as the corpus. */
export const EmbedderName = z.object({
  kind: z.enum(["embedded", "openai", "workers-ai"]),
  model: z.string(),
  dimensions: z.int().positive(),
});
export type EmbedderName = z.infer<typeof EmbedderName>;

export const IndexFile = z.object({ name: z.string(), bytes: z.int().nonnegative(), sha256 });
export type IndexFile = z.infer<typeof IndexFile>;

export const Manifest = z.object({
  schema: z.literal(INDEX_SCHEMA),
  /** Hash over the schema, the embedder and every file's hash: two indexes with the same version answer alike. */
  version: sha256,
  /** Hash of the documents' paths and texts: the same input needs no new index. */
  input: sha256,
  embedder: EmbedderName,
  counts: z.object({
    documents: z.int().positive(),
    passages: z.int().positive(),
    terms: z.int().nonnegative(),
    vectors: z.int().nonnegative(),
  }),
  /** `index.bin` is the first load; `documents-NNN.bin` hold the texts and are read on demand. */
  files: z.array(IndexFile).min(2),
});
export type Manifest = z.infer<typeof Manifest>;
