/** `edgegym index`: documents → the files of a corpus index, and on request into a bucket. */
import { join } from "node:path";
import OpenAI from "openai";
import type { Manifest } from "../contract/manifest.ts";
import { buildIndex } from "../corpus/build.ts";
import { CorpusError } from "../corpus/document.ts";
import type { EmbedderChoice } from "../corpus/embedder.ts";
import { openAiEmbedder } from "../corpus/embedders/openai.ts";
import { indexUpload, upload } from "./bucket.ts";
import { openEmbeddingCache } from "./embedding-cache.ts";
import { requireOwn, writeIndex } from "./index-folder.ts";
import { Progress } from "./progress.ts";
import { shown } from "./project.ts";
import { readSource, type SourceKind } from "./sources.ts";
import { UserError } from "./user-error.ts";

export const embedderKinds = ["embedded", "openai", "workers-ai"] as const;

export interface IndexOptions {
  source: SourceKind;
  from: string;
  /** Where the index is written. */
  out: string;
  /** The name under which the environment's worker looks for it. */
  corpus: string;
  embedder: (typeof embedderKinds)[number];
  model?: string;
  dimensions?: number;
  upload?: boolean;
  local?: boolean;
}

/** Builds, writes, uploads where asked, and prints a summary. @throws UserError for what the user can mend */
export async function indexCorpus(options: IndexOptions): Promise<void> {
  const started = performance.now();
  const manifest = await build(options);
  const built = await indexUpload(options.out, options.corpus);
  if (options.local) await upload([built], {});
  if (options.upload) await upload([built], "remote");
  if (options.local || options.upload) {
    const place = options.upload ? "the bucket on Cloudflare" : "local R2";
    console.log(`Corpus ${options.corpus} in ${place} is now version ${manifest.version}.`);
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(summary(manifest, options.out, seconds));
  if (options.upload)
    console.log("Deploy once more (npm run deploy), so that no running worker goes on with the index before.");
}

/** Reads the source and writes the index. @throws UserError */
export async function build(
  options: Pick<IndexOptions, "source" | "from" | "out" | "embedder" | "model" | "dimensions">,
): Promise<Manifest> {
  const progress = new Progress();
  try {
    await requireOwn(options.out);
    const documents = await readSource(options.source, options.from);
    const cache = await openEmbeddingCache(join(options.out, "embeddings.jsonl"));
    const index = await buildIndex(documents, chooseEmbedder(options), { cache }, (step, done, total) =>
      progress.update(step, done, total),
    );
    await writeIndex(options.out, index);
    return index.manifest;
  } catch (error) {
    if (error instanceof CorpusError) throw new UserError(error.message);
    if (!(error instanceof OpenAI.APIError)) throw error;
    throw new UserError(`The embedder failed: ${error.message} Run the command again to go on where it was.`);
  } finally {
    progress.stop();
  }
}

/** Keys come from the environment, as the services' own tools read them; never from the command line, which others can see. */
function chooseEmbedder({
  embedder,
  model,
  dimensions,
}: Pick<IndexOptions, "embedder" | "model" | "dimensions">): EmbedderChoice {
  // With the package's pauses of up to 8 s about half a minute of a service that is down.
  const maxRetries = 6;
  switch (embedder) {
    case "embedded":
      return "embedded";
    case "openai": {
      const client = new OpenAI({ apiKey: required("OPENAI_API_KEY"), maxRetries });
      return openAiEmbedder(client, "openai", model ?? "text-embedding-3-small", dimensions ?? 512);
    }
    case "workers-ai": {
      const baseURL = `https://api.cloudflare.com/client/v4/accounts/${required("CLOUDFLARE_ACCOUNT_ID")}/ai/v1`;
      const client = new OpenAI({ apiKey: required("CLOUDFLARE_API_TOKEN"), baseURL, maxRetries });
      return openAiEmbedder(client, "workers-ai", model ?? "@cf/baai/bge-small-en-v1.5", dimensions ?? 384);
    }
  }
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value) return value;
  throw new UserError(`The environment variable ${variable} is not set; this embedder needs it.`);
}

function summary({ counts, files, version, embedder }: Manifest, out: string, seconds: number): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const firstLoad = files.find((file) => file.name === "index.bin")?.bytes ?? 0;
  return [
    `${shown(out)}: ${counts.documents} documents, ${counts.passages} passages, ${counts.terms} terms`,
    `embedder ${embedder.kind} (${embedder.model}, ${embedder.dimensions} dimensions)`,
    `${megabytes(total)} in ${files.length} files, of which a worker loads ${megabytes(firstLoad)} first; ${seconds.toFixed(1)} s`,
    `version ${version}`,
  ].join("\n");
}
