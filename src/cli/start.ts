/** `edgegym start`: everything on this machine, in the real runtime, without a key or a network. */
import { type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { indexUpload, repositoriesUpload, upload, type Upload } from "./bucket.ts";
import { exampleCalls } from "./example-calls.ts";
import { build } from "./index-corpus.ts";
import { readManifest } from "./index-folder.ts";
import { startWrangler } from "./processes.ts";
import {
  defaultIndex,
  sampleIndex,
  sampleRepositories,
  sampleSource,
  sampleStore,
  secretsFile,
  shown,
} from "./project.ts";
import { requireOwnStore, storeRepository } from "./repository/store.ts";
import { buildSampleRepositories } from "./sample-repositories.ts";
import { prepareSecrets } from "./secrets.ts";
import { readSource } from "./sources.ts";
import { UserError } from "./user-error.ts";
import type { Manifest } from "../contract/manifest.ts";
import { documentsHash } from "../corpus/build.ts";
import { embeddedName } from "../corpus/embedded/words.ts";

export interface StartOptions {
  /** A folder with FinQA's files; without it the bundled sample is served. */
  data?: string;
  /** A built index, served as it is. */
  index?: string;
  port: number;
  /** Where local R2 and Durable Objects are kept, instead of `.wrangler/state`. */
  persistTo?: string;
}

/**
 * Sequence: port free? → secrets → index, repositories → local R2 → worker → say where it is. Resolves with the worker's exit code.
 * @throws UserError for what the user can mend
 */
export async function start(options: StartOptions): Promise<number> {
  await requireFreePort(options.port);
  const added = await prepareSecrets();
  if (added.length > 0) console.log(`Made ${added.join(" and ")} in ${shown(secretsFile)}.`);
  const source = options.data ?? sampleSource;
  const index = options.index ?? (await buildOrReuse(source, options.data ? defaultIndex("finqa") : sampleIndex));
  const pages = await indexUpload(index, "finqa");
  const { repositories, ...packed } = await prepareRepositories();
  console.log(`Loading the index in ${shown(index)} and ${repositories} sample repositories into local R2 …`);
  await upload([pages, packed], options.persistTo ? { persistTo: options.persistTo } : {});
  const url = `http://127.0.0.1:${options.port}`;
  const rows = { "code-planning": sampleRepositories, ...(options.index === undefined && { finqa: source }) };
  const examples = await exampleCalls(url, rows);
  const worker = startWorker(options);
  const end = ended(worker);
  if (await answers(url, worker)) console.log(served(pages.manifest, repositories, examples));
  return end;
}

/** Resolves with the folder of an index that needs no service. */
async function buildOrReuse(source: string, out: string): Promise<string> {
  const manifest = await readManifest(out);
  const needsNoService = manifest?.embedder.model === embeddedName.model;
  if (needsNoService && manifest.input === (await documentsHash(await readSource("finqa", source)))) {
    console.log(`Reusing the index in ${shown(out)}.`);
    return out;
  }
  console.log(`Building the index of ${shown(source)} …`);
  await build({ source: "finqa", from: source, out, embedder: "embedded" });
  return out;
}

/** Those of a user's own stay beside them, wherever `edgegym index --source repo --local` put them. */
async function prepareRepositories(): Promise<Upload & { repositories: number }> {
  await requireOwnStore(sampleStore);
  const built = await buildSampleRepositories();
  for (const repository of built) await storeRepository(sampleStore, repository);
  const manifests = built.map(({ manifest }) => manifest);
  return { ...repositoriesUpload(sampleStore, manifests), repositories: built.length };
}

const served = ({ counts }: Manifest, repositories: number, examples: string) =>
  `${counts.documents} pages and ${repositories} sample repositories served.\n${examples}`;

/** Wrangler would silently take another port, and the printed calls would go astray. */
async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  const free = new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  await free.catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "EADDRINUSE" ? "is in use; stop what uses it" : `cannot be used (${error.code})`;
    throw new UserError(`Port ${port} ${reason}, or choose another one: npm start -- --port 8788`);
  });
  await new Promise((resolve) => server.close(resolve));
}

function startWorker({ port, persistTo }: StartOptions): ChildProcess {
  const place = persistTo ? ["--persist-to", persistTo] : [];
  const args = ["dev", "--ip", "127.0.0.1", "--port", String(port), "--show-interactive-dev-session=false", ...place];
  return startWrangler(args, { stdio: "inherit" });
}

/** 128 and the number of SIGINT. */
const INTERRUPTED = 130;

/** Whether the worker came up; false when it ended before. */
async function answers(url: string, worker: ChildProcess): Promise<boolean> {
  let said = "";
  while (worker.exitCode === null && worker.signalCode === null) {
    const response = await fetch(`${url}/healthz`).catch(() => undefined);
    if (response?.ok) return true;
    const health = (await response?.text()) ?? "";
    if (health !== said) console.log(`Not ready: ${health}`);
    said = health;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

/**
 * Ctrl-C reaches the worker by itself, as a part of the terminal's group; other signals are passed on. After Ctrl-C the exit code is a
 * shell's for that: wrangler's own is now this, now that of the signal by which it ends its parts.
 */
function ended(worker: ChildProcess): Promise<number> {
  let interrupted = false;
  process.on("SIGINT", () => (interrupted = true));
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => worker.kill(signal));
  return new Promise((resolve) => {
    if (worker.exitCode !== null) resolve(worker.exitCode);
    worker.on("exit", (code, signal) => resolve(interrupted ? INTERRUPTED : signal === null ? (code ?? 1) : 0));
  });
}
