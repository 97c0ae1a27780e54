/** An index in memory, to try rankings on: what `tune` learns with and what `bench:retrieval` measures. Never writes a file. */
import { readFile } from "node:fs/promises";
import { INDEX_FILE, type Manifest } from "../contract/manifest.ts";
import { buildIndex } from "../corpus/build.ts";
import type { Document } from "../corpus/document.ts";
import { Sections } from "../corpus/format.ts";
import { Searcher, type SearchWeights } from "../corpus/search.ts";
import type { Progress } from "./progress.ts";

const KERNEL = new URL("../corpus/kernel/scan.wasm", import.meta.url);

export interface RankingLab {
  /** Each page once. */
  documents: Document[];
  manifest: Manifest;
  /** The place of a path's page in the index, or -1. */
  pageOf(path: string): number;
  /** A search with given weights, or with those that are served. */
  searcher(weights?: SearchWeights): Searcher;
}

/** Builds the index of documents with the embedded embedder. @throws CorpusError */
export async function openRankingLab(documents: readonly Document[], progress: Progress): Promise<RankingLab> {
  const index = await buildIndex(documents, "embedded", {}, (step, done, total) => progress.update(step, done, total));
  const sections = new Sections(index.files.get(INDEX_FILE)!.buffer);
  const paths = new TextDecoder().decode(sections.get("paths", "uint8")).split("\n");
  const pages = new Map(paths.map((path, page) => [path, page]));
  const kernel = new WebAssembly.Module(await readFile(KERNEL));
  return {
    documents: [...new Map(documents.map((document) => [document.path, document])).values()],
    manifest: index.manifest,
    pageOf: (path) => pages.get(path) ?? -1,
    searcher: (weights) => new Searcher(sections, index.manifest.embedder, kernel, undefined, weights),
  };
}
