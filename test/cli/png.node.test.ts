/** Charts as points. */
import { expect, test } from "vitest";
import { chartFiles, drawPngs } from "../../src/cli/png.ts";
import { baselineCharts } from "../../src/report/baseline/charts.ts";
import { comparisonCharts } from "../../src/report/comparison/charts.ts";
import { scored, summary } from "../report/baseline/results.ts";
import { compared, items } from "../report/comparison/comparisons.ts";

const charts = {
  ...baselineCharts(summary([...scored("a", 0, 1), ...scored("b", 1, 1)])),
  ...comparisonCharts(compared([items(8, 0, 1), items(8, 1)], { kindOf: () => "amount" })),
};

/** Of a PNG's header: what it is, its width and height. */
const headOf = (png: Uint8Array | undefined) => {
  const bytes = Buffer.from(png ?? []);
  return {
    signature: bytes.subarray(1, 4).toString("latin1"),
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
  };
};

test("each chart is drawn, with its margin, twice as large as its units", async () => {
  const { files, remark } = await drawPngs(charts);
  expect(remark).toBeNull();
  expect(Object.keys(files)).toEqual(Object.keys(charts));
  expect(headOf(files["scores"])).toEqual({ signature: "PNG", width: 2 * (460 + 24), height: 2 * (280 + 24) });
  expect(headOf(files["quadrants"])).toEqual({ signature: "PNG", width: 2 * (960 + 24), height: 2 * (520 + 24) });
});

test("both kinds of files are there, under the charts' names", async () => {
  const { files } = await chartFiles(comparisonCharts(compared([items(3, 0), items(3, 1)])));
  const names = Object.keys(files);
  expect(names).toContain("quadrants.svg");
  expect(names).toContain("quadrants.png");
  expect(names.filter((name) => name.endsWith(".png"))).toHaveLength(names.length / 2);
});

test("where no font is installed there are no pictures without words, and why is said", async () => {
  const { files, remark } = await drawPngs(charts, { loadSystemFonts: false });
  expect(files).toEqual({});
  expect(remark).toMatch(/no font is installed.*The SVG files hold the same charts/);
});
