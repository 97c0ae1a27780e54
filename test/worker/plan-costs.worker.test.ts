/** What `edgegym plan` takes a rollout to cost, counted on real objects: when the worker does more or less, the plan has to say so. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import {
  archiveBytes,
  archiveWrites,
  ledgerBytes,
  logLines,
  objectRequests,
  rowsRead,
  rowsWritten,
  runObject,
} from "../../src/cli/plan/costs.ts";
import { limits } from "../../src/contract/limits.ts";
import { LedgerStore } from "../../src/worker/rollout/store.ts";
import { serveCorpus } from "./corpus.ts";
import { isoAt, START, summaryOf } from "./run/summaries.ts";
import { alarmOf, inObject, letPass } from "./time.ts";
import { outputOf, requestWith, scoreOf, takeLog, TestRollout, TRAINER } from "./world.ts";

beforeAll(() => serveCorpus());

/** What an object's storage was asked for since the last reading. A `setAlarm` is billed as a row. */
interface Counted {
  written: number;
  read: number;
}

/** Reads the meter of a rollout's or a run's object from now on. The storage does what it does; each statement of a batch is counted. */
async function meter({ object }: { object: DurableObjectStub }): Promise<() => Counted> {
  let cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  let alarms = 0;
  await runInDurableObject(object, (_, { storage }) => {
    const exec = storage.sql.exec.bind(storage.sql);
    const setAlarm = storage.setAlarm.bind(storage);
    storage.sql.exec = ((batch: string, ...bindings: unknown[]) => {
      const statements = batch.split(";").filter((statement) => statement.trim() !== "");
      const ran = statements.map((statement) => exec(statement, ...bindings));
      cursors.push(...ran);
      return ran.at(-1);
    }) as typeof storage.sql.exec;
    storage.setAlarm = (...when) => {
      alarms++;
      return setAlarm(...when);
    };
  });
  return () => {
    const written = cursors.reduce((sum, cursor) => sum + cursor.rowsWritten, alarms);
    const read = cursors.reduce((sum, cursor) => sum + cursor.rowsRead, 0);
    [cursors, alarms] = [[], 0];
    return { written, read };
  };
}

const item = { id: "row-1", reference_answer: "56 million" };

/** Lets time pass, which is not counted, and rings the alarm. */
async function ringAfter(rollout: TestRollout, milliseconds: number, take: () => Counted): Promise<Counted> {
  await letPass(rollout, milliseconds);
  take();
  expect(await runDurableObjectAlarm(rollout.object)).toBe(true);
  return take();
}

describe("rows written", () => {
  test("by the opening, by each call, by the grade, and by none of their repetitions", async () => {
    const rollout = new TestRollout();
    const take = await meter(rollout);
    await outputOf(rollout.call("list", {}, { item }));
    expect(take().written).toBe(rowsWritten.opening + rowsWritten.call);
    for (let call = 0; call < 12; call++) {
      await outputOf(rollout.call("list", { path: "AA" }, { item }));
      expect(take().written).toBe(rowsWritten.call);
    }
    await outputOf(rollout.call("list", {}, { item, call_id: "call_1" }));
    expect(take().written).toBe(0);
    await scoreOf(rollout.grade("56", item));
    expect(take().written).toBe(rowsWritten.grade);
    await scoreOf(rollout.grade("56", item));
    expect(take().written).toBe(0);
  });

  test("by a call that faults, and by its healing", async () => {
    const rollout = new TestRollout();
    await outputOf(rollout.call("list", {}, { item }));
    const take = await meter(rollout);
    await rollout.object.record(opening(rollout), { ...newCall(1, ""), outcome: "fault", fault_boundary: "storage" });
    expect(take().written).toBe(rowsWritten.call);
    await rollout.object.record(opening(rollout), newCall(1, "text"));
    expect(take().written).toBe(rowsWritten.healedCall);
  });

  test("by closing and forgetting: three alarms", async () => {
    const rollout = new TestRollout();
    await outputOf(rollout.call("list", {}, { item }));
    const take = await meter(rollout);
    await letPass(rollout, limits.rolloutIdleMilliseconds / 2);
    await scoreOf(rollout.grade("56", item));
    const rung = [
      await ringAfter(rollout, limits.rolloutIdleMilliseconds / 2, take),
      await ringAfter(rollout, limits.rolloutIdleMilliseconds, take),
      await ringAfter(rollout, limits.rolloutKeptMilliseconds, take),
    ];
    expect(rung).toHaveLength(objectRequests.alarms);
    expect(rung.reduce((sum, { written }) => sum + written, 0)).toBe(rowsWritten.closing);
    expect(await alarmOf(rollout)).toBeNull();
  });
});

test("rows written by the run's object of a rollout that is opened, graded and closed", async () => {
  const [run, object] = ["plan-costs", env.RUN.getByName("plan-costs")];
  await object.tell(run, [summaryOf()]);
  const take = await meter({ object });
  // Later than the first, and no sooner to be looked at than it: neither concerns a rollout.
  const rollout = { trace_id: "trace_1", opened_at: isoAt(START + 1) };
  await object.tell(run, [summaryOf({ ...rollout, grades: [] })]);
  await object.tell(run, [summaryOf(rollout)]);
  await object.tell(run, [summaryOf({ ...rollout, closed_at: isoAt(START + 10_000) })]);
  expect(take().written).toBe(runObject.rowsWrittenPerRollout);
});

test.each([1, 4, 10])("rows read by a rollout of %d calls, whose object is woken for each request", async (calls) => {
  const rollout = new TestRollout();
  const take = await meter(rollout);
  for (let call = 0; call < calls; call++) await outputOf(rollout.call("list", { path: "AA" }, { item }));
  await scoreOf(rollout.grade("56", item));
  let { read } = take();
  await inObject(rollout, ({ sql }) => void new LedgerStore(sql));
  read += take().read * (calls + objectRequests.grading + objectRequests.alarms);
  for (const wait of [0, limits.rolloutIdleMilliseconds, limits.rolloutKeptMilliseconds])
    read += (await ringAfter(rollout, wait, take)).read;
  expect(read).toBeLessThanOrEqual(rowsRead(calls));
  expect(read).toBeGreaterThan(0.75 * rowsRead(calls));
});

test("requests to a rollout's object: one for a call, two for a grading", async () => {
  const asked: string[] = [];
  const ROLLOUT = {
    getByName: (name: string) => {
      const stub = env.ROLLOUT.getByName(name);
      const ask =
        (method: "record" | "openGrading" | "closeGrading") =>
        (...args: never[]) => {
          asked.push(method);
          return (stub[method] as (...all: never[]) => unknown)(...args);
        };
      return { record: ask("record"), openGrading: ask("openGrading"), closeGrading: ask("closeGrading") };
    },
  } as unknown as typeof env.ROLLOUT;
  const send = (path: string, body: object) =>
    requestWith({ ...env, ROLLOUT }, path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { ...TRAINER, "Content-Type": "application/json" },
    });
  const trace_id = `trace_${crypto.randomUUID()}`;
  await outputOf(send("/finqa/tools/list", { call_id: "call_1", arguments: "{}", trace_id }));
  expect(asked.splice(0)).toHaveLength(1);
  await scoreOf(send("/finqa/grade", { sample: { output_text: "56" }, item, trace_id }));
  expect(asked).toHaveLength(objectRequests.grading);
});

test("lines logged: one for each request, and none by the objects", async () => {
  const rollout = new TestRollout();
  takeLog();
  for (let call = 0; call < 5; call++) await outputOf(rollout.call("cat", { path: "AA/2012/page_7.pdf" }, { item }));
  await scoreOf(rollout.grade("56", item));
  await letPass(rollout, limits.rolloutIdleMilliseconds);
  await runDurableObjectAlarm(rollout.object);
  expect(takeLog()).toHaveLength(6 * logLines);
});

describe("bytes", () => {
  /** Outputs as different as those of tools are. */
  const spread = [0.1, 0.4, 0.7, 1, 1.3, 1.6, 1.9];

  test.each([
    [7, 400],
    [7, 4_000],
    [14, 4_000],
    [35, 2_000],
    [7, 20_000],
  ])("of a ledger and its archive: %d calls of %d bytes", async (calls, responseBytes) => {
    const rollout = new TestRollout();
    for (let call = 0; call < calls; call++) {
      const text = "line of a report\n".repeat(Math.ceil((responseBytes * spread[call % 7]!) / 17));
      await rollout.object.record({ ...opening(rollout), budget: 100 }, newCall(call, text));
    }
    await scoreOf(rollout.grade("56", item));
    const stored = await inObject(rollout, ({ sql }) => sql.databaseSize);
    const planned = { calls, budget: 100, responseBytes };
    expect(ledgerBytes(planned) / stored).toBeGreaterThan(0.85);
    expect(ledgerBytes(planned) / stored).toBeLessThan(1.35);

    await letPass(rollout, limits.rolloutIdleMilliseconds);
    await runDurableObjectAlarm(rollout.object);
    const { objects } = await env.BUCKET.list({ prefix: `ledgers/default/${rollout.traceId}` });
    expect(objects).toHaveLength(archiveWrites);
    expect(archiveBytes(planned) / (objects[0]?.size ?? 0)).toBeGreaterThan(0.85);
    expect(archiveBytes(planned) / (objects[0]?.size ?? 0)).toBeLessThan(1.35);
  });

  test("of calls past the budget: little", async () => {
    const rollout = new TestRollout();
    for (let call = 0; call < 100; call++)
      await rollout.object.record(opening(rollout), newCall(call, "x".repeat(8_000)));
    const stored = await inObject(rollout, ({ sql }) => sql.databaseSize);
    const planned = ledgerBytes({ calls: 100, budget: 10, responseBytes: 8_000 });
    expect(planned / stored).toBeGreaterThan(0.85);
    expect(planned / stored).toBeLessThan(1.35);
  });
});

const opening = (rollout: TestRollout) => ({
  trace_id: rollout.traceId,
  run: "default",
  environment: "finqa",
  item: "row-1",
  budget: limits.callsPerRollout,
});

/** A call with arguments as long as a query. */
function newCall(at: number, output: string) {
  const written = JSON.stringify({
    query: "what was the net revenue of the segment in the year ".repeat(3).slice(0, 138),
  });
  return {
    call_id: `call_0123456789abcdefghij${at}`,
    fingerprint: JSON.stringify(["search", written]),
    tool: "search",
    arguments: written,
    outcome: "ok" as const,
    mistake: null,
    output,
    cut: false,
    fault_boundary: null,
    received_at: Date.now(),
    milliseconds: 12,
  };
}
