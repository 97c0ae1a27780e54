/**
 * `npm run bench:learning`: does the stand-in learn? Trains it on one part of a dataset against the real worker on bare workerd and holds
 * the base model and what became of it against each other on the other part, which shares no page with the first.
 *   --data DIR     FinQA's files or a checkout of its repository (default: the bundled sample)
 *   --train N      rows to train on (default: 100)
 *   --val N        rows to compare on (default: 40)
 *   --seeds N      trainings, each with a seed of its own (default: 3)
 *   --runs N       rollouts of each row that is compared on (default: 6)
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleWorker } from "../../src/cli/bare-worker/bundle.ts";
import { type BareWorker, startBareWorker } from "../../src/cli/bare-worker/start.ts";
import { readLine } from "../../src/cli/dataset-file.ts";
import { build } from "../../src/cli/index-corpus.ts";
import { readIndex } from "../../src/cli/index-folder.ts";
import { type Policy, untrained } from "../../src/cli/platform/policy/policy.ts";
import { findPractice } from "../../src/cli/platform/policy/practices.ts";
import { readRows } from "../../src/cli/platform/training-rows.ts";
import { Endpoints } from "../../src/cli/platform/training/endpoints.ts";
import { reasoningTokens } from "../../src/cli/platform/training/figures.ts";
import { playRollout } from "../../src/cli/platform/training/rollout.ts";
import { trainJob } from "../../src/cli/platform/training/train-job.ts";
import { prepare } from "../../src/cli/prepare/prepare.ts";
import { Progress } from "../../src/cli/progress.ts";
import { sampleSource } from "../../src/cli/project.ts";
import { Semaphore } from "../../src/cli/semaphore.ts";
import type { JobRequest, TrainingRow } from "../../src/contract/fine-tuning.ts";
import { limits } from "../../src/contract/limits.ts";
import { finqa } from "../../src/environments/finqa/index.ts";
import { seededRandom } from "../../src/environments/random.ts";
import { bootstrapMean } from "../../src/report/statistics/bootstrap.ts";
import { mean } from "../../src/report/statistics/describe.ts";
import { table } from "./measure.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: sampleSource },
    train: { type: "string", default: "100" },
    val: { type: "string", default: "40" },
    seeds: { type: "string", default: "3" },
    runs: { type: "string", default: "6" },
  },
});
const signal = new AbortController().signal;
const folder = await mkdtemp(join(tmpdir(), "edgegym-learning-"));
try {
  await measure();
} finally {
  await rm(folder, { recursive: true });
}

async function measure(): Promise<void> {
  const { training, validation } = await dataset();
  const index = join(folder, "index");
  await build({ source: "finqa", from: values.data, out: index, embedder: "embedded" });
  const worker = await startBareWorker({ bundle: await bundleWorker(), index: await readIndex(index) });
  const rows: string[][] = [];
  try {
    for (let seed = 1; seed <= Number(values.seeds); seed++)
      rows.push(await trial(seed, requestTo(worker), training, validation));
  } finally {
    await worker.close();
  }
  console.log(
    `${training.length} rows to train on, ${validation.length} to compare on, ${values.runs} rollouts of each`,
  );
  const titles = [
    "seed",
    "score before",
    "after",
    "difference, 95 %",
    "calls before",
    "after",
    "tokens before",
    "after",
    "training, s",
  ];
  console.log(table([titles, ...rows]));
}

async function trial(seed: number, request: JobRequest, training: TrainingRow[], validation: TrainingRow[]) {
  const before = await evaluate(untrained, request, validation, seed);
  const started = performance.now();
  const listener = {
    message: () => {},
    metrics: (_: unknown, line: string) => console.error(`seed ${seed}: ${line}`),
    checkpoint: () => {},
    proceed: async () => {},
  };
  const trained = await trainJob({ request, training, validation }, untrained, listener, { seed, signal });
  const seconds = (performance.now() - started) / 1000;
  const after = await evaluate(trained, request, validation, seed);
  const gains = after.map(({ score }, at) => score - (before[at]?.score ?? 0));
  const gain = bootstrapMean(gains, seededRandom("gain", seed));
  const of = (items: typeof before, figure: keyof (typeof before)[number]) => mean(items.map((item) => item[figure]));
  return [
    String(seed),
    of(before, "score").toFixed(3),
    of(after, "score").toFixed(3),
    `${gain.value.toFixed(3)} (${gain.low.toFixed(3)} to ${gain.high.toFixed(3)})`,
    of(before, "calls").toFixed(2),
    of(after, "calls").toFixed(2),
    of(before, "tokens").toFixed(0),
    of(after, "tokens").toFixed(0),
    seconds.toFixed(0),
  ];
}

/** Means of each row's rollouts. */
async function evaluate(policy: Policy, request: JobRequest, rows: readonly TrainingRow[], seed: number) {
  const endpoints = new Endpoints(request, signal);
  const practice = findPractice(endpoints.toolNames);
  if (!practice) throw new Error("the environment has no practice");
  const stage = { policy, practice, endpoints, mostTurns: 50 };
  const places = new Semaphore(limits.platformRollouts);
  const play = (row: TrainingRow, at: number, run: number) =>
    places.run(() => {
      const { question, item } = readLine(row);
      const traceId = `trace_${crypto.randomUUID()}`;
      return playRollout(question, { traceId, item }, seededRandom("compared", seed, at, run), stage);
    });
  const runs = Array.from({ length: Number(values.runs) }, (_, run) => run);
  const played = await Promise.all(rows.map((row, at) => Promise.all(runs.map((run) => play(row, at, run)))));
  endpoints.close();
  return played.map((rollouts) => ({
    score: mean(rollouts.map(({ score }) => required(score))),
    calls: mean(rollouts.map(({ calls }) => calls.length)),
    tokens: mean(rollouts.map(reasoningTokens)),
  }));
}

function required(score: number | undefined): number {
  if (score === undefined) throw new Error("a rollout was discarded: the worker failed");
  return score;
}

/** The files of a job, as `edgegym prepare` makes them. */
async function dataset() {
  const out = join(folder, "dataset");
  const [train, val] = [Number(values.train), Number(values.val)];
  const progress = new Progress();
  await prepare({ env: finqa.name, from: [values.data], train, val, seed: "7", fix: true, out }, progress);
  progress.stop();
  return { training: await rowsOf(join(out, "train.jsonl")), validation: await rowsOf(join(out, "val.jsonl")) };
}

async function rowsOf(path: string): Promise<TrainingRow[]> {
  const read = readRows(await readFile(path));
  if ("problem" in read) throw new Error(`${path}: ${read.problem}`);
  return read.rows;
}

function requestTo({ url, tokens }: BareWorker): JobRequest {
  const headers = { Authorization: `Bearer ${tokens.TRAINER_TOKEN}`, "X-Run": "bench-learning" };
  const tools = finqa.tools.map(({ name }) => ({ name, server_url: `${url}/${finqa.name}/tools/${name}`, headers }));
  const grader = { type: "endpoint" as const, url: `${url}/${finqa.name}/grade`, headers };
  const method = { type: "reinforcement" as const, reinforcement: { grader, tools } };
  return { model: "stand-in", training_file: "train", validation_file: "val", method };
}
