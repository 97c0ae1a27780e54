import fc from "fast-check";
import { expect, test } from "vitest";
import { timeline, timeUnit } from "../../src/report/timeline.ts";

const quiet = { answers: 0, faults: 0, p50: 0, started: 0, ended: 0 };

test("a short rehearsal is shown second by second, left out ones as quiet", () => {
  const found = timeline([
    { ...quiet, second: 0, started: 5, answers: 10, p50: 7, faults: 1 },
    { ...quiet, second: 2, ended: 5, answers: 4, p50: 9 },
  ]);
  expect(found).toEqual([
    { start: 0, end: 1, answersPerSecond: 10, faultsPerSecond: 1, p50: 7, started: 5, ended: 0 },
    { start: 1, end: 2, answersPerSecond: 0, faultsPerSecond: 0, p50: null, started: 5, ended: 0 },
    { start: 2, end: 3, answersPerSecond: 4, faultsPerSecond: 0, p50: 9, started: 5, ended: 5 },
  ]);
});

test("the latency of a longer stretch is that of most answers", () => {
  const seconds = Array.from({ length: 480 }, (_, second) => ({
    ...quiet,
    second,
    answers: second % 2 ? 90 : 10,
    p50: second % 2 ? 5 : 800,
  }));
  expect(timeline(seconds).map(({ p50 }) => p50)).toEqual(Array.from({ length: 240 }, () => 5));
});

test("nothing is lost, however long it takes", () => {
  const anySecond = fc.record({
    second: fc.nat(20_000),
    answers: fc.nat(1000),
    faults: fc.nat(1000),
    p50: fc.nat(1000),
    started: fc.nat(100),
    ended: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.uniqueArray(anySecond, { selector: ({ second }) => second }), (seconds) => {
      const found = timeline(seconds);
      const total = (key: "answers" | "faults" | "started" | "ended") =>
        seconds.reduce((sum, second) => sum + second[key], 0);
      const over = (key: "answersPerSecond" | "faultsPerSecond") =>
        found.reduce((sum, stretch) => sum + stretch[key] * (stretch.end - stretch.start), 0);
      expect(found.length).toBeLessThanOrEqual(240);
      expect(over("answersPerSecond")).toBeCloseTo(total("answers"), 3);
      expect(over("faultsPerSecond")).toBeCloseTo(total("faults"), 3);
      expect(found.at(-1)?.started ?? 0).toBe(total("started"));
      expect(found.at(-1)?.ended ?? 0).toBe(total("ended"));
    }),
  );
});

test("time is marked in seconds, minutes or hours", () => {
  expect([52, 520, 20_000].map((seconds) => timeUnit(seconds).name)).toEqual(["seconds", "minutes", "hours"]);
});
