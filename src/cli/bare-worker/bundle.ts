/** The worker's modules as `wrangler deploy` would upload them. */
import { rmSync } from "node:fs";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runWrangler } from "../processes.ts";

const MAIN = "index.js";

export type Bundle = { type: "ESModule" | "CompiledWasm"; path: string; contents: string | Uint8Array }[];

/** @param entry the main module, if not the one that wrangler.toml names */
export async function bundleWorker(entry?: string): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), "edgegym-bundle-"));
  const discard = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", discard);
  try {
    await runWrangler(["deploy", ...(entry ? [entry] : []), "--dry-run", "--outdir", folder]);
    const names = (await readdir(folder)).filter((name) => /\.(js|wasm)$/.test(name));
    // The module that comes first is the worker.
    const sorted = names.toSorted((a, b) => Number(b === MAIN) - Number(a === MAIN));
    const modules = sorted.map(async (name) =>
      name.endsWith(".wasm")
        ? { type: "CompiledWasm" as const, path: name, contents: await readFile(join(folder, name)) }
        : { type: "ESModule" as const, path: name, contents: await readFile(join(folder, name), "utf8") },
    );
    return await Promise.all(modules);
  } finally {
    process.off("exit", discard);
    discard();
  }
}
