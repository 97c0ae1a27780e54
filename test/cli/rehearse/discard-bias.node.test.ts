import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/environments/random.ts";
import { discardBias, upperTail } from "../../../src/cli/rehearse/discard-bias.ts";

/** P(X ≥ hits) of a binomial distribution with the chance part / whole, in whole numbers until the last division. */
function exactTail(hits: number, trials: number, part: number, whole: number): number {
  const [n, p, q] = [BigInt(trials), BigInt(part), BigInt(whole - part)];
  let [ways, sum] = [1n, 0n];
  for (let k = 0n; k <= n; k++) {
    if (k >= BigInt(hits)) sum += ways * p ** k * q ** (n - k);
    ways = (ways * (n - k)) / (k + 1n);
  }
  // As many binary places as a small quotient needs to keep its digits.
  const places = 900n;
  return Number((sum << places) / BigInt(whole) ** n) / 2 ** Number(places);
}

describe("the upper tail", () => {
  test("is that of exact arithmetic", () => {
    const any = fc
      .record({ trials: fc.integer({ min: 0, max: 120 }), whole: fc.integer({ min: 1, max: 100 }) })
      .chain(({ trials, whole }) =>
        fc.record({
          trials: fc.constant(trials),
          whole: fc.constant(whole),
          hits: fc.integer({ min: 0, max: trials }),
          part: fc.integer({ min: 0, max: whole }),
        }),
      );
    fc.assert(
      fc.property(any, ({ hits, trials, part, whole }) => {
        const exact = exactTail(hits, trials, part, whole);
        expect(Math.abs(upperTail(hits, trials, part / whole) - exact)).toBeLessThanOrEqual(exact * 1e-9 + 1e-200);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    [0, 10, 0.3, 1],
    [1, 1, 0.3, 0.3],
    [2, 2, 0.1, 0.01],
    [1, 2, 0.5, 0.75],
    [8, 8, 0.1, 1e-8],
    [3, 5, 0, 0],
    [5, 5, 1, 1],
    [0, 0, 0.5, 1],
  ])("of %d or more among %d with the chance %d is %d", (hits, trials, chance, tail) => {
    expect(upperTail(hits, trials, chance)).toBeCloseTo(tail, 12);
  });

  test("of very many trials is neither lost nor above 1", () => {
    expect(upperTail(1_000, 100_000, 0.01)).toBeCloseTo(0.5, 1);
    expect(upperTail(1_400, 100_000, 0.01)).toBeGreaterThan(0);
    expect(upperTail(1_400, 100_000, 0.01)).toBeLessThan(1e-20);
  });
});

/** Rollouts of 30 items, each discarded by chance; `chances` says which items have a chance of their own. */
function rollouts(seed: number, share: number, chances: Record<string, number> = {}, copies = 16) {
  const random = seededRandom("bias", seed);
  return Array.from({ length: 30 * copies }, (_, n) => {
    const item = `item-${Math.floor(n / copies)}`;
    return { item, discarded: random() < (chances[item] ?? share) };
  });
}
const SEEDS = Array.from({ length: 500 }, (_, seed) => seed);
const found = (seed: number, share: number, chances = {}) =>
  discardBias(rollouts(seed, share, chances)).items.map(({ item }) => item);

describe("discards", () => {
  test.each([0.01, 0.05, 0.2, 0.5])(
    "without a bias, a share of %d of all, give one false alarm in a hundred at most",
    (share) => {
      const alarms = SEEDS.filter((seed) => found(seed, share).length > 0).length;
      // One in a hundred is promised; with chance there may be some more in 500.
      expect(alarms).toBeLessThanOrEqual(10);
    },
  );

  test("of one item, which is discarded in more than half of its rollouts, are found", () => {
    const right = SEEDS.filter((seed) => found(seed, 0.03, { "item-7": 0.6 }).join() === "item-7").length;
    expect(right).toBeGreaterThan(475);
  });

  test("of several such items are found all together", () => {
    const biased = { "item-3": 0.8, "item-7": 0.8, "item-20": 0.8 };
    const right = SEEDS.filter(
      (seed) => found(seed, 0.02, biased).toSorted().join() === "item-20,item-3,item-7",
    ).length;
    expect(right).toBeGreaterThan(450);
  });

  test("of all rollouts alike are no bias, and neither are none", () => {
    const all = rollouts(1, 1);
    expect(discardBias(all)).toEqual({ share: 1, items_tested: 30, items: [] });
    expect(discardBias(rollouts(1, 0))).toEqual({ share: 0, items_tested: 30, items: [] });
    expect(discardBias([])).toEqual({ share: 0, items_tested: 0, items: [] });
  });

  test("of one rollout an item are too few to say anything", () => {
    expect(discardBias(rollouts(1, 0, { "item-7": 1 }, 1)).items).toEqual([]);
  });

  test("are told with their numbers, the least likely first", () => {
    const { share, items } = discardBias(rollouts(1, 0, { "item-3": 1, "item-7": 0.8 }));
    expect(items.map(({ item }) => item)).toEqual(["item-3", "item-7"]);
    expect(items[0]).toMatchObject({ rollouts: 16, discarded: 16, p_value: upperTail(16, 16, share) });
  });
});
