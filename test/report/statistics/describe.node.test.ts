import { expect, test } from "vitest";
import { deviation, quantile, spread, tally } from "../../../src/report/statistics/describe.ts";

test("a spread by hand", () => {
  expect(spread([4, 1, 3, 2])).toEqual({ count: 4, mean: 2.5, p50: 2, p95: 4, most: 4 });
  expect(spread([])).toEqual({ count: 0, mean: 0, p50: 0, p95: 0, most: 0 });
});

test("the deviation is of these values, not of more that they could come from", () => {
  expect(deviation([0, 0, 1])).toBeCloseTo(Math.sqrt(2) / 3, 12);
  expect(deviation([0.5])).toBe(0);
});

test("quantiles are values that occur", () => {
  expect([0, 0.01, 0.5, 0.51, 1].map((share) => quantile([10, 20], share))).toEqual([10, 10, 10, 20, 20]);
});

test("a tally has the commonest first", () => {
  expect(Object.entries(tally(["b", "a", "c", "a", "c"]))).toEqual([
    ["a", 2],
    ["c", 2],
    ["b", 1],
  ]);
});
