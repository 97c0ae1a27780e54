import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Evidence, Ledger } from "../../../src/contract/ledger.ts";
import { limits } from "../../../src/contract/limits.ts";
import { RunTool } from "../../../src/contract/run.ts";
import { bucketOf, quantile } from "../../../src/worker/run/histogram.ts";
import { reportOf, type Surroundings } from "../../../src/worker/run/report.ts";
import { signalsOf } from "../../../src/worker/run/signal-counts.ts";
import { Statistics } from "../../../src/worker/run/statistics.ts";
import { Trend } from "../../../src/worker/run/trend.ts";
import { callOf, gradeOf, isoAt, START, summaries, summaryOf } from "./summaries.ts";

const surroundings: Surroundings = {
  run: "job",
  full: false,
  firstActivity: START,
  lastActivity: START,
  unread: [],
  disagreeing: [],
  signals: signalsOf({}),
  alarms: [],
};
const report = (statistics: Statistics) => reportOf(statistics, surroundings);

/** Any rollout, as far as statistics tell rollouts apart. */
const anyLedger: fc.Arbitrary<Partial<Ledger>> = fc.record({
  opened_at: fc.integer({ min: START, max: START + 1e9 }).map(isoAt),
  closed_at: fc.constantFrom(null, isoAt(START)),
  calls: fc.array(
    fc
      .record({
        tool: fc.constantFrom("search", "cat", "none"),
        outcome: fc.constantFrom("ok", "mistake", "fault", "over_budget"),
        milliseconds: fc.nat(100_000),
        output: fc.string(),
        cut: fc.boolean(),
        faults: fc.nat(2),
      })
      .map((fields) => callOf({ ...fields, mistake: fields.outcome === "mistake" ? "bad_arguments" : null })),
    { maxLength: 5 },
  ),
  grades: fc.array(
    fc
      .record({
        score: fc.double({ min: 0, max: 1, noNaN: true }),
        evidence: fc.constantFrom<Evidence | null>(null, { source: "none", calls: [] }),
        claims: fc.constantFrom(null, { claimed: 1, unrecorded: 1, unclaimed: 0 }),
      })
      .map((fields) => gradeOf(fields)),
    { maxLength: 2 },
  ),
});

describe("a run's counts", () => {
  test("are the same in whatever order rollouts are told, go on and are taken away", () => {
    const rollouts = fc.array(fc.tuple(anyLedger, anyLedger, fc.boolean()), { maxLength: 20 });
    fc.assert(
      fc.property(rollouts, fc.infiniteStream(fc.nat()), (pairs, order) => {
        const told = pairs.map(([before, after, stays]) => ({
          before: summaryOf(before),
          // The time at which a rollout was opened does not change.
          after: summaryOf({ ...after, ...(before.opened_at !== undefined && { opened_at: before.opened_at }) }),
          stays,
        }));
        const going = new Statistics();
        for (const { before } of told) going.fold(before, 1);
        for (const { before, after, stays } of told.toSorted(() => ((order.next().value ?? 0) % 2) - 0.5)) {
          if (stays) continue;
          going.fold(before, -1);
          going.fold(after, 1);
        }
        const anew = Statistics.of(told.map(({ before, after, stays }) => (stays ? before : after)).toReversed());
        expect(report(going)).toEqual(report(anew));
        for (const { before, after, stays } of told) going.fold(stays ? before : after, -1);
        expect({ ...report(going), trend: 0 }).toEqual({ ...report(new Statistics()), trend: 0 });
      }),
    );
  });

  test("are what the rollouts say", () => {
    const fault = callOf({ outcome: "fault", faults: 4, fault_boundary: "storage", output: "" });
    const unread = { source: "none" as const, calls: [] };
    const shown = report(
      Statistics.of([
        summaryOf({ grades: [gradeOf({ score: 1, evidence: unread })] }),
        summaryOf({ grades: [gradeOf({ score: 0, claims: { claimed: 4, unrecorded: 3, unclaimed: 1 } })] }),
        summaryOf({
          grades: [gradeOf({ score: 0.1, evidence: { source: "page", calls: [1] } }), gradeOf({ score: 0.2 })],
        }),
        summaryOf({ calls: [callOf(), fault], grades: [], refusals: [{ reason: "", refused_at: isoAt(START) }] }),
        summaryOf({ calls: [callOf({ outcome: "over_budget" }), callOf({ cut: true })], grades: [] }),
        summaryOf({
          calls: [callOf({ outcome: "mistake", mistake: "unknown_path" })],
          grades: [],
          closed_at: isoAt(START),
        }),
      ]),
    );
    expect(shown).toMatchObject({
      rollouts: { total: 6, open: 1, graded: 3, discarded: 1, abandoned: 1 },
      scores: { graded: 3, sum: 1.2, mean: 0.4, zero: 1, one: 1 },
      grades: 4,
      refusals: 1,
      calls: { total: 8, per_rollout: { mean: 1.3333, p50: 1, most: 2 }, over_budget: 1 },
      mistakes: [
        { kind: "over_budget", calls: 1, rollouts: 1 },
        { kind: "unknown_path", calls: 1, rollouts: 1 },
      ],
      faults: { calls: 1, unhealed: 1, rollouts: 1, by_boundary: { storage: 4 } },
      evidence: { by_source: { none: 1 }, correct: 1, correct_never_read: 1 },
      claims: { rollouts: 1, disagreeing: 1, unrecorded: 3, unclaimed: 1 },
      tools: [{ tool: "search", calls: 8, cut: 1, cut_share: 1 / 8 }],
    });
    expect(shown.scores.histogram.map(({ rollouts }) => rollouts)).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
    expect(shown.trend.points).toEqual([
      {
        from: isoAt(START),
        rollouts: 6,
        graded: 3,
        score_mean: 0.4,
        calls: 8,
        calls_by_tool: { search: 8 },
        mistakes: 2,
        faults: 4,
      },
    ]);
  });

  test("sum scores exactly", () => {
    const tenths = summaries(1_000, () => ({ grades: [gradeOf({ score: 0.1 })] }));
    expect(report(Statistics.of(tenths)).scores).toMatchObject({ sum: 100, mean: 0.1 });
  });
});

test("the schema says what is an estimate, and from where to where latencies are measured", () => {
  const { latency_milliseconds, output_characters } = z.toJSONSchema(RunTool).properties ?? {};
  expect(latency_milliseconds).toMatchObject({ description: expect.stringMatching(/inside the worker/) });
  for (const quantiles of [latency_milliseconds, output_characters])
    expect(quantiles).toMatchObject({ properties: { most: { description: expect.stringMatching(/estimate/) } } });
});

describe("a trend", () => {
  test("has at most so many points, each for twice the time when there would be more", () => {
    const trend = new Trend();
    const minutes = limits.trendPoints * 4;
    for (const summary of summaries(minutes, (at) => ({ opened_at: isoAt(START + at * 60_000) })))
      trend.fold(summary, 1);
    expect(trend.points.size).toBeLessThanOrEqual(limits.trendPoints);
    expect(trend.points.size).toBeGreaterThan(limits.trendPoints / 2 - 1);
    expect([...trend.points.values()].reduce((sum, { rollouts }) => sum + rollouts, 0)).toBe(minutes);
  });
});

describe("a histogram", () => {
  test("tells every share of the values within 5 %", () => {
    const values = fc.array(fc.double({ min: 1, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.95, 0.99, 1), (numbers, q) => {
        const histogram = new Map<number, number>();
        for (const value of numbers) histogram.set(bucketOf(value), (histogram.get(bucketOf(value)) ?? 0) + 1);
        const exact = numbers.toSorted((a, b) => a - b)[Math.ceil(q * numbers.length) - 1] ?? 0;
        expect(Math.abs((quantile(histogram, q) ?? 0) / exact - 1)).toBeLessThan(0.05);
      }),
    );
  });

  test("takes any number, and says nothing without one", () => {
    expect([0, -1, Number.NaN, 0.9].map(bucketOf)).toEqual([0, 0, 0, 0]);
    expect(bucketOf(Infinity)).toBe(bucketOf(1e12));
    expect([quantile(new Map(), 0.5), quantile(new Map([[0, 1]]), 0.5)]).toEqual([null, 0]);
  });
});
