import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import { inRun, newRun, shownRun, shownRuns } from "./runs.ts";
import { callOf, START, summaries } from "./summaries.ts";

const objectOf = (run: string) => env.RUN.getByName(run);
const ring = (run: string) => runDurableObjectAlarm(objectOf(run));
const faulted = { calls: [callOf({ faults: 1, fault_boundary: "storage" })] };
const listed = async (run: string) => (await shownRuns()).runs.find((entry) => entry.run === run);

/** Counts the rows that a run's object reads from now on, until it is evicted. */
async function rowsReadBy(run: string): Promise<() => number> {
  const cursors: { rowsRead: number }[] = [];
  await inRun(run, ({ sql }) => {
    const exec = sql.exec.bind(sql);
    vi.spyOn(sql, "exec").mockImplementation((...args) => {
      const cursor = exec(...args);
      cursors.push(cursor);
      return cursor;
    });
  });
  return () => cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
}

/** A run with so many rollouts, all of which it has looked at, in an object that has just woken. */
async function wokenRun(rollouts: number): Promise<string> {
  const run = newRun();
  await objectOf(run).tell(
    run,
    summaries(rollouts, () => ({})),
  );
  await ring(run);
  await evictDurableObject(objectOf(run));
  return run;
}

describe("what a stranger can send to a run that there is", () => {
  test("makes it read the latest rollouts at most, however many there are", async () => {
    const run = await wokenRun(3_000);
    const rowsRead = await rowsReadBy(run);
    for (let at = 0; at < 3; at++) await objectOf(run).signal(run, { unauthorized: 1, unauthorized_with_trace_id: 1 });
    expect(await ring(run)).toBe(true);
    expect(await listed(run)).toMatchObject({ rollouts: { total: 3_000 }, alarms: ["unauthorized_rollouts"] });
    // The windows' rows, each in its index and in the table, and a few of the signals and alarms.
    expect(rowsRead()).toBeLessThan(limits.alarmWindowRollouts * 3);
    await shownRun(run);
    expect(rowsRead()).toBeGreaterThan(3_000);
  });

  test("takes nothing away from the alarms of its rollouts", async () => {
    const run = newRun();
    await objectOf(run).tell(
      run,
      summaries(100, () => ({ ...faulted, item: null })),
    );
    await ring(run);
    await objectOf(run).signal(run, { "refused:not_found": 1 });
    await ring(run);
    expect((await listed(run))?.alarms).toEqual(["faults"]);
  });
});

describe("news of rollouts", () => {
  test("is looked at though the object was evicted meanwhile, and only signals came since", async () => {
    const run = await wokenRun(10);
    await objectOf(run).tell(
      run,
      summaries(100, () => faulted, START + 1e6),
    );
    await evictDurableObject(objectOf(run));
    await objectOf(run).signal(run, { unrecorded: 1 });
    await ring(run);
    expect(await listed(run)).toMatchObject({ rollouts: { total: 110 }, alarms: ["faults"] });
  });

  test("that was stored as the object was cut off, and is told again, rings all the same", async () => {
    const run = newRun();
    const told = summaries(3, () => ({}));
    await objectOf(run).tell(run, told);
    await inRun(run, (storage) => storage.deleteAlarm());
    await abortAllDurableObjects();
    expect(await objectOf(run).tell(run, told)).toBe(0);
    expect(await ring(run)).toBe(true);
    expect((await listed(run))?.rollouts.total).toBe(3);
  });

  test("that the directory does not take is tried again after a minute, then after twice as long, and so on", async () => {
    const run = newRun();
    const { RUN_DIRECTORY: _, ...without } = env;
    await objectOf(run).tell(
      run,
      summaries(3, () => ({})),
    );
    await runInDurableObject(objectOf(run), (object) => void Object.assign(object, { env: without }));
    const pauseAfter = async (since: number) => {
      await inRun(run, ({ sql }) => void sql.exec("UPDATE looks SET news_at = ?", Date.now() - since));
      await ring(run);
      return Math.round((((await inRun(run, (storage) => storage.getAlarm())) ?? 0) - Date.now()) / 60_000);
    };
    expect([await pauseAfter(0), await pauseAfter(600_000), await pauseAfter(86_400_000)]).toEqual([1, 10, 60]);
    await runInDurableObject(objectOf(run), (object) => void Object.assign(object, { env }));
    await ring(run);
    expect((await listed(run))?.rollouts.total).toBe(3);
    expect(await inRun(run, (storage) => storage.getAlarm())).toBeNull();
  });
});

test("a run of signals alone is listed with the time of the latest, so that it is not the first to be forgotten", async () => {
  const run = newRun();
  await objectOf(run).signal(run, { "refused:invalid": 1 });
  await ring(run);
  const { last_activity_at, rollouts } = (await listed(run)) ?? {};
  expect(rollouts?.total).toBe(0);
  expect(Math.abs(Date.parse(last_activity_at ?? "") - Date.now())).toBeLessThan(limits.alarmSignalMinutes * 60_000);
});
