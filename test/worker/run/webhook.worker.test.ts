import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, test, vi } from "vitest";
import * as z from "zod";
import { limits } from "../../../src/contract/limits.ts";
import { REHEARSAL_PREFIX } from "../../../src/contract/run-name.ts";
import { AlarmPush } from "../../../src/contract/run.ts";
import { takeLog } from "../world.ts";
import { inRun, newRun, runOnce, shownRun, shownRuns } from "./runs.ts";
import { callOf, START, summaries } from "./summaries.ts";

const origin = new URL(inject("webhookUrl")).origin;

/** Orders how the next posts of a run are answered, and lets those go that wait. */
async function order(run: string, ...answers: (number | "cut" | "hang")[]): Promise<void> {
  await fetch(`${origin}/control`, { method: "POST", body: JSON.stringify({ run, answers }) });
}

async function received(run: string): Promise<AlarmPush[]> {
  return z.array(AlarmPush).parse(await (await fetch(`${origin}/received?run=${run}`)).json());
}

/** The posts of a run, once there are so many. */
const receivedOnce = (run: string, count: number) =>
  vi.waitUntil(
    async () => {
      const posts = await received(run);
      return posts.length >= count ? posts : undefined;
    },
    { timeout: 20_000, interval: 50 },
  );

const faulted = { calls: [callOf({ faults: 1, fault_boundary: "storage" })] };
const tell = (run: string, told: ReturnType<typeof summaries>) => env.RUN.getByName(run).tell(run, told);
/** Rollouts that raise the alarm of faults, and those that clear it. */
const raise = (run: string) =>
  tell(
    run,
    summaries(50, () => faulted),
  );
const calm = (run: string) =>
  tell(
    run,
    summaries(limits.alarmWindowRollouts, () => ({}), START + 1e6),
  );
const ring = (run: string) => runDurableObjectAlarm(env.RUN.getByName(run));
/** Makes what waits for its next try due, and tries. */
async function tryAgain(run: string): Promise<void> {
  await inRun(run, ({ sql }) => void sql.exec("UPDATE pushes SET due_at = 0"));
  await ring(run);
}

describe("an alarm", () => {
  test("is shown, listed and posted when it is raised, and again when it is cleared; each once", async () => {
    const run = newRun();
    await raise(run);
    await ring(run);
    await ring(run);
    const [raised] = await receivedOnce(run, 1);
    expect(raised).toMatchObject({ run, kind: "faults", state: "raised", subject: "", value: 1, cleared_at: null });
    expect(raised?.text).toMatch(new RegExp(`run ${run}: 100 % of the latest rollouts met a fault\\. .*worker's log`));
    expect((await shownRun(run))?.alarms).toMatchObject([{ kind: "faults", cleared_at: null }]);
    expect((await shownRuns()).runs.find((entry) => entry.run === run)?.alarms).toEqual(["faults"]);

    await calm(run);
    await ring(run);
    await ring(run);
    await ring(run);
    const posts = await receivedOnce(run, 2);
    expect(posts.map(({ state }) => state)).toEqual(["raised", "cleared"]);
    expect(new Set(posts.map(({ id }) => id)).size).toBe(2);
    expect((await shownRun(run))?.alarms).toMatchObject([{ kind: "faults", cleared_at: posts[1]?.cleared_at }]);
    expect((await shownRuns()).runs.find((entry) => entry.run === run)?.alarms).toEqual([]);
  });

  test("is looked at when the run is shown, too", async () => {
    const run = newRun();
    await raise(run);
    expect((await shownRun(run))?.alarms).toMatchObject([{ kind: "faults", cleared_at: null }]);
  });

  test("shows what is measured now, beside what raised it, and is not posted again for that", async () => {
    const run = newRun();
    await raise(run);
    await ring(run);
    await tell(
      run,
      summaries(50, () => ({}), START + 1e6),
    );
    await ring(run);
    expect((await shownRun(run))?.alarms).toMatchObject([
      { raised_value: 1, value: 0.5, message: "50 % of the latest rollouts met a fault.", cleared_at: null },
    ]);
    expect(await receivedOnce(run, 1)).toMatchObject([{ raised_value: 1, value: 1 }]);
  });

  test("of what depends on items is looked for in as many rollouts as these need", async () => {
    const run = newRun();
    await tell(
      run,
      summaries(limits.alarmItemsRollouts, (at) => ({ item: `item-${Math.floor(at / 32)}` })),
    );
    expect((await shownRun(run))?.alarms).toMatchObject([{ kind: "identical_answers", cleared_at: null }]);
  });

  test("stands after the object was evicted, and is not posted again", async () => {
    const run = newRun();
    await raise(run);
    await ring(run);
    await receivedOnce(run, 1);
    await evictDurableObject(env.RUN.getByName(run));
    expect((await shownRun(run))?.alarms).toMatchObject([{ kind: "faults", cleared_at: null }]);
    await ring(run);
    expect(await received(run)).toHaveLength(1);
  });
});

describe("a post that", () => {
  test.each<[string, number | "cut"]>([
    ["is answered 500", 500],
    ["is sent elsewhere", 302],
    ["is cut off", "cut"],
  ])("%s is made again later, and the URL stays out of the log", async (_, answer) => {
    const run = newRun();
    await order(run, answer);
    takeLog();
    await raise(run);
    await ring(run);
    await receivedOnce(run, 1);
    const due = await vi.waitUntil(async () => {
      const [push] = await inRun(run, ({ sql }) => sql.exec("SELECT attempts, due_at FROM pushes").toArray());
      return push?.["attempts"] === 1 ? Number(push["due_at"]) : undefined;
    });
    expect(due).toBeGreaterThan(Date.now());
    expect(await inRun(run, (storage) => storage.getAlarm())).toBeLessThanOrEqual(due);
    const log = JSON.stringify(takeLog());
    expect(log).toContain("monitor:webhook");
    expect(log).not.toMatch(/hush-4711|services|127\.0\.0\.1/);
    await tryAgain(run);
    const [first, second] = await receivedOnce(run, 2);
    expect(second).toEqual(first);
    expect(await inRun(run, ({ sql }) => sql.exec("SELECT number FROM pushes").toArray())).toEqual([]);
  });

  test("waits for its next try holds up none that comes after it", async () => {
    const run = newRun();
    await order(run, 500);
    await raise(run);
    await ring(run);
    await receivedOnce(run, 1);
    await calm(run);
    await ring(run);
    const posts = await receivedOnce(run, 3);
    expect(posts.map(({ state }) => state)).toEqual(["raised", "raised", "cleared"]);
  });

  test("is never taken is given up in the end", async () => {
    const run = newRun();
    await order(run, ...Array.from({ length: limits.webhookAttempts + 5 }, () => 500));
    await raise(run);
    await ring(run);
    await receivedOnce(run, 1);
    for (let attempt = 0; attempt < limits.webhookAttempts + 2; attempt++) await tryAgain(run);
    expect(await received(run)).toHaveLength(limits.webhookAttempts);
  });

  test.each(["no JSON", '{"kind":"of another version"}'])("cannot be read again is given up: %s", async (stored) => {
    const run = newRun();
    await raise(run);
    await inRun(run, ({ sql }) => void sql.exec("INSERT INTO pushes VALUES (0, ?, 0, 0)", stored));
    await ring(run);
    await tryAgain(run);
    expect((await receivedOnce(run, 1)).map(({ kind }) => kind)).toEqual(["faults"]);
    expect(await inRun(run, ({ sql }) => sql.exec("SELECT number FROM pushes").toArray())).toEqual([]);
  });

  test("is not answered keeps nobody waiting: the run is told and shown meanwhile", async () => {
    const run = newRun();
    await order(run, "hang");
    await raise(run);
    const ringing = ring(run);
    await receivedOnce(run, 1);
    await tell(
      run,
      summaries(1, () => ({}), START + 1e7),
    );
    expect((await shownRun(run))?.rollouts.total).toBe(51);
    await order(run);
    await ringing;
    await runOnce(run, ({ rollouts }) => rollouts.total === 51);
    expect(await received(run)).toHaveLength(1);
  });
});

test("alarms of a rehearsal are shown, and posted to nobody", async () => {
  const run = `${REHEARSAL_PREFIX}${newRun()}`;
  await raise(run);
  await ring(run);
  expect((await shownRun(run))?.alarms).toMatchObject([{ kind: "faults", cleared_at: null }]);
  expect((await shownRuns()).runs.find((entry) => entry.run === run)?.alarms).toEqual(["faults"]);
  expect(await inRun(run, ({ sql }) => sql.exec("SELECT number FROM pushes").toArray())).toEqual([]);
  expect(await received(run)).toEqual([]);
});

test("without a webhook alarms are shown only", async () => {
  const run = newRun();
  await runInDurableObject(env.RUN.getByName(run), (object) => {
    Object.assign(object, { env: { ...env, ALERT_WEBHOOK_URL: undefined } });
  });
  await raise(run);
  expect((await shownRun(run))?.alarms).toMatchObject([{ kind: "faults" }]);
  await ring(run);
  expect(await inRun(run, ({ sql }) => sql.exec("SELECT number FROM pushes").toArray())).toEqual([]);
  expect(await received(run)).toEqual([]);
});
