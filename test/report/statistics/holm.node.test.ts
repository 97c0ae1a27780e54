import fc from "fast-check";
import { expect, test } from "vitest";
import { holm } from "../../../src/report/statistics/holm.ts";

test("is what R's p.adjust has", () => {
  const round = (ps: number[]) => ps.map((p) => Math.round(p * 1e6) / 1e6);
  expect(round(holm([0.01, 0.04, 0.03, 0.005]))).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(round(holm([0.5, 0.6, 0.02]))).toEqual([1, 1, 0.06]);
  expect(holm([0.03])).toEqual([0.03]);
  expect(holm([])).toEqual([]);
});

test("never makes a p smaller, never changes their order, never goes above 1", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (ps) => {
      const corrected = holm(ps);
      for (const [at, p] of ps.entries()) {
        expect(corrected[at]).toBeGreaterThanOrEqual(p);
        expect(corrected[at]).toBeLessThanOrEqual(1);
        for (const [other, q] of ps.entries())
          expect(p < q && (corrected[at] ?? 0) > (corrected[other] ?? 0)).toBe(false);
      }
    }),
  );
});
