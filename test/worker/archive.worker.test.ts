import { abortAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { Ledger } from "../../src/contract/ledger.ts";
import { limits } from "../../src/contract/limits.ts";
import { serveCorpus } from "./corpus.ts";
import { alarmOf, inObject, letPass } from "./time.ts";
import { ADMIN, errorOf, outputOf, request, scoreOf, takeLog, TestRollout } from "./world.ts";

beforeAll(() => serveCorpus());

const IDLE = limits.rolloutIdleMilliseconds;
const KEPT = limits.rolloutKeptMilliseconds;

const keyOf = (rollout: TestRollout, run = "default") => `ledgers/${run}/${encodeURIComponent(rollout.traceId)}.json`;

async function archiveOf(rollout: TestRollout, run?: string): Promise<Ledger | null> {
  const object = await env.BUCKET.get(keyOf(rollout, run));
  return object && Ledger.parse(await object.json());
}

/** A rollout with one call, idle for long enough, whose alarm has rung. */
async function closedRollout(headers: Record<string, string> = {}, traceId?: string): Promise<TestRollout> {
  const rollout = new TestRollout(traceId, headers);
  await outputOf(rollout.call("list", {}));
  await letPass(rollout, IDLE);
  expect(await runDurableObjectAlarm(rollout.object)).toBe(true);
  return rollout;
}

describe("a rollout that is idle for half an hour", () => {
  test("is closed and archived under its run, as its ledger is shown", async () => {
    const rollout = await closedRollout({ "X-Run": "job-7" });
    const ledger = await rollout.ledger();
    expect(ledger.closed_at).not.toBeNull();
    expect(await archiveOf(rollout, "job-7")).toEqual(ledger);
    expect(await alarmOf(rollout)).toBe(Date.parse(ledger.closed_at ?? "") + KEPT);
  });

  test("is archived under its whole id, whatever characters that has", async () => {
    const rollout = await closedRollout({}, "../a b%/c?.json");
    expect(await env.BUCKET.head("ledgers/default/..%2Fa%20b%25%2Fc%3F.json.json")).not.toBeNull();
    expect(await archiveOf(rollout)).toEqual(await rollout.ledger());
  });

  test("is looked after by an alarm from its first call on, or from its grading", async () => {
    const [called, graded] = [new TestRollout(), new TestRollout()];
    await called.call("list", {});
    await graded.grade("56");
    for (const rollout of [called, graded]) {
      expect(await alarmOf(rollout)).toBe(Date.parse((await rollout.ledger()).opened_at) + IDLE);
    }
  });

  test("is not closed before, however long ago it was opened", async () => {
    const rollout = new TestRollout();
    await rollout.call("list", {});
    await letPass(rollout, IDLE * 3);
    await rollout.call("list", { path: "AA" });
    await letPass(rollout, IDLE - 60_000);
    expect(await runDurableObjectAlarm(rollout.object)).toBe(true);
    const { closed_at, calls } = await rollout.ledger();
    expect(closed_at).toBeNull();
    expect(await archiveOf(rollout)).toBeNull();
    expect(await alarmOf(rollout)).toBe(Date.parse(calls[1]?.received_at ?? "") + IDLE);
  });

  test("is not closed before when it is graded late", async () => {
    const rollout = new TestRollout();
    await rollout.call("list", {});
    await letPass(rollout, IDLE * 3);
    await rollout.grade("56");
    await runDurableObjectAlarm(rollout.object);
    expect((await rollout.ledger()).closed_at).toBeNull();
  });

  test("stays closed when its alarm rings twice", async () => {
    const rollout = await closedRollout();
    await runDurableObjectAlarm(rollout.object);
    const { closed_at, calls } = await rollout.ledger();
    expect([closed_at === null, calls.length]).toEqual([false, 1]);
    expect((await archiveOf(rollout))?.calls).toEqual(calls);
  });

  test("is still there to answer a retry and to be graded", async () => {
    const rollout = await closedRollout();
    expect(await outputOf(rollout.call("list", {}, { call_id: "call_1" }))).toContain("AAL/");
    expect((await rollout.ledger()).calls).toHaveLength(1);
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
  });

  test("stays closed and archived when an earlier call is only repeated", async () => {
    const rollout = await closedRollout();
    const before = [await rollout.ledger(), await alarmOf(rollout)];
    await outputOf(rollout.call("list", {}, { call_id: "call_1" }));
    expect([await rollout.ledger(), await alarmOf(rollout)]).toEqual(before);
  });
});

describe("a closed rollout", () => {
  test("is opened again by a late call, and archived anew with it", async () => {
    const rollout = await closedRollout();
    await outputOf(rollout.call("list", { path: "AA" }));
    const reopened = await rollout.ledger();
    expect(reopened.closed_at).toBeNull();
    expect(await alarmOf(rollout)).toBe(Date.parse(reopened.calls[1]?.received_at ?? "") + IDLE);
    await letPass(rollout, IDLE);
    await runDurableObjectAlarm(rollout.object);
    expect((await archiveOf(rollout))?.calls).toHaveLength(2);
  });

  test("is forgotten after a week; its archive stays, and is shown when the run is named", async () => {
    const rollout = await closedRollout({ "X-Run": "job-8" });
    const archived = await archiveOf(rollout, "job-8");
    await letPass(rollout, KEPT);
    await runDurableObjectAlarm(rollout.object);
    const tables = await inObject(rollout, ({ sql }) =>
      sql.exec("SELECT name FROM sqlite_master WHERE name = 'calls'").toArray(),
    );
    expect([tables, await alarmOf(rollout)]).toEqual([[], null]);
    expect(await errorOf(request(`/rollouts/${rollout.traceId}`, { headers: ADMIN }))).toMatchObject({ status: 404 });
    expect(await errorOf(request(`/rollouts/${rollout.traceId}?run=other`, { headers: ADMIN }))).toMatchObject({
      status: 404,
    });
    expect(await rollout.ledger("?run=job-8")).toEqual(archived);
  });

  test("is not forgotten a minute too early", async () => {
    const rollout = await closedRollout();
    await letPass(rollout, KEPT - 60_000);
    await runDurableObjectAlarm(rollout.object);
    expect((await rollout.ledger()).calls).toHaveLength(1);
  });

  test("can be forgotten and begin anew in the same object", async () => {
    const rollout = await closedRollout();
    await letPass(rollout, KEPT);
    await runDurableObjectAlarm(rollout.object);
    await outputOf(rollout.call("list", { path: "AAL" }));
    expect((await rollout.ledger()).calls.map(({ sequence }) => sequence)).toEqual([1]);
  });
});

describe("an archive that cannot be written", () => {
  /** R2 refuses keys of more than 1,024 bytes. */
  const setRun = (rollout: TestRollout, run: string) =>
    inObject(rollout, ({ sql }) => void sql.exec("UPDATE rollout SET run = ?", run));

  test("is tried again after another half hour, says so in the log, and nothing is lost meanwhile", async () => {
    const rollout = new TestRollout();
    await outputOf(rollout.call("cat", { path: "AA/2012/page_7.pdf" }));
    await letPass(rollout, IDLE);
    await setRun(rollout, "x".repeat(2_000));
    takeLog();
    await runDurableObjectAlarm(rollout.object);
    const log = takeLog();
    expect(log).toEqual([expect.objectContaining({ route: "archive", trace_id: rollout.traceId, outcome: "fault" })]);
    expect(JSON.stringify(log)).not.toContain("alumina");
    const { closed_at } = await rollout.ledger();
    expect(await alarmOf(rollout)).toBe(Date.parse(closed_at ?? "") + IDLE);

    await abortAllDurableObjects();
    await setRun(rollout, "default");
    await letPass(rollout, IDLE);
    await runDurableObjectAlarm(rollout.object);
    expect(await archiveOf(rollout)).toEqual(await rollout.ledger());
  });
});

test("an archive that cannot be read is a fault, which quotes nothing of it", async () => {
  const rollout = new TestRollout();
  for (const broken of ["the secret output of a tool", '{"trace_id":"the secret output of a tool"}']) {
    await env.BUCKET.put(keyOf(rollout), broken);
    takeLog();
    const error = await errorOf(request(`/rollouts/${rollout.traceId}?run=default`, { headers: ADMIN }));
    expect(error).toMatchObject({ status: 503, code: "fault" });
    const log = takeLog();
    expect(log).toMatchObject([{ route: "rollout", outcome: "fault", fault: { boundary: "storage" } }]);
    expect(JSON.stringify([log, error])).not.toContain("secret");
  }
});
