/**
 * The worker as it is deployed, on bare workerd: bundled by wrangler, on a socket of its own without a proxy before it, with
 * the runtime's local R2 and Durable Objects. Its log lines are written, and go to nowhere.
 */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { runWrangler } from "../../src/cli/processes.ts";
import { BUCKET, inProject } from "../../src/cli/project.ts";
import { Manifest } from "../../src/contract/manifest.ts";
import { ADMIN, TOKEN } from "./traffic.ts";

/** Linux keeps this folder in memory. */
const MEMORY = "/dev/shm";
const MAIN = "index.js";

export interface Bundle {
  compatibilityDate: string | undefined;
  modules: { type: "ESModule" | "CompiledWasm"; path: string; contents: string | Uint8Array }[];
}

export interface Server {
  port: number;
  /** Of workerd. */
  pid: number;
  /** Where its storage is kept, and whether that is memory. */
  storage: { folder: string; inMemory: boolean };
  close(): Promise<void>;
}

/** The worker's modules as `wrangler deploy` would upload them. */
export async function bundleWorker(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), "edgegym-bundle-"));
  try {
    await runWrangler(["deploy", "--dry-run", "--outdir", folder]);
    const names = (await readdir(folder)).filter((name) => /\.(js|wasm)$/.test(name));
    // The module that comes first is the worker.
    const sorted = names.toSorted((a, b) => Number(b === MAIN) - Number(a === MAIN));
    const modules = sorted.map(async (name) =>
      name.endsWith(".wasm")
        ? { type: "CompiledWasm" as const, path: name, contents: await readFile(join(folder, name)) }
        : { type: "ESModule" as const, path: name, contents: await readFile(join(folder, name), "utf8") },
    );
    const { compatibility_date } = unstable_readConfig({ config: inProject("wrangler.toml") });
    return { compatibilityDate: compatibility_date, modules: await Promise.all(modules) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A fresh process with empty storage but for the index in `index`. Nothing of the worker has run yet. */
export async function startServer({ modules, compatibilityDate }: Bundle, index: string): Promise<Server> {
  const inMemory = await stat(MEMORY).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const folder = await mkdtemp(join(inMemory ? MEMORY : tmpdir(), "edgegym-bench-"));
  process.env["MINIFLARE_WORKERD_PATH"] = await writeLauncher(folder);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules,
      modulesRoot: "/",
      ...(compatibilityDate && { compatibilityDate }),
      bindings: { TRAINER_TOKEN: TOKEN, ADMIN_TOKEN: ADMIN },
      r2Buckets: { BUCKET },
      durableObjects: {
        ROLLOUT: { className: "Rollout", useSQLite: true },
        RUN: { className: "Run", useSQLite: true },
        RUN_DIRECTORY: { className: "RunDirectory", useSQLite: true },
      },
      resourcePersistencePath: join(folder, "state"),
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      cf: false,
    }),
  );
  await miniflare.ready;
  await loadIndex(await miniflare.getR2Bucket("BUCKET"), index);
  return {
    port: Number((await miniflare.unsafeGetDirectURL()).port),
    pid: Number(await readFile(join(folder, "pid"), "utf8")),
    storage: { folder, inMemory },
    close: async () => {
      await miniflare.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts workerd in place of itself: with as many open files as it may have, three per Durable Object, and its output dropped. */
async function writeLauncher(folder: string): Promise<string> {
  // The package has no types; its main export is the binary's path.
  const { default: workerd } = createRequire(import.meta.url)("workerd") as { default: string };
  const file = join(folder, "workerd.sh");
  const lines = [
    "#!/bin/sh",
    `ulimit -n "$(ulimit -Hn)"`,
    `echo $$ > '${folder}/pid'`,
    `exec '${workerd}' "$@" > /dev/null`,
  ];
  await writeFile(file, lines.join("\n"));
  await chmod(file, 0o755);
  return file;
}

type Bucket = Awaited<ReturnType<Miniflare["getR2Bucket"]>>;

async function loadIndex(bucket: Bucket, folder: string): Promise<void> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")));
  for (const name of [...manifest.files.map((file) => file.name), "manifest.json"]) {
    await bucket.put(`corpora/finqa/${manifest.version}/${name}`, await readFile(join(folder, name)));
  }
  await bucket.put("corpora/finqa/current.json", JSON.stringify({ version: manifest.version }));
}
