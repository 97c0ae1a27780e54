import { describe, expect, test } from "vitest";
import { runChecks } from "../../../src/cli/prepare/check.ts";
import { pairChecks, sameId } from "../../../src/cli/prepare/pair-checks.ts";
import { rowChecks } from "../../../src/cli/prepare/row-checks.ts";
import type { Row } from "../../../src/cli/prepare/rows.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { finqaRows, type Given } from "./rows.ts";

function run(rows: readonly Row[], fix: boolean, hasDocument?: (path: string) => boolean) {
  const context = { environment: finqa, known: { hasDocument, commit: undefined } };
  return runChecks([sameId, ...rowChecks(finqa), ...pairChecks], rows, context, fix);
}

/** The findings by check, as the ids of their rows; and the ids that are left. */
function checked(given: Given[], fix: boolean, hasDocument?: (path: string) => boolean) {
  const { rows, checked: all } = run(finqaRows(...given), fix, hasDocument);
  const found = all
    .filter(({ check }) => check.fix !== "tell")
    .flatMap(({ check, findings }) => findings.map((one) => [check.name, ...one.rows.map(({ id }) => id).toSorted()]));
  return { found, ids: rows.map(({ id }) => id).toSorted(), rows };
}

const good: Given = { id: "good", question: "what was the growth of the good?", answer: "7.1%", exe_ans: 0.071 };

test("a good row is found nothing wrong with, and stays as it is", () => {
  const { found, rows } = checked([good], true);
  expect(found).toEqual([]);
  expect(rows).toEqual(finqaRows(good));
});

describe("is found, and left out with --fix", () => {
  test.each<[string, Given]>([
    ["label_conflict", { id: "a", answer: "4.8%", exe_ans: -0.048 }],
    ["ungradable", { id: "a", answer: "170 grants" }],
    ["yes_no", { id: "a", answer: "no", exe_ans: "no" }],
    ["in_question", { id: "a", question: "of a gain of $ 56 million , what was booked?", answer: "56" }],
    ["in_question", { id: "a", question: "was it 7.5% (before tax)?", answer: "0.075" }],
    ["too_large", { id: "a", question: "why? ".repeat(20_000) }],
  ])("%s: %j", (name, given) => {
    expect(checked([good, given], false)).toMatchObject({ found: [[name, "a"]], ids: ["a", "good"] });
    expect(checked([good, given], true)).toMatchObject({ found: [[name, "a"]], ids: ["good"] });
  });

  test("no_document: a page that the index does not have", () => {
    const has = (path: string) => path !== "PAGE/a.pdf";
    expect(checked([good, { id: "a" }], true, has)).toMatchObject({ found: [["no_document", "a"]], ids: ["good"] });
  });

  test("contradiction: one question, whatever its punctuation, and two answers", () => {
    const question = "what was the growth from 2010 to 2011?";
    const given = [good, { id: "a", question, answer: "5%" }, { id: "b", question: `${question} .`, answer: "6%" }];
    expect(checked(given, true)).toMatchObject({ found: [["contradiction", "a", "b"]], ids: ["good"] });
  });
});

test("a rounded label is found, and exact with --fix", () => {
  const given = { id: "a", answer: "7%", exe_ans: 0.06991 };
  const references = (fix: boolean) => checked([given], fix).rows.map(({ item }) => item["reference_answer"]);
  expect(checked([given], false).found).toEqual([["label_rounded", "a"]]);
  expect([references(false), references(true)]).toEqual([["7%"], ["6.991%"]]);
});

describe("is found, and made one row with --fix, which has the evidence of all", () => {
  test.each<[string, string, string]>([
    ["duplicate", "what was the growth of net sales in 2011?", "What was the growth of net sales , in 2011"],
    ["near_duplicate", "what was the growth of net sales in 2011?", "what was the growth in the net sales in 2011?"],
  ])("%s", (name, first, second) => {
    const given = [good, { id: "a", question: first, answer: "5%" }, { id: "b", question: second, answer: "0.05" }];
    const { found, rows } = checked(given, true);
    expect(found).toEqual([[name, "a", "b"]]);
    const merged = rows.find(({ id }) => id !== "good");
    expect(merged?.paths.toSorted()).toEqual(["PAGE/a.pdf", "PAGE/b.pdf"]);
    expect(merged?.item["evidence_paths"]).toEqual(merged?.paths);
    expect(rows).toHaveLength(2);
  });
});

test.each([
  ["another figure", "what was the growth of net sales in 2012?", "5%"],
  ["another answer", "what was the growth in the net sales in 2011?", "9%"],
  ["too many other words", "what was the growth of operating income in the segment for 2011?", "5%"],
])("similar questions with %s are no duplicates", (_, question, answer) => {
  const given = [
    { id: "a", question: "what was the growth of net sales in 2011?", answer: "5%" },
    { id: "b", question, answer },
  ];
  expect(checked(given, false).found).toEqual([]);
});

test("rows with the same id are found, and one is kept with --fix", () => {
  const given = [
    { ...good, id: "a" },
    { id: "a", answer: "57" },
  ];
  expect(checked(given, true)).toMatchObject({ found: [["same_id", "a", "a"]], ids: ["a"] });
});

test("with --fix a row that is left out makes no pair", () => {
  const question = "did it grow in 2011?";
  const given = [
    { id: "a", question, answer: "yes" },
    { id: "b", question, answer: "no" },
  ];
  expect(checked(given, false).found).toContainEqual(["contradiction", "a", "b"]);
  expect(checked(given, true).found).toEqual(expect.not.arrayContaining([["contradiction", "a", "b"]]));
});
