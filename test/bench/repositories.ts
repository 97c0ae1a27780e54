/**
 * `npm run bench:repositories`: repositories in the worker on bare workerd, from the bucket to a text in which something is looked for.
 *   --from PATH  a clone, a folder or an archive (default: the installed package openai, about 4,100 files, 24 MB)
 *   --data PATH  FinQA's files, which the same isolate serves beside them (default: the bundled sample)
 * The files are those of a real repository; the others that push it out of memory differ from it in each file's first line.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { bundleWorker } from "../../src/cli/bare-worker/bundle.ts";
import { type BareWorker, startBareWorker } from "../../src/cli/bare-worker/start.ts";
import { inProject } from "../../src/cli/project.ts";
import { gatherFolder } from "../../src/cli/repository/folder.ts";
import { gatherCommit, isClone } from "../../src/cli/repository/git.ts";
import { gatherTarball } from "../../src/cli/repository/tarball.ts";
import { trainerHeaders } from "../../src/cli/rollouts/requests.ts";
import { build } from "../../src/cli/index-corpus.ts";
import { readIndex } from "../../src/cli/index-folder.ts";
import { sampleSource } from "../../src/cli/project.ts";
import { concatenate } from "../../src/corpus/bytes.ts";
import { buildRepository } from "../../src/corpus/repository/build.ts";
import type { Gathered } from "../../src/corpus/repository/source.ts";
import { isolateBytes } from "./heap.ts";
import { median, quantile, table } from "./measure.ts";

const NAME = "bench/repository";
const OTHERS = 7;
const ROLLOUTS = 500;
const WARM = 15;

/** `reads` are all of the process so far. */
const Done = z.object({ paths: z.int(), bytes: z.int(), reads: z.int() });
type Done = z.infer<typeof Done>;
type Task = "open" | "list" | "directory" | "all";

const { values } = parseArgs({
  options: {
    from: { type: "string", default: inProject("node_modules", "openai") },
    data: { type: "string", default: sampleSource },
  },
});

const started = performance.now();
const source = await gather(values.from);
const { objects, packs, stored } = await buildAll(source);
console.log(
  `${source.entries.length.toLocaleString("en")} files, ${megabytes(packs.bytes)} MB in ${packs.count} packs, ` +
    `${megabytes(stored)} MB compressed; built with ${OTHERS} others in ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
);
const index = await mkdtemp(join(tmpdir(), "edgegym-index-"));
try {
  await build({ source: "finqa", from: values.data, out: index, embedder: "embedded" });
  const bundle = await bundleWorker(inProject("test", "worker", "bench", "index.ts"));
  const server = await startBareWorker({ bundle, index: await readIndex(index), objects, inspected: true });
  try {
    await measure(server);
  } finally {
    await server.close();
  }
} finally {
  await rm(index, { recursive: true });
}

async function gather(from: string): Promise<Gathered> {
  if (/\.(tar|tgz|tar\.gz)$/.test(from)) return gatherTarball(from);
  return (await isClone(from)) ? gatherCommit(from, "HEAD") : gatherFolder(from);
}

/** The repository as commit 0, and the others after it. */
async function buildAll(gathered: Gathered) {
  const built = await buildRepository(gathered, NAME, "0");
  const all = new Map(built.objects);
  for (let other = 1; other <= OTHERS; other++)
    for (const [key, content] of (await buildRepository(changed(gathered, other), NAME, String(other))).objects)
      all.set(key, content);
  return {
    objects: all,
    packs: { count: built.manifest.packs.length, bytes: sum(built.manifest.packs.map(({ bytes }) => bytes)) },
    stored: sum([...built.objects.values()].map(({ length }) => length)),
  };
}

function changed({ entries }: Gathered, other: number): Gathered {
  const line = new TextEncoder().encode(`// ${other}\n`);
  const of = entries.map((entry) =>
    entry.kind === "link" ? entry : { ...entry, content: concatenate([line, entry.content]) },
  );
  return { entries: of, leftOut: [] };
}

interface Row {
  name: string;
  times: number[];
  /** Of the last time. */
  reads: number;
  bytes: number;
  /** The most after any time. */
  memory: number;
}

async function measure(server: BareWorker): Promise<void> {
  const rows: Row[] = [];
  const run = async (name: string, task: Task, times: number, { commits = ["0"], cold = false } = {}) => {
    const row: Row = { name, times: [], reads: 0, bytes: 0, memory: 0 };
    for (let time = 0; time < times; time++) {
      if (cold) await restarted(server);
      const reads = cold ? 0 : (await ask(server, "0", "open")).reads;
      const begun = performance.now();
      const done = await ask(server, commits[time % commits.length] ?? "0", task);
      row.times.push(performance.now() - begun);
      Object.assign(row, { reads: done.reads - reads, bytes: done.bytes });
      row.memory = Math.max(row.memory, await memoryOf(server));
    }
    rows.push(row);
  };
  await run("open, cold", "open", 5, { cold: true });
  await run("open, warm", "open", WARM);
  await run("list every directory", "list", WARM);
  await run("read one directory, cold", "directory", 5, { cold: true });
  await run("read all, cold", "all", 5, { cold: true });
  await run("read all, warm", "all", WARM);
  const commits = Array.from({ length: OTHERS }, (_, other) => String(other + 1));
  await run(`read all of ${OTHERS} others in turn`, "all", 2 * OTHERS, { commits });
  await run("read all, pushed out", "all", 1);
  console.log(table([["", "median ms", "most ms", "R2 reads", "MB read", "isolate MB"], ...rows.map(cells)]));
  await burst(server, "one repository, cold", () => "0");
  await burst(server, "one repository, warm", () => "0");
  await burst(server, `${OTHERS + 1} repositories, cold`, (rollout) => String(rollout % (OTHERS + 1)));
}

/** So many rollouts' first commands at once: open, list, read a directory. */
async function burst(server: BareWorker, name: string, commitOf: (rollout: number) => string) {
  if (name.endsWith("cold")) await restarted(server);
  const { reads } = await ask(server, commitOf(0), "open");
  const begun = performance.now();
  const answers = await Promise.allSettled(
    Array.from({ length: ROLLOUTS }, async (_, rollout) => {
      const done = await ask(server, commitOf(rollout), "directory");
      return { reads: done.reads - reads, milliseconds: performance.now() - begun };
    }),
  );
  const done = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const last = Math.max(...done.map(({ milliseconds }) => milliseconds));
  const memory = megabytes(await memoryOf(server));
  console.log(
    `\n${ROLLOUTS} rollouts at once, ${name}: ${last.toFixed(0)} ms, half of them in ` +
      `${quantile(
        done.map(({ milliseconds }) => milliseconds),
        0.5,
      ).toFixed(0)} ms; ${ROLLOUTS - done.length} errors, ` +
      `${Math.max(...done.map((answer) => answer.reads))} R2 reads, ${memory} MB in the isolate`,
  );
}

/** A fresh process that has searched FinQA's pages and so has its index and texts in memory, with nothing of a repository. */
async function restarted(server: BareWorker): Promise<void> {
  const { url, tokens } = server;
  await server.restart();
  const headers = trainerHeaders(tokens.TRAINER_TOKEN, "bench");
  for (const query of ["revenue", "debt", "pension", "leases", "fuel", "stock options", "tax", "dividends"]) {
    const body = JSON.stringify({ arguments: { query, top_k: 10 } });
    const answer = await fetch(`${url}/finqa/tools/search`, {
      method: "POST",
      headers,
      body,
    });
    if (!answer.ok) throw new Error(`a search answered ${answer.status}: ${await answer.text()}`);
  }
}

async function ask(server: BareWorker, commit: string, task: Task): Promise<Done> {
  const query = new URLSearchParams({ name: NAME, commit, task });
  const response = await fetch(`${server.url}/bench?${query}`);
  if (!response.ok) throw new Error(`${task} answered ${response.status}: ${await response.text()}`);
  return Done.parse(await response.json());
}

async function memoryOf(server: BareWorker): Promise<number> {
  return isolateBytes(await server.inspector());
}

function cells({ name, times, reads, bytes, memory }: Row): string[] {
  const most = Math.max(...times).toFixed(1);
  return [name, median(times).toFixed(1), most, String(reads), megabytes(bytes), megabytes(memory)];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
