import { describe, expect, test } from "vitest";
import { attackReport } from "../../../src/cli/attack/report.ts";
import type { AttackClassResult, AttackExample, AttackResult } from "../../../src/contract/attack.ts";

const unpaid: AttackClassResult = {
  family: "no answer",
  name: "empty",
  description: "Nothing at all.",
  verdict: "passed",
  answers: 1200,
  highest: 0,
  lowest: 0,
  mean: 0,
  paid_one: 0,
  failures: { count: 0, examples: [] },
  near_misses: { count: 0, examples: [] },
};
const control = {
  ...unpaid,
  family: "control",
  name: "reference",
  answers: 10,
  highest: 1,
  lowest: 1,
  mean: 1,
  paid_one: 10,
};
const passed: AttackResult = {
  schema: 1,
  battery: "attack",
  url: "http://127.0.0.1:8787",
  environment: "finqa",
  seed: "1",
  items: { rows: 168, chosen: 10, left_out: [] },
  control,
  classes: [unpaid],
  problems: [],
  interrupted: false,
  stopped: false,
  passed: true,
};
const example: AttackExample = {
  item: "row 1",
  answer: "The answer is 56.",
  reference: "56",
  score: 1,
  least: 0,
  most: 0,
};
const paid: AttackClassResult = {
  ...unpaid,
  name: "sentence",
  description: "The reference inside a sentence.",
  verdict: "failed",
  highest: 1,
  mean: 0.25,
  failures: { count: 300, examples: [example] },
};

test("a class is a line: answers, highest and mean score, verdict", () => {
  expect(attackReport(passed)).toBe(
    [
      "Answers that must not be paid, graded by finqa at http://127.0.0.1:8787: 10 of",
      "  168 rows, seed 1.",
      "",
      "class                     answers  highest    mean  verdict",
      "the reference itself (must be paid 1)",
      "  reference                    10        1   100 %  all paid 1",
      "no answer",
      "  empty                     1,200        0  0.0000  unpaid",
      "",
      "1,200 answers in 1 of 1 classes. Nothing was paid that must not be.",
    ].join("\n"),
  );
});

test("a failure is shown with its answer, reference and score", () => {
  const report = attackReport({ ...passed, classes: [unpaid, paid], passed: false });
  expect(report).toContain("  sentence                  1,200        1  0.2500  PAID 300 times");
  expect(report).toContain(
    [
      "sentence: The reference inside a sentence. The first 1 of 300:",
      '  answer     "The answer is 56."',
      '  reference  "56"',
      "  score      1, may be 0; item row 1",
    ].join("\n"),
  );
  expect(report).toMatch(/FAILED: sentence\.$/);
});

test("near-misses and what is paid by design are told apart from failures", () => {
  const nearMiss = { ...example, answer: "56.01", score: 0.5, most: 0.5, reason: "by chance" };
  const near: AttackClassResult = {
    ...unpaid,
    verdict: "near_misses",
    near_misses: { count: 1, examples: [nearMiss] },
  };
  const designed: AttackClassResult = {
    ...unpaid,
    name: "magnitude-added",
    verdict: "by_design",
    by_design: "headings state it",
    near_misses: { count: 9, examples: [{ ...example, answer: "56 million", most: 1 }] },
  };
  const report = attackReport({ ...passed, classes: [near, designed] });
  expect(report).toContain("unpaid but 1 near-miss");
  expect(report).toContain('  empty: 1\n    0.5 for "56.01", reference "56"');
  expect(report).toContain('  magnitude-added: headings state it. As "56 million" for "56".');
  expect(report).toMatch(/Nothing was paid that must not be\.$/);
});

test("the honest battery says what share was paid 1", () => {
  const refused: AttackClassResult = {
    ...unpaid,
    name: "percent",
    verdict: "failed",
    answers: 3,
    highest: 1,
    lowest: 0.5,
    paid_one: 2,
    failures: { count: 1, examples: [{ ...example, answer: "7 pct", score: 0.5, least: 1, most: 1 }] },
  };
  const report = attackReport({ ...passed, battery: "honest", classes: [refused], passed: false });
  expect(report).toContain("class                     answers   lowest  paid 1  verdict");
  expect(report).toContain("  percent                       3      0.5  66.6 %  NOT PAID 1: 1");
  expect(report).toContain("score      0.5, must be 1");
});

describe("what stood in the way", () => {
  test("is neither paid nor unpaid", () => {
    const problem = { item: "row 1", class: "markup", status: 503, message: "The service is down." };
    const report = attackReport({ ...passed, problems: [problem, { ...problem, status: null }], passed: false });
    expect(report).toContain("  1 answer (markup): 503: The service is down.");
    expect(report).toContain("  1 answer (markup): no answer: The service is down.");
    expect(report).toMatch(/FAILED: not every answer got a score\.$/);
  });

  test("is counted where rows are left out, nothing was tried, or it was interrupted", () => {
    const untried: AttackClassResult = {
      ...unpaid,
      verdict: "not_tried",
      answers: 0,
      highest: null,
      lowest: null,
      mean: null,
    };
    const report = attackReport({
      ...passed,
      items: { ...passed.items, left_out: [{ reason: "is not JSON", rows: 2 }] },
      classes: [untried],
      interrupted: true,
    });
    expect(report).toContain("Left out: 2 rows: is not JSON.");
    expect(report).toContain("  empty                         0        -       -  not tried");
    expect(report).toContain("Interrupted: this is what is known so far. 0 answers in 0 of 1 classes.");
    expect(attackReport({ ...passed, classes: [untried], passed: false })).toMatch(
      /FAILED: no item has what these classes need\.$/,
    );
    expect(attackReport({ ...passed, stopped: true, passed: false })).toContain("STOPPED");
    const nothing = attackReport({
      ...passed,
      control: { ...untried, family: "control" },
      classes: [untried],
      passed: false,
    });
    expect(nothing).not.toContain("verdict");
  });
});

test("whatever answers hold, the report is ASCII in 80 columns", () => {
  const odd = {
    ...example,
    answer: `\u001b[2J\u202e٥٦\n${"9".repeat(300)}`,
    reference: "😀\u0000",
    item: "é".repeat(99),
  };
  const failing = { ...paid, failures: { count: 1, examples: [odd] } };
  const near = { ...unpaid, verdict: "near_misses" as const, near_misses: { count: 1, examples: [odd] } };
  const problem = { item: "x", class: "empty", status: 502, message: "\u001b[31mBad gateway".repeat(20) };
  const report = attackReport({ ...passed, classes: [failing, near], problems: [problem], passed: false });
  expect(report).toMatch(/^[ -~\n]*$/);
  expect(report).toContain("\\u001b[2J\\u{202e}\\u{665}\\u{666}\\n999");
  // A single word, such as a URL or a name, is not broken.
  expect(report.split("\n").filter((line) => line.length > 80 && /\S \S/.test(line.trim()))).toEqual([]);
});
