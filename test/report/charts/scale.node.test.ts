import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differenceScale, linearScale, logScale, type Scale, spanScale } from "../../../src/report/charts/scale.ts";

const extent = { from: 400, to: 100 };
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
const labels = ({ ticks }: Scale) => ticks.map(({ label }) => label);

describe("a linear axis", () => {
  test("is marked at round numbers up to one at or above the largest value", () => {
    expect(labels(linearScale(333, extent, { marks: 4 }))).toEqual(["0", "100", "200", "300", "400"]);
    expect(labels(linearScale(14.5, extent, { marks: 4 }))).toEqual(["0", "5", "10", "15"]);
    expect(labels(linearScale(0.07, extent, { marks: 4 }))).toEqual(["0", "0.02", "0.04", "0.06", "0.08"]);
    expect(labels(linearScale(400, extent, { marks: 4 }))).toEqual(["0", "100", "200", "300", "400"]);
  });

  test("of counts has no fractions", () => {
    expect(labels(linearScale(2, extent, { marks: 4, whole: true }))).toEqual(["0", "1", "2"]);
    expect(labels(linearScale(0, extent, { marks: 4, whole: true }))).toEqual(["0", "1"]);
  });

  test("ends exactly where time does", () => {
    const { place, ticks } = linearScale(52, { from: 0, to: 520 }, { marks: 6, exact: true });
    expect(place(52)).toBe(520);
    expect(ticks.map(({ at }) => at)).toEqual([0, 100, 200, 300, 400, 500]);
  });

  test("keeps every value within, and the larger one further along", () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, (most, a, b) => {
        const { place, ticks } = linearScale(most, extent, { marks: 4 });
        for (const at of [place(a), place(b), ...ticks.map((tick) => tick.at)]) {
          expect(at).toBeGreaterThanOrEqual(100);
          expect(at).toBeLessThanOrEqual(400);
        }
        expect(Math.sign(place(a) - place(b)) * Math.sign(a - b)).toBeLessThanOrEqual(0);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe("a logarithmic axis", () => {
  test("is marked at 1, 2 and 5 of each power, or at powers where those are many", () => {
    expect(labels(logScale(6.2, 148.9, extent))).toEqual(["5", "10", "20", "50", "100", "200"]);
    expect(labels(logScale(0.4, 30_000, extent))).toEqual(["1", "10", "100", "1,000", "10K"]);
  });

  test("of one value has it inside", () => {
    expect(labels(logScale(10, 10, extent))).toEqual(["10", "20"]);
    expect(labels(logScale(7, 7, extent))).toEqual(["5", "10"]);
  });

  test("keeps every value within, marked at least twice and seldom enough to be read", () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, (least, most, value) => {
        const { place, ticks } = logScale(least, most, extent);
        for (const at of [place(value), ...ticks.map((tick) => tick.at)]) {
          expect(at).toBeGreaterThanOrEqual(100);
          expect(at).toBeLessThanOrEqual(400);
        }
        expect(new Set(ticks.map(({ at }) => at)).size).toBe(ticks.length);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(8);
      }),
    );
  });
});

describe("an axis of differences", () => {
  const { place, ticks } = differenceScale(0.7, { from: 100, to: 300 }, { marks: 4 });

  test("has zero in its middle and signs at its marks, in order", () => {
    expect(place(0)).toBe(200);
    expect(ticks.map(({ label }) => label)).toEqual([
      "-0.8",
      "-0.6",
      "-0.4",
      "-0.2",
      "0",
      "+0.2",
      "+0.4",
      "+0.6",
      "+0.8",
    ]);
    expect(ticks.map(({ at }) => at)).toEqual(ticks.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  test("has what is as far on both sides at the same distance", () => {
    expect(place(-0.4) - 100).toBeCloseTo(300 - place(0.4), 9);
  });
});

describe("an axis of a span", () => {
  test("is between round numbers, and need not begin at 0", () => {
    expect(labels(spanScale(136, 153, extent, { marks: 5 }))).toEqual(["135", "140", "145", "150", "155"]);
    expect(labels(spanScale(-3, 4, extent, { marks: 4 }))).toEqual(["-4", "-2", "0", "2", "4"]);
  });

  test("of one value is around it", () => {
    const { place, ticks } = spanScale(40, 40, { from: 0, to: 100 }, { marks: 4 });
    expect(ticks.length).toBeGreaterThan(1);
    expect(place(40)).toBeGreaterThanOrEqual(0);
  });

  test("keeps every value within", () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, (a, b, value) => {
        const { place, ticks } = spanScale(a, b, extent, { marks: 5 });
        for (const at of [place(value), ...ticks.map((tick) => tick.at)]) {
          expect(at).toBeGreaterThanOrEqual(100 - 1e-6);
          expect(at).toBeLessThanOrEqual(400 + 1e-6);
        }
        expect(ticks.length).toBeLessThan(20);
      }),
    );
  });
});
