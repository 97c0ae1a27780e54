import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import type { RunReport } from "../../../src/contract/run.ts";
import { summarise } from "../../../src/worker/run/summary.ts";
import { serveCorpus } from "../corpus.ts";
import { alarmOf, letPass } from "../time.ts";
import { outputOf, post, scoreOf, takeLog, TestRollout } from "../world.ts";
import { breakRun, inRun, newRun, runOnce, shownRun, shownRuns } from "./runs.ts";
import { callOf, gradeOf, isoAt, ledgerOf, START, summaries } from "./summaries.ts";

beforeAll(() => serveCorpus());

const rolloutOf = (run: string) => new TestRollout(undefined, { "X-Run": run });
const tell = (run: string, told: Parameters<ReturnType<typeof objectOf>["tell"]>[1]) => objectOf(run).tell(run, told);
const objectOf = (run: string) => env.RUN.getByName(run);
const graded = (count: number) => (report: RunReport) => report.rollouts.graded === count;
/** What a report says of rollouts, without what no rollout told. */
const counts = (report: RunReport | undefined) => report && { ...report, alarms: [], signals: null };

/** Closes an idle rollout, as its alarm does. */
async function close(rollout: TestRollout): Promise<void> {
  await letPass(rollout, limits.rolloutIdleMilliseconds);
  await runDurableObjectAlarm(rollout.object);
}

describe("a run is told of its rollouts", () => {
  test("as they are opened, graded and closed, exactly", async () => {
    const run = newRun();
    const [first, second, third] = [rolloutOf(run), rolloutOf(run), rolloutOf(run)];
    await outputOf(first.call("list", {}));
    await runOnce(run, ({ rollouts }) => rollouts.open === 1);
    await outputOf(first.call("cat", { path: "AA/2012/page_7.pdf" }));
    await outputOf(first.call("cat", { path: "nowhere" }));
    await scoreOf(first.grade("56", { id: "item-1", reference_answer: "56" }));
    await scoreOf(second.grade("55.99", { id: "item-2", reference_answer: "56" }));
    await outputOf(third.call("search", { query: "fuel" }));
    await runOnce(run, ({ rollouts }) => rollouts.total === 3 && rollouts.graded === 2);
    await close(third);
    const report = await shownRun(run);
    expect(report).toMatchObject({
      run,
      rollouts: { total: 3, open: 0, graded: 2, discarded: 0, abandoned: 1 },
      scores: { graded: 2, sum: 1.5, mean: 0.75 },
      grades: 2,
      calls: { total: 4 },
      mistakes: [{ kind: "unknown_path", calls: 1, rollouts: 1 }],
      signals: { unauthorized: 0, refused: {}, faults: {}, unrecorded: 0 },
    });
    expect(report?.tools.map(({ tool, calls }) => [tool, calls])).toEqual([
      ["cat", 2],
      ["list", 1],
      ["search", 1],
    ]);
  });

  test("of calls that come after the grading too", async () => {
    const run = newRun();
    const rollout = rolloutOf(run);
    await scoreOf(rollout.grade("56"));
    await runOnce(run, graded(1));
    for (let at = 0; at < 12; at++) await outputOf(rollout.call("list", {}));
    const report = await runOnce(run, ({ calls }) => calls.total === 12);
    expect(report.mistakes).toEqual([
      { kind: "after_grading", calls: 10, rollouts: 1 },
      { kind: "over_budget", calls: 2, rollouts: 1 },
    ]);
  });

  test("what the trainer claims to have called, held against the ledger", async () => {
    const run = newRun();
    const rollout = rolloutOf(run);
    await outputOf(rollout.call("list", {}));
    const sample = { output_text: "56", output_tools: [{ call_id: "call_1" }, { call_id: "call_2", name: "cat" }] };
    const item = { reference_answer: "56" };
    await scoreOf(post("/finqa/grade", { sample, item, trace_id: rollout.traceId }, { "X-Run": run }));
    expect((await rollout.ledger()).grades[0]?.claims).toEqual({ claimed: 2, unrecorded: 1, unclaimed: 0 });
    const { claims } = await runOnce(run, graded(1));
    expect(claims).toEqual({ rollouts: 1, disagreeing: 1, unrecorded: 1, unclaimed: 0, examples: [rollout.traceId] });
  });

  test("the directory lists it a moment later, by latest activity", async () => {
    const [older, newer] = [newRun(), newRun()];
    await tell(
      older,
      summaries(2, () => ({})),
    );
    await tell(
      newer,
      summaries(3, () => ({ opened_at: isoAt(START + 1e9) }), START + 1e9),
    );
    const listed = await vi.waitUntil(
      async () => {
        const runs = (await shownRuns()).runs.filter(({ run }) => run === older || run === newer);
        return runs.length === 2 ? runs : undefined;
      },
      { timeout: 10_000 },
    );
    expect(listed.map(({ run, rollouts, score_mean }) => [run, rollouts.total, score_mean])).toEqual([
      [newer, 3, 0.5],
      [older, 2, 0.5],
    ]);
  });
});

describe("nothing waits for the run", () => {
  test("calls and gradings are answered while its object is blocked, and counted when it is free", async () => {
    const run = newRun();
    const free = Promise.withResolvers<void>();
    const blocking = runInDurableObject(objectOf(run), (_, state) => state.blockConcurrencyWhile(() => free.promise));
    const rollout = rolloutOf(run);
    await outputOf(rollout.call("list", {}));
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
    free.resolve();
    await blocking;
    await runOnce(run, (report) => graded(1)(report) && report.calls.total === 1);
  });

  test("an object that throws harms no call; what it missed is told when it is mended", async () => {
    const run = newRun();
    const mend = await breakRun(run);
    const rollout = rolloutOf(run);
    const query = "alumina hush-4711";
    takeLog();
    await outputOf(rollout.call("search", { query }));
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
    const { closed_at, opened_at } = await rollout.ledger();
    expect(closed_at).toBeNull();
    const idle = Date.parse(opened_at) + limits.rolloutIdleMilliseconds;
    // Given up for now: the rollout's alarm rings earlier than it would have.
    await vi.waitUntil(async () => ((await alarmOf(rollout)) ?? idle) < idle, { timeout: 20_000, interval: 100 });
    const log = JSON.stringify(takeLog());
    expect(log).toContain('"route":"monitor:rollout"');
    expect(log).not.toMatch(/hush-4711|trainer-one|alumina/);

    await mend();
    await abortAllDurableObjects();
    await runDurableObjectAlarm(rollout.object);
    await runOnce(run, (report) => graded(1)(report) && report.calls.total === 1);
    // Rung early, the alarm has closed nothing, and rings again when it would have.
    const [call] = (await rollout.ledger()).calls;
    expect((await rollout.ledger()).closed_at).toBeNull();
    expect(await alarmOf(rollout)).toBeGreaterThanOrEqual(
      Date.parse(call?.received_at ?? "") + limits.rolloutIdleMilliseconds,
    );
  }, 60_000);

  test("a closed rollout that could not be told goes on trying, keeps its archive, and is forgotten all the same", async () => {
    const run = newRun();
    const mend = await breakRun(run);
    const rollout = rolloutOf(run);
    await outputOf(rollout.call("list", {}));
    await close(rollout);
    const { closed_at } = await rollout.ledger();
    const closed = Date.parse(closed_at ?? "");
    const again = (await alarmOf(rollout)) ?? 0;
    expect([again >= closed + limits.tellAgainMilliseconds, again < closed + limits.rolloutIdleMilliseconds]).toEqual([
      true,
      true,
    ]);
    await mend();
    await abortAllDurableObjects();
    await runDurableObjectAlarm(rollout.object);
    expect((await rollout.ledger()).closed_at).toBe(closed_at);
    expect(await alarmOf(rollout)).toBe(closed + limits.rolloutKeptMilliseconds);
    expect((await shownRun(run))?.rollouts).toMatchObject({ total: 1, abandoned: 1 });
    await letPass(rollout, limits.rolloutKeptMilliseconds);
    await runDurableObjectAlarm(rollout.object);
    expect(await alarmOf(rollout)).toBeNull();
  }, 60_000);
});

describe("messages may be lost, repeated and reordered", () => {
  /** A rollout's life: what it would tell at each milestone. */
  function life(at: number) {
    const trace_id = `trace_${at}_${crypto.randomUUID()}`;
    const fault = callOf({ call_id: "call_2", outcome: "fault", faults: 1, fault_boundary: "storage" });
    const base = { trace_id, item: `item-${at}`, opened_at: isoAt(START + at) };
    return [
      ledgerOf({ ...base, grades: [] }),
      ledgerOf({ ...base, grades: [], calls: [callOf(), fault] }),
      ledgerOf({ ...base, grades: [], calls: [callOf(), { ...fault, outcome: "ok" as const }] }),
      ledgerOf({
        ...base,
        calls: [callOf(), { ...fault, outcome: "ok" as const }],
        grades: [gradeOf({ score: (at % 3) / 2 })],
      }),
      ledgerOf({
        ...base,
        calls: [callOf(), { ...fault, outcome: "ok" as const }],
        grades: [gradeOf({ score: (at % 3) / 2 })],
        closed_at: isoAt(START + 1e7),
      }),
    ].map(summarise);
  }
  const lives = Array.from({ length: 30 }, (_, at) => life(at));
  const ends = lives.flatMap((told) => told.slice(-1));
  const shuffled = <T>(those: T[]) =>
    those
      .map((one) => ({ one, by: Math.random() }))
      .toSorted((a, b) => a.by - b.by)
      .map(({ one }) => one);

  async function reportAfter(messages: ReturnType<typeof life>): Promise<unknown> {
    const run = newRun();
    for (let at = 0; at < messages.length; at += 10) {
      await Promise.all(messages.slice(at, at + 10).map((message) => tell(run, [message])));
    }
    return { ...counts(await shownRun(run)), run: "" };
  }

  test("in whatever order and however often they come, the counts are those of the last of each", async () => {
    const expected = await reportAfter(ends);
    expect(expected).toMatchObject({ rollouts: { total: 30, graded: 30 }, scores: { sum: 15 }, calls: { total: 60 } });
    expect(await reportAfter(lives.flat())).toEqual(expected);
    expect(await reportAfter(shuffled([...lives.flat(), ...lives.flat()]))).toEqual(expected);
  });

  test.each([0, 1, 2, 3])("the loss of message %i of each is mended by a later one", async (lost) => {
    const rest = lives.flatMap((told) => told.filter((_, at) => at !== lost));
    expect(await reportAfter(rest)).toEqual(await reportAfter(ends));
  });

  test("the loss of all but that of the closing alarm is mended by it", async () => {
    const run = newRun();
    const mend = await breakRun(run);
    const rollouts = Array.from({ length: 5 }, () => rolloutOf(run));
    for (const rollout of rollouts) {
      await outputOf(rollout.call("list", {}));
      await scoreOf(rollout.grade("56"));
    }
    // Whatever was under way is lost with the objects.
    await mend();
    await abortAllDurableObjects();
    expect(await shownRun(run)).toBeUndefined();
    await Promise.all(rollouts.map(close));
    expect(await shownRun(run)).toMatchObject({
      rollouts: { total: 5, graded: 5 },
      scores: { sum: 5 },
      calls: { total: 5 },
    });
  });
});

describe("a thousand rollouts that close within a second", () => {
  test("are all counted, once each", async () => {
    const run = newRun();
    const closing = summaries(1_000, (at) => ({ grades: [gradeOf({ score: (at % 2) / 2 })], closed_at: isoAt(START) }));
    await Promise.all([...closing, ...closing.slice(0, 100)].map((summary) => tell(run, [summary])));
    expect(await shownRun(run)).toMatchObject({
      rollouts: { total: 1_000, graded: 1_000, open: 0 },
      scores: { graded: 1_000, sum: 250 },
      calls: { total: 1_000 },
    });
  }, 60_000);

  test("a hundred real ones, by their own alarms at once, too", async () => {
    const run = newRun();
    const rollouts = Array.from({ length: 100 }, () => rolloutOf(run));
    await Promise.all(rollouts.map(async (rollout) => outputOf(rollout.call("list", {}))));
    await Promise.all(rollouts.map(close));
    expect((await shownRun(run))?.rollouts).toEqual({ total: 100, open: 0, graded: 0, discarded: 0, abandoned: 100 });
  }, 60_000);
});

describe("a run's object", () => {
  test.each<[string, (run: string) => Promise<void>]>([
    ["evicted", (run) => evictDurableObject(objectOf(run))],
    ["aborted", () => abortAllDurableObjects()],
  ])("shows the same after it was %s, and counts on", async (_, takeAway) => {
    const run = newRun();
    const told = summaries(300, (at) => ({
      grades: [gradeOf({ score: at / 300 })],
      opened_at: isoAt(START + at * 1e5),
    }));
    await tell(run, told);
    const before = await shownRun(run);
    await takeAway(run);
    expect(await shownRun(run)).toEqual(before);
    await takeAway(run);
    await tell(run, [...told.slice(0, 10), ...summaries(1, () => ({}))]);
    expect((await shownRun(run))?.rollouts.total).toBe(301);
  });

  test("counts no more rollouts than it can read, and says so", async () => {
    const run = newRun();
    const most: { runRollouts: number } = limits;
    const { runRollouts } = most;
    most.runRollouts = 3;
    await tell(
      run,
      summaries(5, () => ({})),
    ).finally(() => (most.runRollouts = runRollouts));
    expect(await shownRun(run)).toMatchObject({ full: true, rollouts: { total: 3 } });
  });

  test("does not come into being when it is looked at", async () => {
    const run = newRun();
    expect(await shownRun(run)).toBeUndefined();
    expect(
      await inRun(run, ({ sql }) => sql.exec("SELECT name FROM sqlite_master WHERE name = 'run'").toArray()),
    ).toEqual([]);
  });
});
