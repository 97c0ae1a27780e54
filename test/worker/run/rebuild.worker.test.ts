import { abortAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { Ledger } from "../../../src/contract/ledger.ts";
import { limits } from "../../../src/contract/limits.ts";
import { RebuildReply } from "../../../src/contract/run.ts";
import { summarise } from "../../../src/worker/run/summary.ts";
import { serveCorpus } from "../corpus.ts";
import { letPass } from "../time.ts";
import { ADMIN, errorOf, outputOf, post, request, scoreOf, takeLog, TestRollout, TRAINER } from "../world.ts";
import { inRun, newRun, shownRun } from "./runs.ts";
import { callOf, gradeOf, isoAt, ledgerOf, START } from "./summaries.ts";

beforeAll(() => serveCorpus());

const step = (run: string, cursor: string | null = null) => post(`/runs/${run}/rebuild`, { cursor }, ADMIN);

/** All steps of a rebuild. */
async function rebuild(run: string): Promise<RebuildReply[]> {
  const steps: RebuildReply[] = [];
  do {
    const response = await step(run, steps.at(-1)?.cursor ?? null);
    steps.push(RebuildReply.parse(await response.json()));
  } while (steps.at(-1)?.cursor !== null);
  return steps;
}

async function wipe(run: string): Promise<void> {
  await inRun(run, (storage) => storage.deleteAll());
  await abortAllDurableObjects();
}

async function archive(ledgers: Ledger[]): Promise<void> {
  await Promise.all(
    ledgers.map((ledger) => env.BUCKET.put(`ledgers/${ledger.run}/${ledger.trace_id}.json`, JSON.stringify(ledger))),
  );
}

function manyLedgers(run: string, count: number): Ledger[] {
  return Array.from({ length: count }, (_, at) =>
    ledgerOf({
      run,
      item: `item-${at}`,
      opened_at: isoAt(START + at * 60_000),
      closed_at: isoAt(START + 1e8),
      calls: [callOf(), callOf({ call_id: "call_2", tool: "cat", milliseconds: at, output: "x".repeat(at) })],
      grades: at % 5 === 0 ? [] : [gradeOf({ score: (at % 3) / 2, evidence: { source: "none", calls: [] } })],
    }),
  );
}

describe("a run whose object has lost everything", () => {
  test("is rebuilt from its archive, step by step, to the same report", async () => {
    const run = newRun();
    const ledgers = manyLedgers(run, limits.rebuildLedgers * 2 + 20);
    await archive(ledgers);
    await env.RUN.getByName(run).tell(run, ledgers.map(summarise));
    const before = await shownRun(run);
    await wipe(run);
    expect(await shownRun(run)).toBeUndefined();
    const steps = await rebuild(run);
    expect(steps.map(({ read, restored }) => [read, restored])).toEqual([
      [50, 50],
      [50, 50],
      [20, 20],
    ]);
    const { alarms: _, ...counts } = before ?? {};
    expect(await shownRun(run)).toMatchObject(counts);
    expect(before?.rollouts).toMatchObject({ total: 120, graded: 96, abandoned: 24 });
  });

  test("made by real rollouts, too", async () => {
    const run = newRun();
    const rollouts = Array.from({ length: 4 }, () => new TestRollout(undefined, { "X-Run": run }));
    for (const [at, rollout] of rollouts.entries()) {
      await outputOf(rollout.call("cat", { path: at % 2 ? "nowhere" : "AA/2012/page_7.pdf" }));
      if (at > 0) await scoreOf(rollout.grade("56", { id: `item-${at}`, reference_answer: at > 1 ? "56" : "57" }));
      await letPass(rollout, limits.rolloutIdleMilliseconds);
      await runDurableObjectAlarm(rollout.object);
    }
    const before = await shownRun(run);
    expect(before).toMatchObject({ rollouts: { total: 4, graded: 3, abandoned: 1 }, scores: { sum: 2 } });
    await wipe(run);
    expect(await rebuild(run)).toEqual([{ read: 4, restored: 4, unreadable: 0, cursor: null }]);
    expect(await shownRun(run)).toEqual(before);
  });
});

test("a rebuild of a run that has lost nothing changes nothing, nor does a second", async () => {
  const run = newRun();
  const ledgers = manyLedgers(run, 10);
  await archive(ledgers);
  // What the run was told is newer than its archive.
  const newer = ledgers.map((ledger) => ({ ...ledger, calls: [...ledger.calls, callOf({ call_id: "call_3" })] }));
  await env.RUN.getByName(run).tell(run, newer.map(summarise));
  const before = await shownRun(run);
  for (let times = 0; times < 2; times++) expect(await rebuild(run)).toMatchObject([{ read: 10, restored: 0 }]);
  expect(await shownRun(run)).toEqual(before);
});

test("a rebuild passes over what is no ledger, counts it, and quotes nothing of it", async () => {
  const run = newRun();
  await archive(manyLedgers(run, 2));
  await env.BUCKET.put(`ledgers/${run}/broken.json`, '{"trace_id":"hush-4711"}');
  takeLog();
  const response = await step(run);
  const text = await response.text();
  expect(JSON.parse(text)).toEqual({ read: 2, restored: 2, unreadable: 1, cursor: null });
  expect(text + JSON.stringify(takeLog())).not.toContain("hush-4711");
});

test("a rebuild reads no other run's ledgers, though its name begins alike", async () => {
  const run = newRun();
  await archive(manyLedgers(`${run}-2`, 2));
  expect(await rebuild(run)).toEqual([{ read: 0, restored: 0, unreadable: 0, cursor: null }]);
  expect(await shownRun(run)).toBeUndefined();
});

test("runs are their owner's to see and to rebuild, and a wrong request is told what is wrong", async () => {
  for (const headers of [TRAINER, {}] as Record<string, string>[]) {
    for (const path of ["/runs", "/runs/default"]) {
      expect(await errorOf(request(path, { headers }))).toMatchObject({ status: 401 });
    }
    expect(await errorOf(request("/runs/default/rebuild", { method: "POST", headers }))).toMatchObject({ status: 401 });
  }
  expect(await errorOf(request("/runs/a%2Fb", { headers: ADMIN }))).toMatchObject({ status: 404 });
  expect(await errorOf(post("/runs/a%2Fb/rebuild", {}, ADMIN))).toMatchObject({ status: 404 });
  expect(await errorOf(post("/runs/default/rebuild", { cursor: 5 }, ADMIN))).toMatchObject({
    status: 400,
    field: "cursor",
  });
});
