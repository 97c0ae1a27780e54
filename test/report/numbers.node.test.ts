import fc from "fast-check";
import { expect, test } from "vitest";
import { compact, counted, duration, oneDecimal, percent, probability, whole } from "../../src/report/numbers.ts";

test("counts have their thousands apart", () => {
  expect([0, 3214, -0, 1e11].map(whole)).toEqual(["0", "3,214", "0", "100,000,000,000"]);
  expect(whole(2 ** 53 - 1)).toBe("9.0e+15");
  expect(counted(1, "rollout")).toBe("1 rollout");
  expect(counted(5000, "rollout")).toBe("5,000 rollouts");
});

test("milliseconds have one decimal", () => {
  expect([0, 4.06, 1204.55, 1e300].map(oneDecimal)).toEqual(["0.0", "4.1", "1,204.6", "1.0e+300"]);
});

test("a share is in percent, and never none where there is some", () => {
  expect([percent(3, 500), percent(1, 5000), percent(0, 7), percent(7, 7), percent(0, 0)]).toEqual([
    "0.6 %",
    "< 0.1 %",
    "0 %",
    "100.0 %",
    "-",
  ]);
});

test("durations are told in their own units", () => {
  expect([0, 350, 4200, 59_960, 71_600, 3_600_000, 7_380_000].map(duration)).toEqual([
    "0 ms",
    "350 ms",
    "4.2 s",
    "1 min 0 s",
    "1 min 12 s",
    "1 h 0 min",
    "2 h 3 min",
  ]);
});

test("an axis has short numbers", () => {
  expect([0, 0.05, 14.52, 333, 3327, 12_000, 1.5e6, 1e15, 1e-9].map(compact)).toEqual([
    "0",
    "0.05",
    "14.5",
    "333",
    "3,327",
    "12K",
    "1.5M",
    "1e+15",
    "1e-9",
  ]);
});

test("a small probability is told as small", () => {
  expect([0.5, 0.0087, 0.00004, 0].map(probability)).toEqual(["0.50", "0.0087", "< 0.001", "< 0.001"]);
});

test("no number makes a text without end", () => {
  const tellers = [whole, oneDecimal, compact, duration, (n: number) => percent(n, 7)];
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(...tellers), (number, tell) => {
      expect(tell(number).length).toBeLessThan(24);
      expect(tell(number)).not.toMatch(/NaN|Infinity/);
    }),
  );
});
