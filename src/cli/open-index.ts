/** Opens a built index in this process, to look into it as the tools do. Read only. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../contract/failure.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { openCorpus } from "../corpus/open.ts";
import { readManifest } from "./index-folder.ts";
import { UserError } from "./user-error.ts";

const KERNEL = new URL("../corpus/kernel/scan.wasm", import.meta.url);

/**
 * The corpus, and whether it can be searched: an index with vectors of a service needs that service for each query, and here
 * none is asked.
 * @throws UserError when there is no index, or one that is damaged or of another version
 */
export async function openIndex(folder: string): Promise<{ corpus: Corpus; canSearch: boolean }> {
  const manifest = await readManifest(folder);
  if (!manifest) throw new UserError(`${folder} has no complete index of this version: build it with edgegym index.`);
  const canSearch = manifest.embedder.kind === "embedded";
  try {
    const corpus = await openCorpus({
      manifest,
      kernel: new WebAssembly.Module(await readFile(KERNEL)),
      read: async (file) => new Uint8Array(await readFile(join(folder, file))).buffer,
      ...(!canSearch && { embedQuery: () => Promise.reject(new Error("no embedder is asked here")) }),
    });
    return { corpus, canSearch };
  } catch (error) {
    if (error instanceof Fault) throw new UserError(`${folder}: ${error.message}`);
    throw error;
  }
}
