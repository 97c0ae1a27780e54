/**
 * A local platform whose training does as a test says, a job on it, the folder of its state, and a monitor that answers as it is
 * told. Everything is reached as a user's command reaches it.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { JobState } from "../../../src/contract/job.ts";
import type { RunReport } from "../../../src/contract/run.ts";
import type { WatchSnapshot } from "../../../src/contract/watch.ts";
import { writeJob } from "../../../src/cli/jobs/job-file.ts";
import { TrainerService } from "../../../src/cli/jobs/service.ts";
import { modelClient } from "../../../src/cli/agents/model-client.ts";
import { BASE_MODEL } from "../../../src/cli/platform/models.ts";
import { type Platform, startPlatform } from "../../../src/cli/platform/start.ts";
import type { JobListener, trainJob } from "../../../src/cli/platform/training/train-job.ts";
import type { Screen } from "../../../src/cli/watch/screen.ts";
import { watchJob, type WatchOptions } from "../../../src/cli/watch/watch.ts";
import { stateOf } from "../../report/watch/jobs.ts";

type Train = (listener: JobListener, step: (at: number, data?: object) => void) => Promise<void>;

export interface World {
  platform: Platform;
  /** The folder of all runs. */
  runs: string;
  service: TrainerService;
  state: JobState & { job_id: string };
  /** What the monitor answers; without it there is nobody. */
  monitor: { run: RunReport | undefined; status: number; rollouts: object[] };
  file(name: string): Promise<string>;
  /** Watches without a terminal, and keeps what would be drawn. */
  watch(
    options?: Partial<WatchOptions>,
    signal?: AbortSignal,
  ): Promise<{ shown: WatchSnapshot[] } & Awaited<ReturnType<typeof watchJob>>>;
}

const ROWS = Array.from({ length: 10 }, (_, at) =>
  JSON.stringify({ messages: [{ role: "user", content: `Question ${at}?` }], id: `item-${at}` }),
).join("\n");

/** @param train what a job does once it runs; by default ten steps at once */
export async function world(train: Train = tenSteps, fields: Partial<JobState> = {}): Promise<World> {
  const runs = await mkdtemp(join(tmpdir(), "edgegym-watch-"));
  const platform = await startPlatform({ apiKey: "sk-watch-4711", train: trainingOf(train) });
  const monitor: World["monitor"] = { run: undefined, status: 404, rollouts: [] };
  const [server, url] = await serve(monitor);
  vi.stubEnv("OPENAI_API_KEY", platform.apiKey);
  vi.stubEnv("ADMIN_TOKEN", "admin-hush-4711");
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
    await platform.close();
    await rm(runs, { recursive: true, force: true });
  });
  const service = new TrainerService(modelClient(platform.url).withOptions({ maxRetries: 0 }), {});
  const job_id = await createJob(service);
  const state = stateOf({
    job_id,
    provider: { base_url: platform.url },
    deployment: { url, index_version: null },
    ...fields,
  });
  await writeJob(state, runs);
  return {
    platform,
    runs,
    service,
    state,
    monitor,
    file: (name) => readFile(join(runs, state.name, name), "utf8"),
    watch: async (options = {}, signal = new AbortController().signal) => {
      const shown: WatchSnapshot[] = [];
      const screen: Screen = { show: (snapshot) => void shown.push(snapshot), stop: () => {} };
      return { shown, ...(await watchJob({ interval: 0.02, ...options }, { signal, screen, runs })) };
    },
  };
}

async function createJob(service: TrainerService): Promise<string> {
  const file = await service.upload("rows.jsonl", new TextEncoder().encode(ROWS));
  const isProcessed = async () => (await service.file(file.id)).status === "processed";
  await vi.waitUntil(isProcessed, { interval: 10, timeout: 10_000 });
  const { id } = await service.createJob({
    model: BASE_MODEL,
    training_file: file.id,
    validation_file: file.id,
    method: {
      type: "reinforcement",
      reinforcement: {
        grader: { type: "endpoint", name: "exact", url: "https://example.com/grade" },
        tools: [{ name: "search", server_url: "https://example.com/search" }],
      },
    },
  });
  return id;
}

function trainingOf(train: Train): typeof trainJob {
  return async (_job, start, listener) => {
    const step = (at: number, data: object = {}) => {
      const figures = { step: at, total_steps: 10, train_mean_reward: 0.4 + at / 50, ...data };
      listener.metrics(figures, `Step ${at}/10`);
      if (at % 5 === 0) listener.checkpoint(at, start, { full_valid_mean_reward: 0.4 + at / 100 });
    };
    await train(listener, step);
    return start;
  };
}

export async function tenSteps(listener: JobListener, step: (at: number) => void): Promise<void> {
  for (let at = 1; at <= 10; at++) {
    step(at);
    await listener.proceed();
  }
}

async function serve(monitor: World["monitor"]): Promise<[Server, string]> {
  const server = createServer((request, response) => {
    const status = monitor.run ? 200 : monitor.status;
    const error = { error: { code: "fault", message: "Told to." } };
    const body = request.url?.includes("/rollouts") ? { rollouts: monitor.rollouts, cursor: null } : monitor.run;
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(status === 200 ? body : error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}

/** Until the service says so. */
export const becomes = ({ service, state }: World, status: string) =>
  vi.waitUntil(async () => (await service.job(state.job_id)).status === status, { timeout: 10_000, interval: 10 });

/** Adds to a file of the job's folder, or makes it. */
export const write = ({ runs, state }: World, name: string, text: string) =>
  writeFile(join(runs, state.name, name), text);
