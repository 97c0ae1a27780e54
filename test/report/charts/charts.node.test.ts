import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { barChart } from "../../../src/report/charts/bars.ts";
import { groupChart } from "../../../src/report/charts/groups.ts";
import { lineChart } from "../../../src/report/charts/lines.ts";
import { quadrantChart } from "../../../src/report/charts/quadrants.ts";
import { rangeChart } from "../../../src/report/charts/ranges.ts";
import { scatterChart } from "../../../src/report/charts/scatter.ts";
import { seriesChart } from "../../../src/report/charts/series.ts";
import { varianceChart } from "../../../src/report/charts/variance.ts";
import { elements, HOSTILE, visible } from "../well-formed.ts";

const COUNTS = [
  [11, 12, 13],
  [14, 15, 16],
  [17, 18, 19],
];

const texts = (text = "") => ({
  title: `Title${text}`,
  basis: `500 rollouts${text}`,
  x: `seconds${text}`,
  y: `ms${text}`,
  summary: `At most 7${text}`,
});

/** Each kind of chart of the same values, with a text in every place that takes one. */
const kinds = {
  line: (values: readonly number[], text = "") =>
    lineChart({
      caption: texts(text),
      positions: values.map((_, at) => at),
      end: values.length,
      lines: [
        { name: `a${text}`, tone: "first", values },
        { name: `b${text}`, tone: "second", values: values.map((value, at) => (at % 3 === 1 ? null : value)) },
      ],
      whole: false,
      hover: values.map((value) => `${value} ms${text}`),
    }).toString(),
  bar: (values: readonly number[], text = "") =>
    barChart({
      caption: texts(text),
      parts: [
        { name: `a${text}`, tone: "first" },
        { name: `b${text}`, tone: "bad" },
      ],
      bars: values.map((value, at) => ({
        label: `${at}${text}`,
        values: [value, value / 2],
        hover: `${value} ms${text}`,
      })),
      whole: false,
    }).toString(),
  range: (values: readonly number[], text = "") =>
    rangeChart({
      caption: texts(text),
      marks: ["p50", `p99${text}`],
      rows: values.map((value, at) => ({
        label: `${at}${text}`,
        values: [value, value * 3],
        hover: `${value} ms${text}`,
      })),
    }).toString(),
  groups: (values: readonly number[], text = "") =>
    groupChart({
      caption: texts(text),
      names: [`a${text}`, `b${text}`],
      groups: values.map((value, at) => ({
        label: `${at}${text}`,
        bars: [value, value / 2].map((one) => ({ value: one, low: one / 2, high: one * 2, hover: `${one} ms${text}` })),
      })),
    }).toString(),
  scatter: (values: readonly number[], text = "") =>
    scatterChart({
      caption: texts(text),
      points: values.map((value) => {
        const estimate = { value, low: value - 1, high: value + 1 };
        return { name: `a${text}`, x: estimate, y: estimate, hover: `${value} ms${text}` };
      }),
    }).toString(),
  quadrants: (values: readonly number[], text = "") =>
    quadrantChart({
      caption: texts(text),
      items: values.map((value, at) => ({ x: value, y: at - 1, name: `${value} ms${text}` })),
      counts: COUNTS.map((row) => row.map((items) => ({ items, words: `words${text}` }))),
    }).toString(),
  series: (values: readonly number[], text = "") =>
    seriesChart({
      caption: texts(text),
      end: values.length,
      lines: [
        {
          name: `a${text}`,
          tone: "first",
          points: values.map((value, at) => ({ at, value, hover: `${value} ms${text}` })),
        },
        {
          name: `b${text}`,
          tone: "third",
          points: values.slice(1).map((value, at) => ({ at, value, hover: "" })),
          marked: true,
        },
      ],
      moments: values.map((_, at) => ({ at, label: `step ${at}${text}`, isBad: true })),
      fromZero: values.length % 2 === 0,
      narrowest: 0.1,
    }).toString(),
  variance: (values: readonly number[], text = "") =>
    varianceChart({
      caption: texts(text),
      items: values.map((value) => ({ mean: value, sigma: value / 3, best: value * 2, hover: `${value} ms${text}` })),
      best: `best${text}`,
    }).toString(),
};

/** The numbers by which a chart is drawn. */
function coordinates(chart: string): number[] {
  const drawn = elements(chart).flatMap(({ attributes: { x, y, width, height, cx, cy, d } }) => [
    x,
    y,
    width,
    height,
    cx,
    cy,
    d,
  ]);
  return drawn.flatMap((value) => (value ?? "").match(/-?\d[\d.e+-]*/g) ?? []).map(Number);
}

describe.each(Object.entries(kinds))("a %s chart", (_, chart) => {
  test("says what it shows, of how many, in which units, to everyone", () => {
    const svg = chart([3, 1, 4]);
    const [root] = elements(svg);
    expect(root).toMatchObject({
      name: "svg",
      attributes: { role: "img", "aria-label": "Title. 500 rollouts. At most 7" },
    });
    for (const text of ["Title", "500 rollouts", "seconds", "ms"]) expect(visible(svg)).toContain(text);
  });

  test("has a value on hover for each of its values", () => {
    for (const value of [3, 1, 4]) expect(chart([3, 1, 4])).toContain(`<title>${value} ms</title>`);
  });

  test("of nothing says so and marks nothing on its axes", () => {
    expect(visible(chart([]))).toContain("nothing to show");
    expect(visible(chart([3]))).not.toContain("nothing to show");
    expect(chart([])).not.toContain('class="tick end"');
  });

  test("of any values is well-formed and within its frame", () => {
    const anyValues = fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(500)), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(anyValues, (values) => {
        const drawn = chart(values);
        const [, width = ""] = /viewBox="0 0 (\d+) /.exec(drawn) ?? [];
        const isWithin = (number: number) => Number.isFinite(number) && number >= -30 && number <= Number(width) + 20;
        expect(coordinates(drawn).every(isWithin)).toBe(true);
      }),
    );
  });

  test("shows hostile texts as texts", () => {
    const tags = (svg: string) => elements(svg).map(({ name }) => name);
    for (const text of HOSTILE) expect(tags(chart([3, 1], text))).toEqual(tags(chart([3, 1], " harmless text")));
  });

  test("takes its colours from the page", () => {
    expect(chart([3, 1, 4])).not.toMatch(/#[0-9a-f]{3,6}\b|rgb|\b(?:fill|stroke)=/i);
  });
});

test("a line stays open where there is no value", () => {
  const chart = lineChart({
    caption: texts(),
    positions: [0, 1, 2, 3, 4],
    end: 5,
    lines: [{ name: "a", tone: "first", values: [1, 2, null, 3, 4] }],
    whole: false,
    hover: ["", "", "", "", ""],
  }).toString();
  expect(elements(chart).filter(({ attributes }) => attributes["class"] === "line first")).toHaveLength(2);
});

test("a value without neighbours is a point", () => {
  expect(elements(kinds.line([3])).filter(({ attributes }) => attributes["class"]?.includes("still"))).toHaveLength(2);
});

test("lines differ in their dashes, marks in their shapes", () => {
  const dashes = elements(kinds.line([1, 2, 3, 4, 5, 6, 7])).map(({ attributes }) => attributes["stroke-dasharray"]);
  expect(new Set(dashes.filter((dash) => dash !== undefined))).toEqual(new Set(["none", "7 4"]));
  const points = elements(kinds.range([3])).filter(({ attributes }) => attributes["class"]?.startsWith("fill"));
  expect(new Set(points.map(({ name }) => name))).toEqual(new Set(["circle", "path"]));
});

describe("the variance plot", () => {
  const classesOf = (item: { mean: number; sigma: number; best: number }) =>
    elements(varianceChart({ caption: texts(), items: [{ ...item, hover: "" }], best: "best of 3" }).toString()).map(
      ({ attributes }) => attributes["class"],
    );

  test("has a bar, a line and a cross for an item that varies, and no line for one that does not", () => {
    expect(classesOf({ mean: 0.5, sigma: 0.4, best: 1 })).toEqual(
      expect.arrayContaining(["area first", "whisker", "line bad"]),
    );
    expect(classesOf({ mean: 0.5, sigma: 0, best: 0.5 })).not.toContain("whisker");
  });

  test("places means, deviations and the best by the same axis", () => {
    const item = { mean: 0.25, sigma: 0.25, best: 0.5, hover: "" };
    const chart = elements(varianceChart({ caption: texts(), items: [item], best: "best" }).toString());
    const whisker = chart.find(({ attributes }) => attributes["class"] === "whisker")?.attributes["d"] ?? "";
    const [, low = "", high = ""] = /M[\d.]+ ([\d.]+)V([\d.]+)/.exec(whisker) ?? [];
    const bar = chart.find(({ attributes }) => attributes["class"] === "area first")?.attributes ?? {};
    // From zero, where the bar ends, to twice the mean; the mean is half-way.
    expect(Number(low)).toBeCloseTo(Number(bar["y"]) + Number(bar["height"]), 1);
    expect(Number(bar["y"])).toBeCloseTo((Number(low) + Number(high)) / 2, 1);
  });
});

describe("the quadrant plot", () => {
  const plot = (...items: [x: number, y: number][]) =>
    quadrantChart({
      caption: texts(),
      items: items.map(([x, y], at) => ({ x, y, name: `item ${at}` })),
      counts: COUNTS.map((row) => row.map((count) => ({ items: count, words: "words" }))),
    }).toString();
  const dots = (chart: string) => elements(chart).filter(({ attributes }) => attributes["class"]?.includes("dot"));

  test("places better above and fewer to the left, nothing in the middle", () => {
    const [better, worse, same] = dots(plot([-2, 0.5], [2, -0.5], [0, 0])).map(({ attributes: { cx, cy } }) => ({
      x: Number(cx),
      y: Number(cy),
    }));
    expect(better?.x).toBeLessThan(same?.x ?? 0);
    expect(better?.y).toBeLessThan(same?.y ?? 0);
    expect(worse?.x).toBeCloseTo(2 * (same?.x ?? 0) - (better?.x ?? 0), 1);
    expect(worse?.y).toBeCloseTo(2 * (same?.y ?? 0) - (better?.y ?? 0), 1);
  });

  test("has one mark for the items at one place, larger and with their names", () => {
    const chart = plot([1, 1], ...Array.from({ length: 7 }, (): [number, number] => [-1, 1]));
    const [many, one] = dots(chart).map(({ attributes }) => Number(attributes["r"]));
    expect(many).toBeGreaterThan(one ?? 0);
    expect(visible(chart)).toContain("item 1, item 2, item 3, item 4, item 5, and 2 more");
  });

  test("has the count of each quadrant and each axis, and that of the middle in its words alone", () => {
    const text = visible(plot([1, 1]));
    for (const count of [11, 12, 13, 14, 16, 17, 18, 19]) expect(text).toContain(`${count} words`);
    expect(text).not.toContain("15 words");
  });
});

test("a moment's label stands inside of its chart, and none over another", () => {
  const moments = [0, 1, 50, 99.9, 100].map((at) => ({ at, label: `step ${at}` }));
  const lines = [{ name: "a", tone: "first" as const, points: [{ at: 1, value: 1, hover: "" }] }];
  const chart = seriesChart({ caption: texts(), end: 100, lines, moments, fromZero: true }).toString();
  const labels = [...chart.matchAll(/<text class="tick( end)?" x="([\d.]+)" y="[\d.]+">step ([\d.]+)</g)];
  expect(labels.map(([, end, , at]) => [at, end !== undefined])).toEqual([
    ["0", false],
    ["50", false],
    ["99.9", true],
  ]);
  expect(labels.every(([, , x]) => Number(x) < 960)).toBe(true);
  expect(elements(chart).filter(({ attributes }) => attributes["class"] === "moment")).toHaveLength(5);
});

test("what matters has its label before others, above what is drawn", () => {
  const points = [{ at: 1, value: 1, hover: "" }];
  const labelsOf = (changes: object) => {
    const moments = [90, 95, 100].map((at) => ({ at, label: `step ${at}`, ...(at === 95 && changes) }));
    const lines = [{ name: "a", tone: "first" as const, points }];
    const chart = seriesChart({ caption: texts(), end: 100, lines, moments, fromZero: true }).toString();
    const top = Number(/class="moment[^"]*" d="M[\d.]+ ([\d.]+)V/.exec(chart)?.[1]);
    return [...chart.matchAll(/y="([\d.]+)">(step \d+)</g)].map(([, y, label]) => [label, Number(y) < top]);
  };
  expect(labelsOf({})).toEqual([["step 90", true]]);
  expect(labelsOf({ matters: true })).toEqual([["step 95", true]]);
  expect(labelsOf({ isBad: true })).toEqual([["step 95", true]]);
});

test("a legend of long names stays within its chart", () => {
  const lines = Array.from({ length: 6 }, (_, at) => ({
    name: `${at} a tool with a long name, seconds`,
    tone: "first" as const,
    points: [{ at, value: 1, hover: "" }],
  }));
  const chart = seriesChart({ caption: texts(), end: 9, lines, moments: [], fromZero: true }).toString();
  const names = [...chart.matchAll(/x="([\d.]+)" y="60">([^<]+)</g)];
  expect(names).toHaveLength(6);
  expect(names.filter(([, x, name = ""]) => Number(x) + name.length * 8 > 960)).toEqual([]);
});

test("many bars keep their labels apart, at equal steps", () => {
  const ticks = [
    ...kinds
      .bar(Array.from({ length: 40 }, (_, at) => at))
      .matchAll(/class="tick middle" x="([\d.]+)" y="[\d.]+">(\d+)</g),
  ];
  const below = ticks.map(([, x, label]) => ({ x: Number(x), label: Number(label) }));
  const steps = below.slice(1).map(({ label }, at) => label - (below[at]?.label ?? 0));
  expect(new Set(steps).size).toBe(1);
  expect(Math.min(...below.slice(1).map(({ x }, at) => x - (below[at]?.x ?? 0)))).toBeGreaterThan(24);
});
