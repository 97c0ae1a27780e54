import { describe, expect, test } from "vitest";
import type { Audit, AuditCheck } from "../../src/contract/dataset.ts";
import { auditText } from "../../src/report/audit-text.ts";
import { auditPage } from "../../src/report/audit.ts";
import { elements } from "./well-formed.ts";

const check = (given: Partial<AuditCheck>): AuditCheck => ({
  name: "yes_no",
  trouble: "The answer is yes or no.",
  fix: "drop",
  rule: "Left out: a guess is paid half of the time.",
  found: 0,
  left: { train: 0, val: 0, between: 0 },
  examples: [],
  ...given,
});

const audit = (checks: AuditCheck[], given: Partial<Audit> = {}): Audit => ({
  schema: 1,
  environment: "finqa",
  unit: "document",
  source: "finqa",
  seed: "7",
  fixed: false,
  rows: { read: 5232, usable: 5200, spare: 4100 },
  labels: { agrees: 2679, rounded: 2076, disagrees: 388, alone: 89, rounded_unpaid: 1174 },
  checks,
  asked: { train: 1000, val: 100 },
  train: { rows: 1000, documents: 390 },
  val: { rows: 100, documents: 39 },
  remarks: ["Documents were not looked up: --index names no index."],
  passed: false,
  ...given,
});

const left = check({
  found: 86,
  left: { train: 17, val: 3, between: 2 },
  examples: [
    {
      rows: ["MRO/2018/page_96.pdf-3"],
      note: 'reference "yes"\u001b[2J <script> – and much more than would fit in a line',
    },
  ],
});

describe("as text", () => {
  test("says what is left, where nothing was found, and what was not tried", () => {
    const lines = auditText(audit([left, check({}), check({ fix: "tell", found: null })]), { width: 80 }).split("\n");
    expect(lines).toContainEqual(expect.stringMatching(/^LEFT {3}The answer is yes or no\. +leave out +86 +22$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ok {5}The answer is yes or no\. +leave out +0 +0$/));
    expect(lines).toContainEqual(expect.stringMatching(/^- {6}The answer is yes or no\. +keep +not tried$/));
    expect(lines.at(-1)).toBe("22 FINDINGS OF 1 KIND LEFT IN THE FILES; --fix DOES WHAT THE RULES SAY");
  });

  test("fits the terminal, in plain ASCII, whatever is in the rows", () => {
    for (const width of [72, 80, 120]) {
      const text = auditText(audit([left, check({ found: 3 })]), { width });
      expect(text).toMatch(/^[\n -~]*$/);
      expect(text.split("\n").filter((line) => line.length > width)).toEqual([]);
    }
  });

  test("says when all is well, and nothing of labels where there is one account of each", () => {
    const labels = { agrees: 0, rounded: 0, disagrees: 0, alone: 5232, rounded_unpaid: 0 };
    const text = auditText(audit([check({ found: 86 })], { passed: true, fixed: true, labels }), { width: 80 });
    expect(text).toMatch(/^fixed {2}The answer/m);
    expect(text).toMatch(/NOTHING IS LEFT IN THE FILES THAT A RULE SPEAKS OF$/);
    expect(text).not.toContain("labels");
  });
});

test("as a page it is well-formed, with nothing of a row as markup", () => {
  const text = auditPage(audit([left, check({ found: null })]));
  const names = elements(text).map(({ name }) => name);
  expect(names).toContain("table");
  expect(names).not.toContain("script");
  expect(text).toContain("between 2");
});

test("of a dataset that is split by repository, repositories are counted, and nothing is said of labels", () => {
  const given = { unit: "repository", train: { rows: 1000, documents: 13 }, val: { rows: 100, documents: 1 } } as const;
  const labels = { agrees: 0, rounded: 0, disagrees: 0, alone: 1100, rounded_unpaid: 0 };
  const text = auditText(audit([check({})], { ...given, labels }), { width: 120 });
  expect(text).toContain(
    "train.jsonl 1,000 rows of 13 repositories; val.jsonl 100 rows of 1 repository; no repository in both",
  );
  const html = auditPage(audit([check({})], { ...given, labels }));
  expect(html).toContain("rows of 1 repository");
  expect(html).not.toContain("<h2>Labels");
});
