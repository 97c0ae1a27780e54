/** `edgegym runs ledgers` with a real deployment: a run is recorded, fetched, fetched on, and replayed. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { readLedgers } from "../../src/cli/ledger-files.ts";
import { Rehearsal } from "../../src/contract/rehearsal.ts";
import { RolloutPage } from "../../src/contract/run.ts";
import { bearer, Client, errorOf, newTraceId, scoreOf } from "./deployment.ts";
import { root } from "./local-worker.ts";

const { url, trainer, admin } = inject("deployment");
const client = new Client(inject("deployment"));
const run = `conformance-${randomUUID()}`;
const headers = { "X-Run": run };

let folder: string;
let out: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edgegym-ledgers-"));
  out = join(folder, "ledgers.jsonl");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A rollout at an item of the sample, graded with this answer; of none, left open. */
async function record(answer: string | undefined): Promise<string> {
  const item = { id: "CSKW/2019/page_39.pdf-2", reference_answer: "6.5%" };
  const trace_id = newTraceId();
  const call = (call_id: string, args: object) => ({ trace_id, call_id, item, arguments: JSON.stringify(args) });
  await Promise.all([
    client.call("search", call("call_1", { query: "operating expenses of 2019" }), headers),
    client.call("list", call("call_2", { path: "CSKW" }), headers),
  ]);
  await client.call("cat", call("call_3", { path: "CSKW/2019/page_39.pdf" }), headers);
  if (answer === undefined) return trace_id;
  scoreOf(await client.post("/finqa/grade", { sample: { output_text: answer }, item, trace_id }, headers));
  return trace_id;
}

const ask = (query: string) => client.request(`/runs/${run}/rollouts?${query}`, { headers: bearer(admin) });

/** The run's rollouts, once there are so many, and so many graded: it hears of them after their answers. */
function listed(all: number, graded: number): Promise<RolloutPage> {
  return vi.waitUntil(
    async () => {
      const page = RolloutPage.safeParse(JSON.parse((await ask("limit=100")).text)).data;
      const known = page?.rollouts.filter(({ status }) => status === "graded").length;
      return page?.rollouts.length === all && known === graded ? page : undefined;
    },
    { timeout: 30_000, interval: 100 },
  );
}

async function edgegym(...args: string[]): Promise<{ code: number; printed: string; err: string }> {
  const env = { ...process.env, TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin };
  const child = spawn(process.execPath, ["src/cli/main.ts", ...args, "--url", url], { cwd: root, env });
  let [printed, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [code] = await once(child, "close");
  return { code, printed, err };
}

const fetchLedgers = (...args: string[]) => edgegym("runs", "ledgers", run, "--out", out, ...args);
const inFile = async () => (await readLedgers(out)).ledgers;

test("a run's ledgers are fetched, added to, and replayed with their scores of then", async () => {
  const [right, wrong, open] = [await record("6.5%"), await record("no number"), await record(undefined)];
  const page = await listed(3, 2);
  expect(page.rollouts.map(({ trace_id, status, score, calls }) => [trace_id, status, score, calls])).toEqual([
    [open, "open", null, expect.any(Number)],
    [wrong, "graded", 0, 3],
    [right, "graded", 1, 3],
  ]);
  expect(errorOf(await ask("status=good"))).toMatchObject({ status: 400, field: "status" });

  const first = await fetchLedgers();
  expect([first.code, first.printed]).toEqual([0, expect.stringMatching(/^2 ledgers added .*\n1 rollout passed over/)]);
  expect(new Set(await inFile())).toEqual(new Set([await client.ledger(right), await client.ledger(wrong)]));

  const another = await record("6.4%");
  await listed(4, 3);
  // Cut in the middle of the last line, as by an interruption.
  await truncate(out, (await stat(out)).size - 100);
  const second = await fetchLedgers("--status", "graded");
  expect([second.code, second.printed]).toEqual([0, `2 ledgers added to ${out}, which has 3 of the run ${run}.\n`]);
  expect(new Set((await inFile()).map(({ trace_id }) => trace_id))).toEqual(new Set([right, wrong, another]));
  expect((await fetchLedgers()).printed).toMatch(/^0 ledgers added/);

  const replay = ["--agent", "replay", "--ledgers", out, "--json", "--out", join(folder, "replayed")];
  const { code, printed } = await edgegym("rehearse", ...replay);
  const { rollouts, scores, checks } = Rehearsal.parse(JSON.parse(printed));
  expect(code).toBe(0);
  expect(rollouts.graded).toBe(3);
  expect(scores).toEqual({ "0": 2, "1": 1 });
  expect(checks.find(({ name }) => name === "score")?.occasions).toBe(3);
});

test.each<[string, string[], RegExp]>([
  ["an unknown run", ["runs", "ledgers", "nowhere-4711", "--out", "x.jsonl"], /answered 404. Nothing is recorded/],
  ["a name that is none", ["runs", "ledgers", "a/b", "--out", "x.jsonl"], /A run's name has letters/],
  ["no file", ["runs", "ledgers", run], /--out <file>/],
  ["a file that nothing reads", ["runs", "ledgers", run, "--out", "x.json"], /has to end with .jsonl/],
  ["a file that cannot be", ["runs", "ledgers", run, "--out", "package.json/x.jsonl"], /package.json/],
  ["an open rollout", ["runs", "ledgers", run, "--out", "x.jsonl", "--status", "open"], /graded, discarded, abandoned/],
  ["a limit of none", ["runs", "ledgers", run, "--out", "x.jsonl", "--limit", "0"], /whole number from 1/],
])("%s is the user's to mend", async (_, args, message) => {
  const { code, printed, err } = await edgegym(...args);
  expect([code, printed]).toEqual([1, ""]);
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^\s+at /m);
  expect(err).not.toContain(admin);
});
