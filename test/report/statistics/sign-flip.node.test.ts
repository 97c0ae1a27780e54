import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/environments/random.ts";
import { detectableDifference, signFlipTest } from "../../../src/report/statistics/sign-flip.ts";
import { gaussian } from "../../random.ts";

const random = () => seededRandom("signs");

describe("the sign-flip test", () => {
  test("of Darwin's maize, as Fisher has it: 863 of 32,768 choices of signs on each side", () => {
    // The Design of Experiments, section 21: differences in eighths of an inch.
    const eighths = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signFlipTest(eighths, random())).toEqual({
      p: (2 * 863) / 32_768,
      method: "exact",
      resolution: 2 / 32_768,
    });
  });

  test.each([
    ["three of one sign", [1, 2, 3], 2 / 8],
    ["the second rarest of four", [-1, 2, 3, 4], 4 / 16],
    ["of which all are as far", [1, -1], 1],
    ["of one item, which shows nothing", [5], 1],
    ["with items that do not differ, which have no sign", [0, 1, 0, 2, 3, 0], 2 / 8],
    ["of thirds, whose sums are not exact", [1 / 3, 1 / 3, 1 / 3, -1 / 3, 2 / 3, 1], 10 / 64],
  ])("%s", (_, differences, p) => {
    expect(signFlipTest(differences, random()).p).toBeCloseTo(p, 12);
  });

  test("of two sides that are alike is certain of nothing", () => {
    expect(signFlipTest([0, 0, 0], random())).toEqual({ p: 1, method: "exact", resolution: 1 });
    expect(signFlipTest([], random())).toEqual({ p: 1, method: "exact", resolution: 1 });
  });

  test("drawn, is what the normal approximation says, and never 0", () => {
    const normal = gaussian(seededRandom("differences"));
    const values = Array.from({ length: 400 }, () => 0.1 + normal());
    const z = values.reduce((sum, value) => sum + value, 0) / Math.hypot(...values);
    const found = signFlipTest(values, random());
    expect(found.method).toBe("monte_carlo");
    expect(found.p).toBeCloseTo(twoSided(z), 2);
    const certain = signFlipTest(
      Array.from({ length: 50 }, () => 1),
      random(),
    );
    expect(certain).toEqual({ p: 1 / 20_000, method: "monte_carlo", resolution: 1 / 20_000 });
  });

  test("drawn and exact say the same of the same differences", () => {
    const normal = gaussian(seededRandom("both"));
    const sixteen = Array.from({ length: 16 }, () => 0.4 + normal());
    const exact = signFlipTest(sixteen, random());
    // A seventeenth that is next to nothing changes the method and nothing else.
    const drawn = signFlipTest([...sixteen, 1e-12], random());
    expect([exact.method, drawn.method]).toEqual(["exact", "monte_carlo"]);
    expect(Math.abs(drawn.p - exact.p)).toBeLessThan(0.01);
  });

  test("where nothing differs but by chance, finds a difference in about 5 of 100", () => {
    const worlds = Array.from({ length: 400 }, (_, world) => {
      const draw = seededRandom("null", world);
      const score = () => Math.floor(draw() * 4) / 3;
      const differences = Array.from({ length: 12 }, () => score() - score());
      return signFlipTest(differences, random()).p <= 0.05;
    });
    const found = worlds.filter(Boolean).length / 400;
    expect(found).toBeGreaterThan(0.015);
    expect(found).toBeLessThan(0.08);
  });

  test("has a p from its resolution to 1, whatever the differences, and the same when all change sides", () => {
    const difference = fc.oneof(fc.constantFrom(0, 1 / 3, -1 / 3, 1), fc.double({ min: -1e9, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(fc.array(difference, { maxLength: 16 }), (differences) => {
        const { p, resolution } = signFlipTest(differences, random());
        expect(p).toBeLessThanOrEqual(1);
        expect(p).toBeGreaterThanOrEqual(resolution);
        const mirrored = signFlipTest(
          differences.map((value) => -value),
          random(),
        );
        expect(mirrored.p).toBeCloseTo(p, 12);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the smallest difference that could be shown", () => {
  test("is shown in about four of five worlds where it is true", () => {
    const smallest = (2.8 * 1) / Math.sqrt(49);
    const worlds = Array.from({ length: 100 }, (_, world) => {
      const normal = gaussian(seededRandom("power", world));
      const differences = Array.from({ length: 50 }, () => smallest + normal());
      return { seen: signFlipTest(differences, random()).p < 0.05, said: detectableDifference(differences) ?? 0 };
    });
    expect(worlds.filter(({ seen }) => seen).length).toBeGreaterThan(68);
    expect(worlds.filter(({ seen }) => seen).length).toBeLessThan(92);
    const said = worlds.reduce((sum, one) => sum + one.said, 0) / 100;
    expect(said).toBeCloseTo(smallest, 1);
  });

  test("is not known of a few items, nor of items that all differ alike", () => {
    expect(detectableDifference([1, 0, 1, 0, 1])).toBeNull();
    expect(detectableDifference([1, 1, 1, 1, 1, 1, 1])).toBeNull();
    expect(detectableDifference([])).toBeNull();
  });
});

/** By the complementary error function (Abramowitz and Stegun, 7.1.26). */
function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return series.reduce((sum, factor) => (sum + factor) * t, 0) * Math.exp(-x * x);
}
