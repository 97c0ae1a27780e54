import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Choice, learnWeights } from "../../src/cli/conditional-logit.ts";
import { recall, recallLine } from "../../src/cli/questions.ts";
import { gaussian, seeded } from "../random.ts";

/** Questions whose right alternative is drawn as a conditional logit with these weights would draw it. */
function drawn(weights: readonly number[], count: number): Choice[] {
  const uniform = seeded(11);
  const normal = gaussian(uniform);
  return Array.from({ length: count }, () => {
    const features = Float64Array.from({ length: 6 * weights.length }, normal);
    const powers = Array.from({ length: 6 }, (_, row) =>
      Math.exp(weights.reduce((sum, weight, at) => sum + weight * features[row * weights.length + at]!, 0)),
    );
    let left = uniform() * powers.reduce((sum, power) => sum + power, 0);
    const right = powers.findIndex((power) => (left -= power) < 0);
    return { features, right: Math.max(0, right) };
  });
}

describe("a conditional logit", () => {
  test("finds the weights that its questions were drawn with", () => {
    const weights = [2, -1, 0, 0.5];
    learnWeights(drawn(weights, 5_000), weights.length).forEach((weight, at) =>
      expect(Math.abs(weight - weights[at]!)).toBeLessThan(0.12),
    );
  });

  test("gives a feature that never varies no weight, and shares it between two that say the same", () => {
    const choices = drawn([1.5], 2_000).map(({ features, right }) => ({
      right,
      features: Float64Array.from([...features].flatMap((value) => [value, value, 7])),
    }));
    const [first, second, constant] = learnWeights(choices, 3);
    expect(constant).toBeCloseTo(0, 9);
    expect(first).toBeCloseTo(second!, 6);
    expect(Math.abs(first! + second! - 1.5)).toBeLessThan(0.15);
  });

  test("does not depend on a feature's unit, nor on the order of the questions", () => {
    const choices = drawn([1, -2], 500);
    const scaled = choices.map(({ features, right }) => ({
      right,
      features: features.map((value, at) => (at % 2 === 0 ? value * 1_000 : value)),
    }));
    const [first, second] = learnWeights(choices, 2);
    const [firstScaled, secondScaled] = learnWeights(scaled.toReversed(), 2);
    expect(firstScaled! * 1_000).toBeCloseTo(first!, 6);
    expect(secondScaled).toBeCloseTo(second!, 6);
  });
});

describe("recall", () => {
  test("counts the ranks up to 1, 5 and 10, and averages their reciprocals", () => {
    const found = recall([1, 2, 5, 10, 11, Infinity]);
    expect(found).toMatchObject({ at1: 1 / 6, at5: 3 / 6, at10: 4 / 6 });
    expect(found.meanReciprocalRank).toBeCloseTo((1 + 1 / 2 + 1 / 5 + 1 / 10 + 1 / 11) / 6, 12);
    expect(recallLine(found)).toBe("recall@1 0.167  @5 0.500  @10 0.667  MRR 0.315");
  });

  test("never falls from 1 to 5 to 10", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (ranks) => {
        const { at1, at5, at10, meanReciprocalRank } = recall(ranks);
        expect(at1).toBeLessThanOrEqual(at5);
        expect(at5).toBeLessThanOrEqual(at10);
        expect(meanReciprocalRank).toBeGreaterThanOrEqual(at1);
      }),
    );
  });
});
