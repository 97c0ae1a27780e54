import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import { AlarmPush, type RunEntry } from "../../../src/contract/run.ts";
import { isoAt, START } from "./summaries.ts";

const directory = () => env.RUN_DIRECTORY.getByName(`directory-${crypto.randomUUID()}`);
const entry = (at: number, fields: Partial<RunEntry> = {}): RunEntry => ({
  run: `run-${at}`,
  first_activity_at: isoAt(START),
  last_activity_at: isoAt(START + at * 1_000),
  rollouts: { total: 1, open: 1, graded: 0, discarded: 0, abandoned: 0 },
  score_mean: null,
  calls: at,
  alarms: [],
  ...fields,
});

/** Lets the directory keep and list so few runs, for one test. */
function keepOnly(kept: number, listed: number): void {
  const most: { directoryRuns: number; directoryListed: number } = limits;
  const { directoryRuns, directoryListed } = most;
  onTestFinished(() => void Object.assign(most, { directoryRuns, directoryListed }));
  Object.assign(most, { directoryRuns: kept, directoryListed: listed });
}

describe("the directory of runs", () => {
  test("has each run as it told itself last, by latest activity", async () => {
    const object = directory();
    for (const at of [2, 1, 3]) await object.put(entry(at));
    await object.put(entry(1, { calls: 77, last_activity_at: isoAt(START + 9_000) }));
    expect((await object.list()).runs.map(({ run, calls }) => [run, calls])).toEqual([
      ["run-1", 77],
      ["run-3", 3],
      ["run-2", 2],
    ]);
  });

  test("keeps and lists the latest only", async () => {
    keepOnly(4, 2);
    const object = directory();
    for (let at = 0; at < 10; at++) await object.put(entry(at));
    expect((await object.list()).runs.map(({ run }) => run)).toEqual(["run-9", "run-8"]);
    keepOnly(4, 10);
    expect((await object.list()).runs).toHaveLength(4);
  });

  test("counts strangers by kind, however they call their runs", async () => {
    const object = directory();
    await object.strangers([
      { run: "nowhere", counts: { unauthorized: 3, "refused:not_found": 1 } },
      { run: null, counts: { unauthorized: 2 } },
    ]);
    expect(await object.list()).toEqual({
      runs: [],
      alarms: [],
      elsewhere: {
        unauthorized: 5,
        unauthorized_with_trace_id: 0,
        refused: { not_found: 1 },
        faults: {},
        unrecorded: 0,
        cut_off: 0,
      },
    });
  });
});

describe("calls with a trace id and a wrong token, for no run that there is", () => {
  const wrong = (run: string | null, count = 1) => ({
    run,
    counts: { unauthorized: count, unauthorized_with_trace_id: count },
  });
  type Directory = ReturnType<typeof directory>;
  const inStorage = <T>(object: Directory, look: (sql: SqlStorage) => T): Promise<T> =>
    runInDurableObject(object, (_, { storage }) => look(storage.sql));
  const pushes = (object: Directory) =>
    inStorage(object, (sql) =>
      sql
        .exec<{ push: string; due_at: number }>("SELECT push, due_at FROM pushes")
        .toArray()
        .map(({ push, due_at }) => ({ ...AlarmPush.parse(JSON.parse(push)), due_at })),
    );
  /** Ages what came so far, as if it had come before the time that the alarm looks at. */
  const age = (object: Directory) =>
    inStorage(object, (sql) => void sql.exec("UPDATE signals SET minute = minute - ?", limits.alarmSignalMinutes));

  test("raise an alarm of the directory's own at the third, whatever runs they name, which clears by itself", async () => {
    const object = directory();
    await object.strangers([wrong("nowhere"), wrong("somewhere")]);
    expect((await object.list()).alarms).toEqual([]);
    await object.strangers([wrong(null)]);
    const [alarm, ...more] = (await object.list()).alarms;
    expect(more).toEqual([]);
    expect(alarm).toMatchObject({ kind: "unauthorized_rollouts", subject: "", value: 3, cleared_at: null });
    expect(alarm?.message).toMatch(/^3 calls with a trace id .* none of them for a run that is known: .* wrong from/);
    expect(JSON.stringify(alarm)).not.toMatch(/nowhere|somewhere/);
    await age(object);
    await runDurableObjectAlarm(object);
    await runDurableObjectAlarm(object);
    const read = "SELECT alarm ->> 'cleared_at' AS cleared_at FROM alarms";
    expect(await inStorage(object, (sql) => sql.exec(read).one())).toEqual({ cleared_at: expect.any(String) });
  });

  test("are posted once in an hour at most: the next raise waits for it, and is the only one that does", async () => {
    const object = directory();
    await object.strangers([wrong("nowhere", 3)]);
    const before = Date.now();
    await vi.waitUntil(async () => {
      await runDurableObjectAlarm(object);
      return (await pushes(object)).length === 0;
    });
    for (let again = 0; again < 3; again++) {
      await age(object);
      expect((await object.list()).alarms).toMatchObject([{ cleared_at: expect.any(String) }]);
      await object.strangers([wrong("nowhere", 3)]);
      expect((await object.list()).alarms).toMatchObject([{ cleared_at: null }]);
    }
    const waiting = await pushes(object);
    expect(waiting).toMatchObject([{ run: "", state: "raised", text: expect.stringMatching(/^edgegym: 3 calls/) }]);
    const due = waiting[0]?.due_at ?? 0;
    expect(due).toBeGreaterThan(before + limits.strangersPostMilliseconds - 60_000);
    expect(due).toBeLessThanOrEqual(Date.now() + limits.strangersPostMilliseconds);
    await runDurableObjectAlarm(object);
    expect(await pushes(object)).toEqual(waiting);
  });

  test("of a rehearsal, which makes them, are counted and raise nothing", async () => {
    const object = directory();
    await object.strangers([wrong("rehearsal-1", 5)]);
    expect(await object.list()).toMatchObject({ alarms: [], elsewhere: { unauthorized_with_trace_id: 5 } });
  });
});
