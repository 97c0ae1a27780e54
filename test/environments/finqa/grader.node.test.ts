import { describe, expect, test } from "vitest";
import type { LedgerCall } from "../../../src/contract/ledger.ts";
import type { JsonObject } from "../../../src/contract/wire.ts";
import { grade } from "../../../src/environments/finqa/grader.ts";
import { call, ledgerOf } from "./ledgers.ts";

const off = { evidenceCredit: 0 };
const page = "AAL/2014/page_18.pdf";

function scoreOf(item: JsonObject, text: string, json: unknown = null): number {
  return grade({ item, answer: { text, json }, ledger: null }, off).score;
}

describe("the answer", () => {
  const item = { reference_answer: "56 million" };

  test.each<[text: string, json: unknown, score: number]>([
    ["$56,000,000", null, 1],
    ["$56,000,000", undefined, 1],
    ['{"answer":"$56 million"}', { answer: "$56 million" }, 1],
    ['{"final_answer":56}', { final_answer: 56 }, 1],
    ["", { value: 56_000_000 }, 1],
    ['{"working":"50+6","answer":"56M"}', { working: "50+6", answer: "56M" }, 0],
    ["57", { answer: "56 million" }, 1],
    ["56 million", { answer: "57" }, 0],
    ["", "56 million", 1],
    [" \n", 56, 1],
    ["57", 56, 0],
    ["56", 57, 1],
    ['{"answer":"56","value":"57"}', { answer: "56", value: "57" }, 0],
    ['{"answer":["56"]}', { answer: ["56"] }, 0],
    ['{"answer":{"value":56}}', { answer: { value: 56 } }, 0],
    ['{"result":"56"}', { result: "56" }, 0],
    ["[56]", [56], 0],
    ["56", { result: "57" }, 1],
    ["", {}, 0],
    ["", null, 0],
    ["", true, 0],
  ])("with text %j and parsed %j scores %d", (text, json, score) => {
    expect(scoreOf(item, text, json)).toBe(score);
  });

  test("of a yes-or-no row is one of the words", () => {
    expect(scoreOf({ reference_answer: "yes" }, "Yes")).toBe(1);
    expect(scoreOf({ reference_answer: "yes" }, "", { answer: "yes" })).toBe(1);
    expect(scoreOf({ reference_answer: "yes" }, "1")).toBe(0);
  });
});

test("evidence paths that are no list matter only where they are paid for", () => {
  const graded = (credit: number) =>
    grade(
      { item: { reference_answer: "56", evidence_paths: page }, answer: { text: "56", json: null }, ledger: null },
      { evidenceCredit: credit },
    );
  expect(graded(0).score).toBe(1);
  expect(() => graded(0.1)).toThrow("item.evidence_paths is not a list of paths");
});

describe("a row that cannot be graded is a fault of the item, which names the field and not its value", () => {
  test.each<[JsonObject, string]>([
    [{}, "item.reference_answer is missing"],
    [{ answer: "56" }, "item.reference_answer is missing"],
    [{ reference_answer: null }, "item.reference_answer is missing"],
    [{ reference_answer: ["56"] }, "item.reference_answer is neither a text nor a finite number"],
    [{ reference_answer: true }, "item.reference_answer is neither a text nor a finite number"],
    [{ reference_answer: Number.POSITIVE_INFINITY }, "item.reference_answer is neither a text nor a finite number"],
    [{ reference_answer: "" }, "item.reference_answer is empty"],
    [{ reference_answer: "$ 35411 or 9.8% increase" }, "item.reference_answer has words beside the value"],
    [{ reference_answer: "2.3:1" }, "item.reference_answer has characters that no value has"],
  ])("%j", (item, message) => {
    expect(() => scoreOf(item, "56")).toThrow(expect.objectContaining({ name: "Fault", boundary: "item", message }));
  });
});

describe("credit for evidence", () => {
  const item = { reference_answer: "56 million", evidence_paths: [page] };
  const scoreWith = (calls: LedgerCall[], text: string, evidenceCredit = 0.2) =>
    grade({ item, answer: { text, json: null }, ledger: ledgerOf(calls) }, { evidenceCredit }).score;

  test("is paid for a wrong value when cat has shown a page with the evidence, however its path was written", () => {
    expect(scoreWith([call("cat", { path: page })], "57")).toBe(0.2);
    expect(scoreWith([call("cat", { path: ` ./${page}/`, offset: 8000 })], "57")).toBe(0.2);
  });

  test("is not paid where it is off, the answer is no value, or the page was not shown", () => {
    const opened = call("cat", { path: page });
    expect(scoreWith([opened], "57", 0)).toBe(0);
    expect(scoreWith([opened], "I could not find it")).toBe(0);
    expect(scoreWith([opened], "")).toBe(0);
    expect(scoreWith([], "57")).toBe(0);
    expect(scoreWith([call("cat", { path: "AAL/2014/page_1.pdf" })], "57")).toBe(0);
    expect(scoreWith([call("search", { query: page }), call("list", { path: page })], "57")).toBe(0);
    for (const outcome of ["mistake", "over_budget", "fault"] as const) {
      expect(scoreWith([call("cat", { path: page }, { outcome })], "57")).toBe(0);
    }
  });

  test("never lifts a close or right answer, and needs a ledger", () => {
    const opened = call("cat", { path: page });
    expect(scoreWith([opened], "56.01 million")).toBe(0.5);
    expect(scoreWith([opened], "56 million")).toBe(1);
    expect(grade({ item, answer: { text: "57", json: null }, ledger: null }, { evidenceCredit: 0.2 }).score).toBe(0);
  });

  test("passes over arguments that are no longer JSON", () => {
    const cut = { ...call("cat", {}), arguments: `{"path":"${"a".repeat(1000)}… sha256:0` };
    expect(scoreWith([cut], "57")).toBe(0);
    expect(scoreWith([cut, call("cat", { path: page })], "57")).toBe(0.2);
  });
});
