/** A baseline as a page, as pictures and in a terminal. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baselineCharts } from "../../../src/report/baseline/charts.ts";
import { baselinePage } from "../../../src/report/baseline/page.ts";
import { baselineText } from "../../../src/report/baseline/text.ts";
import { svgFile } from "../../../src/report/svg-file.ts";
import { elements, HOSTILE, visible } from "../well-formed.ts";
import { anyResults, manifest, rollout, scored, summary } from "./results.ts";

const example = summary(
  [...scored("a", 0, 0, 0), ...scored("b", 0, 1, 0), ...scored("c", 1, null, 1), ...scored("d", 1, 1, 1)],
  { prices: { input: 1, cached: 0.25, output: 4 } },
);

describe("the page", () => {
  const text = visible(baselinePage(example));

  test("says first whether the model is ready, and why not", () => {
    expect(text).toMatch(/Not yet: \d things? to do first/);
    expect(text.indexOf("Not yet")).toBeLessThan(text.indexOf("Mean score"));
  });

  test("has every figure with its interval, and what was left out", () => {
    expect(text).toContain("Mean score 0.583");
    expect(text).toMatch(/95 %: 0\.\d{3} to /);
    expect(text).toContain("search had no answer after all tries 1");
    expect(text).toContain("1 always 0, 2 always 1");
  });

  test("has the variance plot and seven more charts, each with what stands behind it", () => {
    const charts = elements(baselinePage(example)).filter(({ name }) => name === "svg");
    const labels = charts.map(({ attributes }) => attributes["aria-label"] ?? "");
    expect(labels).toHaveLength(8);
    for (const label of labels) expect(label).toContain("11 rollouts; left out: 1 faulted");
    expect(labels[0]).toContain("1 items always 0, 2 always 1, 1 in between");
  });

  test("asks for nothing from outside", () => {
    expect(baselinePage(example)).not.toMatch(/(?:src|href)="(?!data:)|<script|url\(/);
  });
});

describe("pictures", () => {
  test.each(Object.entries(baselineCharts(example)))("%s stands alone", (_, chart) => {
    const file = svgFile(chart);
    expect(file).toMatch(/^<\?xml[^>]*>\n<svg [^>]*><style>/);
    const [root, style] = elements(file.replace(/^<\?xml[^>]*>/, ""));
    expect([root?.name, style?.name]).toEqual(["svg", "style"]);
    for (const [variable = ""] of file.matchAll(/var\(--\w+/g)) expect(file).toContain(`${variable.slice(4)}:`);
  });
});

describe("the summary in a terminal", () => {
  const lines = baselineText(example, { width: 80 }).split("\n");

  test("fits, is plain, and ends with the verdict and its limits", () => {
    expect(lines.every((line) => /^[ -~]{0,80}$/.test(line))).toBe(true);
    expect(lines.some((line) => /^NOT YET: \d THINGS TO DO FIRST$/.test(line))).toBe(true);
    expect(lines.at(-1)).toMatch(/tries them again/);
  });

  test("has scores with intervals, shares and the cost", () => {
    expect(lines).toContainEqual(expect.stringMatching(/^mean score +0\.583 +0\.\d+ to \d\.\d+ +4$/));
    expect(lines).toContainEqual(expect.stringMatching(/^best of 3 +0\.667 .* 3$/));
    expect(lines.join(" ").replaceAll(/ +/g, " ")).toMatch(/cost of all 0\.01 at the prices given/);
  });
});

test("an epoch has its rollouts by compute multiplier, and a price where tokens have one", () => {
  const [first] = example.forecast?.multipliers ?? [];
  const price = ((first?.epoch_rollouts ?? 0) * (example.tokens?.cost_per_rollout ?? 0)).toFixed(2);
  expect(Number(price)).toBeGreaterThan(0);
  const text = baselineText(example, { width: 200 });
  expect(text).toContain(`x1 ${first?.epoch_rollouts} rollouts, ${price} for tokens; x2`);
  expect(visible(baselinePage(example))).toContain("Price of its tokens");
  const unpriced = summary([...scored("a", 0, 1), ...scored("b", 1, 1)]);
  expect(baselineText(unpriced, { width: 200 })).toMatch(/^epoch +x1 \d+ rollouts; x2 \d+ rollouts; x4/m);
  expect(visible(baselinePage(unpriced))).not.toContain("Price of its tokens");
});

test("nothing graded is said so everywhere", () => {
  const none = summary(scored("a", null, null, null));
  expect(baselineText(none, { width: 80 })).toContain("No rollout was graded, so there is no score.");
  expect(visible(baselinePage(none))).toContain("nothing to show");
});

test("of a stand-in there are no tokens", () => {
  const none = summary([rollout("a", 1, { tokens: null })]);
  expect(Object.keys(baselineCharts(none))).not.toContain("tokens");
  expect(visible(baselinePage(none))).not.toContain("Output tokens");
});

test("hostile texts stay texts", () => {
  const tags = (text: string) => {
    const named = manifest({ name: text, command: [text], dataset: { files: [text], sha256: text, items: 1 } });
    const one = rollout(text, 1, { failure: text, ending: "faulted", score: null });
    const two = rollout(text, 2, { turns: [{ calls: [{ ...callOf(text) }] }] });
    return elements(baselinePage(summary([one, two], { manifest: named, stopped: text }))).map(({ name }) => name);
  };
  for (const text of HOSTILE) expect(tags(text)).toEqual(tags("harmless"));
});

const callOf = (tool: string) => ({
  call_id: "call_1",
  tool,
  arguments: "",
  status: 200,
  output: "",
  outcome: null,
  mistake: null,
  milliseconds: 1,
  faults: 0,
});

test("any results make a well-formed page and a plain summary", () => {
  fc.assert(
    fc.property(anyResults(fc.oneof(fc.string(), fc.constantFrom(...HOSTILE))), (results) => {
      const found = summary(results);
      expect(() => elements(baselinePage(found))).not.toThrow();
      expect(visible(baselinePage(found))).not.toMatch(/NaN|Infinity|undefined/);
      const lines = baselineText(found, { width: 70 }).split("\n");
      expect(lines.filter((line) => !/^[ -~]{0,70}$/.test(line))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});
