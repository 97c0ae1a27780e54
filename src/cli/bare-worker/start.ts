/**
 * The worker on bare workerd, on this machine: as it is deployed, with the runtime's local R2 and Durable Objects, on a socket of
 * its own without a proxy before it. Its storage is in memory where the system has a folder for that, and goes with it. What
 * it logs goes nowhere.
 */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp, readFile, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Miniflare } from "miniflare";
import type { BuiltIndex } from "../../corpus/build.ts";
import type { TokenName } from "../deployment.ts";
import type { Bundle } from "./bundle.ts";
import { configuration, type Variables } from "./configuration.ts";

/** Linux keeps this folder in memory. */
const MEMORY = "/dev/shm";
/** What it has to have free: 5,000 rollouts take about 400 MB, and a full disk would look like faults of the worker. */
const MEMORY_BYTES = 1_000_000_000;

export type Tokens = Record<TokenName, string>;

export interface BareWorkerOptions {
  bundle: Bundle;
  /** Served to the environment `finqa`. */
  index: BuiltIndex;
  /** What its bucket has beside that, by key. */
  objects?: ReadonlyMap<string, Uint8Array>;
  /** The worker's secrets; made up where they are not given. */
  tokens?: Tokens;
  /** Variables and secrets beside those. */
  variables?: Variables;
  /** Lets a debugger be attached, which tells how much memory the worker has. */
  inspected?: boolean;
}

export interface BareWorker {
  url: string;
  port: number;
  tokens: Tokens;
  /** Where its storage is kept, and whether that is memory. */
  storage: { folder: string; inMemory: boolean };
  /** Where a debugger of a worker that is `inspected` is attached. */
  inspector(): Promise<URL>;
  /** The number of workerd's process, on systems with /bin/sh. */
  pid(): Promise<number>;
  /**
   * Ends the process without warning and starts another one on the same port and storage, with another bundle or other
   * variables where they are given. Until it resolves clients get connection errors.
   */
  restart(changes?: Partial<Pick<BareWorkerOptions, "bundle" | "variables">>): Promise<void>;
  /** Ends the process and removes what it stored. */
  close(): Promise<void>;
}

/** Starts a process whose storage holds nothing but the index. Nothing of the worker has run when it resolves. */
export async function startBareWorker(options: BareWorkerOptions): Promise<BareWorker> {
  const {
    bundle,
    index,
    tokens = { TRAINER_TOKEN: newToken(), ADMIN_TOKEN: newToken() },
    variables = {},
    inspected = false,
  } = options;
  const { Miniflare } = await import("miniflare");
  const storage = await makeStorage();
  const discard = () => rmSync(storage.folder, { recursive: true, force: true });
  process.on("exit", discard);
  const configure = await configuration(storage.folder);
  let current = { bundle, variables: { ...variables, ...tokens }, port: 0, inspected };
  const miniflare = within(storage.folder, () => new Miniflare(configure(current)));
  const close = async () => {
    await miniflare.dispose();
    process.off("exit", discard);
    discard();
  };
  try {
    await miniflare.ready;
    const bucket = await miniflare.getR2Bucket("BUCKET");
    await loadIndex(bucket, index);
    for (const [key, content] of options.objects ?? []) await bucket.put(key, content);
    const port = Number((await miniflare.unsafeGetDirectURL()).port);
    return {
      url: `http://127.0.0.1:${port}`,
      port,
      tokens,
      storage,
      inspector: () => miniflare.getInspectorURL(),
      pid: async () => Number(await readFile(join(storage.folder, "pid"), "utf8")),
      restart: async (changes = {}) => {
        const changed = { ...current.variables, ...changes.variables };
        current = { ...current, bundle: changes.bundle ?? current.bundle, variables: changed, port };
        await miniflare.setOptions(configure(current));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A secret for one process. */
export const newToken = () => randomBytes(24).toString("hex");

/**
 * Makes a miniflare that keeps to its folder and to its own business: by itself it has files elsewhere, which a crash would
 * leave behind, and ends this process at a signal, whose meaning is for the command to say.
 */
function within<T>(folder: string, make: () => T): T {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)));
  const { TMPDIR } = process.env;
  process.env["TMPDIR"] = folder;
  try {
    return make();
  } finally {
    delete process.env["TMPDIR"];
    if (TMPDIR !== undefined) process.env["TMPDIR"] = TMPDIR;
    for (const signal of signals) {
      for (const listener of process.listeners(signal)) if (!before.has(listener)) process.off(signal, listener);
    }
  }
}

async function makeStorage(): Promise<BareWorker["storage"]> {
  const inMemory = await statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize >= MEMORY_BYTES,
    () => false,
  );
  return { folder: await mkdtemp(join(inMemory ? MEMORY : tmpdir(), "edgegym-")), inMemory };
}

type Bucket = Awaited<ReturnType<Miniflare["getR2Bucket"]>>;

async function loadIndex(bucket: Bucket, { manifest, files }: BuiltIndex): Promise<void> {
  const folder = `corpora/finqa/${manifest.version}`;
  for (const [name, content] of files) await bucket.put(`${folder}/${name}`, content);
  await bucket.put(`${folder}/manifest.json`, JSON.stringify(manifest));
  await bucket.put("corpora/finqa/current.json", JSON.stringify({ version: manifest.version }));
}
