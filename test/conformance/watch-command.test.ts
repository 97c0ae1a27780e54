/** `edgegym watch` as a process, of a job on a local platform whose rollouts a real worker has served: both halves at once. */
import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { writeJob } from "../../src/cli/jobs/job-file.ts";
import { RunReport } from "../../src/contract/run.ts";
import { WatchSnapshot } from "../../src/contract/watch.ts";
import { becomes, world } from "../cli/watch/world.ts";
import { bearer, Client, newTraceId, replyOf, scoreOf } from "./deployment.ts";
import { root } from "./local-worker.ts";

const deployment = inject("deployment");
const client = new Client(deployment);

/** Five attempts at each of twelve items, one call each, none of them right. */
async function play(run: string): Promise<void> {
  const headers = { "X-Run": run };
  const attempts = Array.from({ length: 60 }, (_, at) => ({ trace_id: newTraceId(), id: `item-${at % 12}` }));
  await Promise.all(
    attempts.map(async ({ trace_id, id }) => {
      replyOf(await client.call("list", { trace_id, call_id: "call_1", arguments: "{}" }, headers));
      const body = { sample: { output_text: "57" }, item: { id, reference_answer: "56" }, trace_id };
      scoreOf(await client.post("/finqa/grade", body, headers));
    }),
  );
  const isCounted = async () => {
    const { text: answer } = await client.request(`/runs/${run}`, { headers: bearer(deployment.admin) });
    return RunReport.safeParse(JSON.parse(answer)).data?.rollouts.graded === attempts.length;
  };
  await vi.waitUntil(isCounted, { timeout: 30_000, interval: 250 });
}

test("a look has the job's steps and the run's counts; Ctrl-C ends a watch with what it knows", async () => {
  const run = `conformance-${randomUUID()}`;
  const where = { url: deployment.url, index_version: null };
  const a = await world(
    async (listener, step) => {
      for (let at = 1; at <= 3; at++) step(at);
      // Until it is cancelled, at the end of the test.
      for (;;) {
        await listener.proceed();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    { name: run, deployment: where },
  );
  await writeJob(a.state);
  onTestFinished(() => rm(join(root, "runs", run), { recursive: true, force: true }));
  await Promise.all([becomes(a, "running"), play(run)]);
  const env = { ...process.env, ADMIN_TOKEN: deployment.admin, OPENAI_API_KEY: a.platform.apiKey };
  const words = ["src/cli/main.ts", "watch", "--name", run];

  const { stdout } = await promisify(execFile)(process.execPath, [...words, "--once", "--json"], { cwd: root, env });
  const snapshot = WatchSnapshot.parse(JSON.parse(stdout));
  expect(snapshot.job.status).toBe("running");
  expect(snapshot.steps.map(({ step }) => step)).toEqual([1, 2, 3]);
  expect(snapshot.run?.rollouts).toMatchObject({ total: 60, graded: 60 });
  expect(snapshot.groups).toEqual({ groups: 12, same: 12, zero: 12, one: 0 });
  expect(snapshot.hints.map(({ kind }) => kind)).toContain("no_variance");
  expect([snapshot.service.problem, snapshot.monitor.problem]).toEqual([null, null]);

  const watching = spawn(process.execPath, [...words, "--interval", "1"], { cwd: root, env });
  const ended = new Promise<number | null>((resolve) => watching.once("exit", resolve));
  const shown = text(watching.stdout);
  const page = () => readFile(join(root, "runs", run, "watch.html"), "utf8").catch(() => "");
  await vi.waitUntil(async () => (await page()).includes("60 graded"), { timeout: 30_000, interval: 100 });
  expect(await page()).toContain('http-equiv="refresh" content="1"');
  watching.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(await shown).toMatch(/step 3\/10: train 0\.460[^]*written to runs\/conformance-/);
  expect(await page()).not.toContain('http-equiv="refresh"');
});
