import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { Ledger } from "../../src/contract/ledger.ts";
import { limits } from "../../src/contract/limits.ts";
import { LARGE_DIRECTORY, serveCorpus } from "./corpus.ts";
import { alarmOf, inObject, letPass } from "./time.ts";
import { outputOf, scoreOf, TestRollout } from "./world.ts";

beforeAll(() => serveCorpus());

const page = (at: number) => ({ path: `${LARGE_DIRECTORY}/page_${at}.pdf` });

describe("a rollout whose object is taken away between calls loses nothing", () => {
  test.each<[string, (rollout: TestRollout) => Promise<void>]>([
    ["evicted", (rollout) => evictDurableObject(rollout.object)],
    ["aborted", () => abortAllDurableObjects()],
  ])("%s", async (_, takeAway) => {
    const rollout = new TestRollout();
    for (let at = 0; at < 12; at++) {
      const output = await outputOf(rollout.call("cat", page(at)));
      expect(output).toMatch(at < 10 ? `note ${at}` : "budget of 10 tool calls is spent");
      await takeAway(rollout);
    }
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
    await takeAway(rollout);
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
    const { calls, calls_counted, grades } = await rollout.ledger();
    expect(calls.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 12 }, (_unused, at) => at + 1));
    expect([calls_counted, grades.length]).toEqual([10, 1]);
  });
});

test("objects that are aborted in the middle of calls lose no call that was answered, and take none twice", async () => {
  const rollouts = Array.from({ length: 8 }, () => new TestRollout());
  const calls = rollouts.flatMap((rollout) =>
    Array.from({ length: 5 }, async (_, at) => {
      const answers = await Promise.all([0, 1].map(() => rollout.call("cat", page(at), { call_id: `call_${at}` })));
      return { rollout, call_id: `call_${at}`, answers };
    }),
  );
  for (let times = 0; times < 5; times++) await abortAllDurableObjects();
  for (const { rollout, call_id, answers } of await Promise.all(calls)) {
    const recorded = (await rollout.ledger()).calls.filter((call) => call.call_id === call_id);
    expect(recorded.length).toBeLessThanOrEqual(1);
    expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
    const answered = await Promise.all(answers.filter(({ ok }) => ok).map((answer) => outputOf(answer)));
    expect(answered).toEqual(answered.map(() => recorded[0]?.output));
  }
});

test("a call that comes while its rollout is archived is archived too, by the next alarm", async () => {
  const rollout = new TestRollout();
  await outputOf(rollout.call("list", {}));
  await letPass(rollout, limits.rolloutIdleMilliseconds);
  // An archive of megabytes takes a while to write.
  await inObject(rollout, ({ sql }) => void sql.exec("UPDATE calls SET output = ?", "x".repeat(1_900_000)));
  const archiving = runDurableObjectAlarm(rollout.object);
  await vi.waitUntil(async () => (await rollout.ledger()).closed_at !== null, { interval: 0 });
  await outputOf(rollout.call("cat", page(1)));
  expect(await archiving).toBe(true);
  expect(await alarmOf(rollout)).toBeLessThanOrEqual(Date.now() + limits.rolloutIdleMilliseconds);
  await letPass(rollout, limits.rolloutIdleMilliseconds);
  await runDurableObjectAlarm(rollout.object);
  const archived = await env.BUCKET.get(`ledgers/default/${rollout.traceId}.json`);
  expect(Ledger.parse(await archived?.json()).calls).toHaveLength(2);
});
