/** A comparison as a page, as pictures and in a terminal. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import type { RolloutResult } from "../../../src/contract/results.ts";
import { attemptOf } from "../../../src/report/comparison/attempt.ts";
import { comparisonCharts } from "../../../src/report/comparison/charts.ts";
import { comparisonPage } from "../../../src/report/comparison/page.ts";
import { comparisonText } from "../../../src/report/comparison/text.ts";
import { plainSvg } from "../../../src/report/svg-file.ts";
import { anyResults, call, manifest, rollout, scored } from "../baseline/results.ts";
import { elements, HOSTILE, visible } from "../well-formed.ts";
import { compared, items } from "./comparisons.ts";

const better = compared([items(40, 0), items(40, 0, 1)], { kindOf: () => "amount" });
const unclear = compared([items(12, 0, 1), items(12, 0, 1, 1)]);

describe("the page", () => {
  test("says first what came of the score, with interval and p", () => {
    const text = visible(comparisonPage(better, []));
    expect(text).toMatch(
      /b scores better than a Mean score 0\.000 before, 0\.500 after: \+0\.500 \(95 % interval \+0\.3\d+ to/,
    );
    expect(text).toContain("p < 0.001");
  });

  test("says plainly what cannot be told from chance, and from which size it could", () => {
    const text = visible(comparisonPage(unclear, []));
    expect(text).toContain("b and a cannot be told apart by their scores");
    expect(text).toContain("not distinguishable from chance");
    expect(text).toMatch(/A true one of 0\.\d{3} would have been seen in four of five/);
  });

  test("says which test was made, and of which families it is corrected", () => {
    const text = visible(comparisonPage(better, []));
    expect(text).toContain("two-sided sign-flip test, paired by item; exact where at most 16 items differ");
    expect(text).toContain("never below 0.00005");
    expect(text).toMatch(
      /family of tests: the score \(1 test\), all other figures \(1 test\), the kinds of questions \(1 test\)/,
    );
  });

  test("has a plot of quadrants for each pair, and every chart says what stands behind it", () => {
    const three = compared([items(8, 0, 1), items(8, 1), items(8, 0)]);
    const charts = elements(comparisonPage(three, [])).filter(({ name }) => name === "svg");
    const said = charts.map(({ attributes }) => attributes["aria-label"] ?? "");
    expect(said.filter((label) => label.includes("4 better, as many calls"))).toHaveLength(1);
    expect(said.filter((label) => label.includes("4 worse, as many calls"))).toHaveLength(1);
    for (const label of said) expect(label).toContain("8 common items");
  });

  test("shows both traces of an item side by side, shortened", () => {
    const long = "x".repeat(5_000);
    const traced = (score: number, said: Partial<RolloutResult> = {}) => rollout("item 0", 1, { score, ...said });
    const after = traced(0, {
      answer: "9",
      turns: [
        {
          calls: [
            call("search", { output: long, arguments: '{"query":"loss"}' }),
            call("cat", { outcome: "mistake", mistake: "no_page" }),
          ],
        },
      ],
      grade: { value: "9", explanation: "Not the reference.", sub_scores: {}, evidence: null },
    });
    const change = {
      item: "item 0",
      kind: "amount",
      scores: [[1], [0]] as [number[], number[]],
      score: -1,
      calls: 0,
      attempts: [1, 1] as [number, number],
    };
    const found = compared([[traced(1)], [after]]);
    const text = visible(comparisonPage(found, [{ worse: [{ change, rollouts: [traced(1), after] }], better: [] }]));
    expect(text).toMatch(
      /-1\.000 item 0 amount what was revenue\? a attempt 1.* Answer 7 Score 1\.000 Equal\. b attempt 1/,
    );
    expect(text).toContain('search {"query":"loss"}');
    expect(text).toContain("mistake: no_page");
    expect(text).toContain(`x… (${(5_000 - limits.tracedCharacters).toLocaleString("en")} more characters)`);
    expect(text).toMatch(/Answer 9 Score 0\.000 Not the reference\./);
  });

  test("tells what was left out, what was not the same, and what was no model", () => {
    const found = compared([scored("a", 1, null, 1), [...scored("a", 1, 0), ...scored("b", 0)]], {
      different: [{ what: "the prompt", values: ["a1", "a2"] }],
    });
    const text = visible(comparisonPage(found, []));
    expect(text).toContain("Not the same: the prompt (a1 / a2).");
    expect(text).toContain("a: 1 faulted and 0 failed rollouts are left out");
    expect(text).toContain("b: 1 item that not every result has is left out, mean score 0.000 there against 0.500");
    expect(text).toContain("With fewer than 6 items no difference can be told from chance.");
  });

  test("asks for nothing from outside", () => {
    expect(comparisonPage(better, [])).not.toMatch(/(?:src|href)="(?!data:)|<script|url\(/);
  });
});

test("pictures for other programs have plain colours and room around them", () => {
  for (const chart of Object.values(comparisonCharts(better))) {
    const file = plainSvg(chart);
    expect(file).not.toMatch(/var\(|@media|:root|:hover/);
    expect(file).toMatch(/<svg [^>]*viewBox="-12 -12 \d+ \d+"/);
    expect(() => elements(file.replace(/^<\?xml[^>]*>/, ""))).not.toThrow();
  }
});

describe("the summary in a terminal", () => {
  test("fits, is plain, and ends with what was found and its limits", () => {
    const lines = comparisonText(better, { width: 80 }).split("\n");
    expect(lines.every((line) => /^[ -~]{0,80}$/.test(line))).toBe(true);
    expect(lines).toContain("B SCORES BETTER THAN A");
    expect(lines).toContainEqual(expect.stringMatching(/^better +mean score +0\.000 +0\.500 +\+0\.500 /));
    expect(lines).toContainEqual(expect.stringMatching(/^score better +0 +20 +0$/));
  });

  test("has the corrected p of every figure, however wide the others are, and intervals where they have room", () => {
    const slow = (
      answer: number,
      output: number,
      milliseconds = { answer, model: answer, tools: answer / 9, grading: 1 },
    ) =>
      items(20, 0, 1).map((one) => ({
        ...one,
        milliseconds,
        tokens: { input: output * 20, cached_input: 0, output, reasoning: output - 1 },
      }));
    const figuresOf = (before: number, after: number, width: number) =>
      comparisonText(compared([slow(before, before / 10), slow(after, after / 10)]), { width })
        .split("\n")
        .filter((line) => /^(?:b +before|(?:better|worse|changed|unclear|same)(?! +\d+ of ))/.test(line));
    for (const width of [72, 80, 100])
      for (const [before, after] of [
        [72_500, 132_800],
        [999, 3_600_000],
      ] as const) {
        const [title, ...lines] = figuresOf(before, after, width);
        expect(title).toMatch(/p \(Holm\)$/);
        expect(lines.filter((line) => !/ (?:< 0\.001|\d\.\d+)$/.test(line))).toEqual([]);
        expect(lines.some((line) => line.startsWith("worse   time to answer"))).toBe(true);
      }
    expect(figuresOf(72_500, 132_800, 80)).toContainEqual(expect.stringMatching(/\+60\.3 s to \+60\.3 s/));
  });

  test("says that times are not of the agents alone, where they are called better or worse", () => {
    const timed = (answer: number) =>
      items(20, 1).map((one) => ({ ...one, milliseconds: { answer, model: 0, tools: answer, grading: 1 } }));
    const textOf = (after: number) => comparisonText(compared([timed(100), timed(after)]), { width: 200 });
    expect(textOf(900)).toContain("Times are of the machines and networks that answered then");
    expect(textOf(100)).not.toContain("Times are of the machines");
  });

  test("has each of three results", () => {
    const text = comparisonText(compared([items(8, 0, 1), items(8, 1), items(8, 0)]), { width: 80 });
    expect(text).toContain("b, c against a: 8 common items");
    expect(text).toMatch(/^B AND A CANNOT BE TOLD APART/m);
    expect(text).toMatch(/^C AND A CANNOT BE TOLD APART/m);
  });
});

test("hostile texts stay texts", () => {
  const tags = (text: string) => {
    const one = rollout(text, 1, {
      question: text,
      answer: text,
      turns: [{ calls: [call(text, { output: text, arguments: text, outcome: "mistake", mistake: text })] }],
    });
    const two = { ...one, score: 0, grade: { value: text, explanation: text, sub_scores: {}, evidence: text } };
    const given = [one, two].map((line) => ({
      label: text,
      manifest: manifest({ name: text, items: 1, dataset: { files: [text], sha256: text, items: 1 } }),
      attempts: [attemptOf(line)],
      cut: true,
    }));
    const found = compared([], {
      results: given,
      command: [text],
      different: [{ what: text, values: [text, text] }],
      kindOf: () => text,
    });
    const change = found.pairs[0]?.items[0];
    const shown = change ? [{ worse: [{ change, rollouts: [one, two] as const }], better: [] }] : [];
    const page = comparisonPage(found, shown);
    const charts = Object.values(comparisonCharts(found)).map(plainSvg);
    return [page, ...charts].map((file) => elements(file.replace(/^<\?xml[^>]*>/, "")).map(({ name }) => name));
  };
  for (const text of HOSTILE) expect(tags(text)).toEqual(tags("harmless"));
});

test("any results make a well-formed page and a plain summary", () => {
  const results = anyResults(fc.oneof(fc.constantFrom("a", "b"), fc.string(), fc.constantFrom(...HOSTILE)));
  fc.assert(
    fc.property(results, results, (before, after) => {
      const found = compared([before, after], { kindOf: (question) => question });
      const page = comparisonPage(found, []);
      expect(() => elements(page)).not.toThrow();
      expect(visible(page)).not.toMatch(/NaN|Infinity|undefined/);
      const lines = comparisonText(found, { width: 74 }).split("\n");
      expect(lines.filter((line) => !/^[ -~]{0,74}$/.test(line))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});
