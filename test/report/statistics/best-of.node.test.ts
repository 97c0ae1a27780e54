import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bestOfK, passAtK } from "../../../src/report/statistics/best-of.ts";

/** All choices of k of the values. */
function choices(values: readonly number[], k: number): number[][] {
  if (k === 0) return [[]];
  return values.flatMap((value, at) => choices(values.slice(at + 1), k - 1).map((rest) => [value, ...rest]));
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const attempts = fc
  .array(fc.constantFrom(0, 0.25, 0.5, 1, -1), { minLength: 1, maxLength: 7 })
  .chain((scores) => fc.tuple(fc.constant(scores), fc.integer({ min: 1, max: scores.length })));

describe("of three attempts that scored 0, 0.5 and 1", () => {
  test.each([
    // (0 + 0.5 + 1) / 3, (0.5 + 1 + 1) / 3, 1
    [1, 0.5],
    [2, 2.5 / 3],
    [3, 1],
  ])("the best of %d is %d", (k, expected) => {
    expect(bestOfK([0.5, 1, 0], k)).toBeCloseTo(expected, 12);
  });

  test.each([
    // One success of three: 1/3, 1 - C(2,2)/C(3,2) = 2/3, 1
    [1, 1 / 3],
    [2, 2 / 3],
    [3, 1],
  ])("one of %d passes with probability %d", (k, expected) => {
    expect(passAtK(3, 1, k)).toBeCloseTo(expected, 12);
  });
});

test("both are averages over all choices of k attempts", () => {
  fc.assert(
    fc.property(attempts, ([scores, k]) => {
      const all = choices(scores, k);
      expect(bestOfK(scores, k)).toBeCloseTo(average(all.map((some) => Math.max(...some))), 9);
      const passed = all.map((some) => (some.includes(1) ? 1 : 0));
      expect(passAtK(scores.length, scores.filter((score) => score === 1).length, k)).toBeCloseTo(average(passed), 9);
    }),
  );
});

test("the whole of many attempts neither overflows nor vanishes", () => {
  expect(passAtK(2_000, 1, 1_000)).toBeCloseTo(0.5, 9);
  expect(
    bestOfK(
      Array.from({ length: 2_000 }, (_, at) => (at === 0 ? 1 : 0)),
      1_000,
    ),
  ).toBeCloseTo(0.5, 9);
});
