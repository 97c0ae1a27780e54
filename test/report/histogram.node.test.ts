import fc from "fast-check";
import { expect, test } from "vitest";
import { scoreBins } from "../../src/report/histogram.ts";

test("a few scores are shown as they are, in their order", () => {
  expect(scoreBins({ "1": 333, "0": 119, "0.5": 45 }).map(({ label, rollouts }) => [label, rollouts])).toEqual([
    ["0", 119],
    ["0.5", 45],
    ["1", 333],
  ]);
});

test("many scores are shown by tenths", () => {
  const bins = scoreBins(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [String(at / 100), 1])));
  expect(bins.map(({ label }) => label)).toEqual(["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]);
  expect(bins.map(({ rollouts }) => rollouts)).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 11]);
  expect(bins.at(0)?.range).toBe("0 to under 0.1");
  expect(bins.at(-1)?.range).toBe("0.9 to 1");
});

test("what is no number is kept, last", () => {
  expect(scoreBins({ none: 2, "1": 3 }).map(({ label }) => label)).toEqual(["1", "none"]);
});

test("no rollout is left out, whatever the scores are", () => {
  const anyScore = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
  fc.assert(
    fc.property(fc.dictionary(anyScore, fc.nat(1000)), (scores) => {
      const bins = scoreBins(scores);
      expect(bins.length).toBeLessThanOrEqual(11);
      expect(bins.reduce((sum, { rollouts }) => sum + rollouts, 0)).toBe(
        Object.values(scores).reduce((sum, n) => sum + n, 0),
      );
    }),
  );
});
