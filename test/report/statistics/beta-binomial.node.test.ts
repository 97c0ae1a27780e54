import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/environments/random.ts";
import { mixedProbability, mixedShare, posterior, type Trials } from "../../../src/report/statistics/beta-binomial.ts";

const items = (...groups: [count: number, successes: number, attempts: number][]): Trials[] =>
  groups.flatMap(([count, successes, attempts]) => Array.from({ length: count }, () => ({ successes, attempts })));

describe("one item", () => {
  test.each<[string, { a: number; b: number }, Trials, number, number]>([
    // Uniform: E[p^2] = E[(1 - p)^2] = 1/3.
    ["nothing seen, uniform, two attempts", { a: 1, b: 1 }, { attempts: 0, successes: 0 }, 2, 1 / 3],
    // Beta(1, 4): E[p^2] = 1·2 / (5·6), E[(1 - p)^2] = 4·5 / (5·6).
    ["three failures, uniform, two attempts", { a: 1, b: 1 }, { attempts: 3, successes: 0 }, 2, 1 - 2 / 30 - 20 / 30],
    // Beta(2, 2) after one success of two: E[p^3] = 2·3·4 / (4·5·6), the same for failures.
    ["one of two, uniform, three attempts", { a: 1, b: 1 }, { attempts: 2, successes: 1 }, 3, 1 - 2 * (24 / 120)],
    ["one attempt is never mixed", { a: 3, b: 0.2 }, { attempts: 5, successes: 2 }, 1, 0],
  ])("%s", (_, beta, trials, copies, expected) => {
    expect(mixedProbability(beta, trials, copies)).toBeCloseTo(expected, 12);
  });

  test("is a probability, and more copies make it no smaller", () => {
    const rate = fc.double({ min: 0.02, max: 100, noNaN: true });
    const beta = fc.record({ a: rate, b: rate });
    const trials = fc.tuple(fc.nat(5), fc.nat(5)).map(([successes, failures]) => ({
      successes,
      attempts: successes + failures,
    }));
    fc.assert(
      fc.property(beta, trials, fc.integer({ min: 2, max: 200 }), (spread, seen, copies) => {
        const few = mixedProbability(spread, seen, copies);
        const more = mixedProbability(spread, seen, copies * 2);
        expect(few).toBeGreaterThanOrEqual(0);
        expect(more).toBeLessThanOrEqual(1);
        expect(more).toBeGreaterThanOrEqual(few - 1e-12);
      }),
    );
  });
});

describe("the share of groups that would teach", () => {
  /** Items whose rates are drawn, three attempts at each, and what groups of 32 then really show. */
  function world(rate: (random: () => number) => number, count = 300) {
    const random = seededRandom("world", rate.toString());
    const rates = Array.from({ length: count }, () => rate(random));
    const successes = (p: number, attempts: number) =>
      Array.from({ length: attempts }, () => random() < p).filter(Boolean).length;
    const trials = rates.map((p) => ({ attempts: 3, successes: successes(p, 3) }));
    const truth = rates.reduce((sum, p) => sum + 1 - p ** 32 - (1 - p) ** 32, 0) / count;
    return { truth, forecast: mixedShare(trials, posterior(trials), 32) };
  }

  test.each<[string, (random: () => number) => number]>([
    ["all rates alike", () => 0.4],
    ["rates all over", (random) => random()],
    // Most never or always, a few between: what the seed's demo had.
    [
      "most items decided",
      (random) => {
        const draw = random();
        return draw < 0.45 ? 0 : draw < 0.8 ? 1 : random();
      },
    ],
  ])("is forecast where it really is: %s", (_, rate) => {
    const { truth, forecast } = world(rate);
    expect(Math.abs(forecast.value - truth)).toBeLessThan(0.12);
    expect(forecast.low).toBeLessThanOrEqual(forecast.value);
    expect(forecast.high).toBeGreaterThanOrEqual(forecast.value);
  });

  test("grows with the compute multiplier", () => {
    const trials = items([40, 0, 3], [10, 1, 3], [10, 2, 3], [40, 3, 3]);
    const spread = posterior(trials);
    const values = [32, 64, 128].map((copies) => mixedShare(trials, spread, copies).value);
    expect(values.toSorted((a, b) => a - b)).toEqual(values);
    expect(values[0]).toBeGreaterThan(0.2);
    expect(values[2]).toBeLessThan(0.9);
  });

  test("is small, and not certain, where all items failed", () => {
    const few = items([5, 0, 3]);
    const many = items([200, 0, 3]);
    const [unsure, sure] = [few, many].map((trials) => mixedShare(trials, posterior(trials), 32));
    expect(sure?.value).toBeLessThan(0.02);
    expect(unsure?.high).toBeGreaterThan(sure?.high ?? 1);
    expect(unsure?.high).toBeGreaterThan(0.1);
  });

  test("does not depend on which outcome is called success", () => {
    const seen = items([7, 0, 3], [3, 1, 3], [2, 2, 3], [1, 3, 3]);
    const turned = seen.map(({ attempts, successes }) => ({ attempts, successes: attempts - successes }));
    expect(mixedShare(seen, posterior(seen), 16).value).toBeCloseTo(mixedShare(turned, posterior(turned), 16).value, 9);
  });

  test("the posterior is one", () => {
    const sum = posterior(items([3, 1, 3])).reduce((total, { weight }) => total + weight, 0);
    expect(sum).toBeCloseTo(1, 9);
  });
});
