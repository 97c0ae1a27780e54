import { expect, test } from "vitest";
import { seededRandom } from "../../../src/environments/random.ts";
import { bootstrapMean } from "../../../src/report/statistics/bootstrap.ts";
import { gaussian, seeded } from "../../random.ts";

test("the bounds of a mean are those of the normal approximation where there are many items", () => {
  const normal = gaussian(seeded(7));
  const values = Array.from({ length: 400 }, () => 5 + normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / 400;
  const sigma = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400);
  const { value, low, high } = bootstrapMean(values, seededRandom("bounds"));
  expect(value).toBeCloseTo(mean, 12);
  // 1.96 standard errors, within a sixth of one.
  expect(mean - low).toBeCloseTo((1.96 * sigma) / 20, 1.5);
  expect(high - mean).toBeCloseTo((1.96 * sigma) / 20, 1.5);
});

test("of a hundred such intervals about 95 hold the truth", () => {
  const covered = Array.from({ length: 100 }, (_, world) => {
    const random = seededRandom("world", world);
    const values = Array.from({ length: 80 }, () => (random() < 0.3 ? 1 : 0));
    const { low, high } = bootstrapMean(values, seededRandom("interval", world));
    return low <= 0.3 && 0.3 <= high;
  });
  const hits = covered.filter(Boolean).length;
  expect(hits).toBeGreaterThanOrEqual(88);
  expect(hits).toBeLessThanOrEqual(100);
});

test("equal items leave nothing open, and the same sequence gives the same bounds", () => {
  expect(bootstrapMean([0.5, 0.5, 0.5], seededRandom("a"))).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  const values = [0, 1, 0.5, 1, 0];
  expect(bootstrapMean(values, seededRandom("b"))).toEqual(bootstrapMean(values, seededRandom("b")));
  expect(bootstrapMean(values, seededRandom("b"))).not.toEqual(bootstrapMean([1, ...values], seededRandom("b")));
});
