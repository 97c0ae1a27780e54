/** The run monitor over real HTTP: what was sent is what is counted, and the command line shows it. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { expect, inject, test, vi } from "vitest";
import { RunList, RunReport } from "../../src/contract/run.ts";
import { bearer, Client, newTraceId, replyOf, scoreOf } from "./deployment.ts";
import { root } from "./local-worker.ts";

const deployment = inject("deployment");
const client = new Client(deployment);

async function shown(path: string): Promise<unknown> {
  const { text } = await client.request(path, { headers: bearer(deployment.admin) });
  return JSON.parse(text);
}

/** The command line, with the deployment's token in its environment. */
async function edgegym(...args: string[]): Promise<string> {
  const env = { ...process.env, ADMIN_TOKEN: deployment.admin };
  const all = ["src/cli/main.ts", ...args, "--url", deployment.url];
  const { stdout } = await promisify(execFile)(process.execPath, all, { cwd: root, env });
  return stdout;
}

test("60 rollouts, each delivered twice and at once, are counted exactly; a stranger's calls apart", async () => {
  const run = `conformance-${randomUUID()}`;
  const headers = { "X-Run": run };
  const traces = Array.from({ length: 60 }, () => newTraceId());
  const twice = <T>(send: () => Promise<T>) => Promise.all([send(), send()]);
  await Promise.all(
    traces.map(async (trace_id, at) => {
      for (const call_id of ["call_1", "call_2"]) {
        const answers = await twice(() => client.call("list", { trace_id, call_id, arguments: "{}" }, headers));
        answers.forEach(replyOf);
      }
      const item = { id: `item-${at}`, reference_answer: "56" };
      const body = { sample: { output_text: at % 3 === 0 ? "57" : "56" }, item, trace_id };
      (await twice(() => client.post("/finqa/grade", body, headers))).forEach(scoreOf);
    }),
  );
  const report = await vi.waitUntil(
    async () => {
      const found = RunReport.safeParse(await shown(`/runs/${run}`));
      return found.data?.rollouts.graded === 60 ? found.data : undefined;
    },
    { timeout: 30_000, interval: 250 },
  );
  expect(report).toMatchObject({
    rollouts: { total: 60, graded: 60, open: 0, discarded: 0, abandoned: 0 },
    scores: { graded: 60, sum: 40, zero: 20, one: 40 },
    grades: 60,
    calls: { total: 120, per_rollout: { mean: 2, most: 2 } },
  });

  await vi.waitUntil(async () => RunList.parse(await shown("/runs")).runs.some((entry) => entry.run === run), {
    timeout: 30_000,
    interval: 250,
  });
  expect(await edgegym("runs")).toContain(run);
  expect(await edgegym("runs", "show", run)).toMatch(/rollouts +60: 0 open, 60 graded/);
  expect(await edgegym("runs", "rebuild", "--run", run)).toContain("no ledgers");

  const stranger = { ...headers, Authorization: "Bearer wrong" };
  for (let at = 0; at < 3; at++) {
    const { status } = await client.call("list", { trace_id: newTraceId(), arguments: "{}" }, stranger);
    expect(status).toBe(401);
  }
  const { alarms } = await vi.waitUntil(
    async () => {
      const found = RunReport.parse(await shown(`/runs/${run}`));
      return found.alarms.some(({ kind }) => kind === "unauthorized_rollouts") ? found : undefined;
    },
    { timeout: 30_000, interval: 250 },
  );
  // Sixty items with two answers between them are conspicuous, too, and forty right ones that rest on nothing read.
  const kinds = alarms.map(({ kind, cleared_at }) => [kind, cleared_at]);
  expect(Object.fromEntries(kinds)).toEqual({
    identical_answers: null,
    no_evidence: null,
    unauthorized_rollouts: null,
  });
});
