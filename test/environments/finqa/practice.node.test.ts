/** What a policy is offered on FinQA, whatever questions and outputs are. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkArguments } from "../../../src/environments/arguments.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { practice } from "../../../src/environments/finqa/practice.ts";
import { candidatesOn } from "../../../src/environments/finqa/practice/candidates.ts";
import { tablesIn } from "../../../src/environments/finqa/practice/tables.ts";
import { readQuestion } from "../../../src/environments/finqa/practice/words.ts";
import type { Move } from "../../../src/environments/practice.ts";
import type { Seen } from "../../../src/environments/rehearsal.ts";

const page = [
  "operating expenses were $ 12.5 million in 2012 , of which 40% were fuel .",
  "",
  "| ( in millions ) | 2012 | 2011 |",
  "| --- | --- | --- |",
  "| fuel | $ 343 | $ 322 |",
  "| landing fees | -19 ( 19 ) | 20 |",
  "| total expenses | 1,000 | 900 |",
].join("\n");
const search = (output: string): Seen => ({ tool: "search", arguments: { query: "fuel" }, output });
const cat = (path: string, output = page): Seen => ({ tool: "cat", arguments: { path }, output });
const hits = "1. A/2012/page_1.pdf\nfuel was 343\n\n2. A/2011/page_2.pdf\nfuel was 322";

/** Pieces of what outputs are made of, and of what would break a reader of them. */
const piece = fc.oneof(
  fc.string(),
  fc.constantFrom("| ", "|", "\n", "1. ", "/", "..", "\\|", "$ ", "%", "( 19 )", "-", "2012", "1e999", "9".repeat(400)),
  fc.constantFrom("NaN", "Infinity", "0", "__proto__", "constructor", "total", "\ud800", "٣", "1,,2", "0.0000000001"),
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
const tableText = fc.array(fc.array(piece, { maxLength: 6 }), { maxLength: 8 }).map((rows) => {
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
});
const output = fc.oneof(text, tableText, fc.constantFrom(page, hits));
const args = fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.string()), fc.record({ path: fc.string() }));
const turns = fc.array(
  fc.array(fc.record({ tool: fc.constantFrom("search", "list", "cat", "other"), arguments: args, output }), {
    maxLength: 3,
  }),
  { maxLength: 5 },
);

function mistakeOf({ turn }: Move): string | undefined {
  if (turn.kind === "answer") return turn.text === "" ? "an empty answer" : undefined;
  if (turn.calls.length === 0) return "a turn without calls";
  for (const call of turn.calls) {
    const tool = finqa.tools.find(({ name }) => name === call.tool);
    const checked = tool && checkArguments(tool, call.arguments);
    if (!checked?.ok) return `${call.tool}: ${checked?.message ?? "no such tool"}`;
  }
  return undefined;
}

test("every move is a well-formed turn, whatever was asked and shown", () => {
  fc.assert(
    fc.property(text, turns, (question, seen) => {
      const moves = practice.moves(question, seen);
      expect(moves.map(mistakeOf).filter(Boolean)).toEqual([]);
      expect(moves.some(({ turn }) => turn.kind === "answer")).toBe(true);
      const numbers = moves.flatMap(({ features, among }) => [among, ...Object.values(features)]);
      expect(numbers.every((number) => Number.isFinite(number) && number >= 0 && number <= 1_000)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("the same question and outputs are offered the same", () => {
  const seen = [[search(hits)], [cat("A/2012/page_1.pdf")]];
  expect(practice.moves("what was fuel in 2012?", seen)).toEqual(practice.moves("what was fuel in 2012?", seen));
});

test("there are never so many moves that a choice would take long", () => {
  const wide = Array.from({ length: 500 }, () => `| total 2012 ${"| 1,000.5 ".repeat(60)}|`).join("\n");
  const seen = [[search(hits)], Array.from({ length: 10 }, (_, at) => cat(`A/2012/page_${at}.pdf`, wide))];
  expect(practice.moves("what was the total in 2012?", seen).length).toBeLessThan(400);
});

describe("what is offered", () => {
  const uses = (seen: Seen[][]) =>
    practice
      .moves("what percentage of total expenses was fuel in 2012?", seen)
      .flatMap(({ turn }) => (turn.kind === "calls" ? [turn.calls.map((call) => JSON.stringify(call)).join()] : []));

  test("pages can be opened that a search has shown, one or two at once", () => {
    expect(uses([]).filter((use) => use.includes('"cat"'))).toEqual([]);
    expect(uses([[search(hits)]]).filter((use) => use.includes('"cat"'))).toEqual([
      '{"tool":"cat","arguments":{"path":"A/2012/page_1.pdf"}}',
      '{"tool":"cat","arguments":{"path":"A/2011/page_2.pdf"}}',
      '{"tool":"cat","arguments":{"path":"A/2012/page_1.pdf"}},{"tool":"cat","arguments":{"path":"A/2011/page_2.pdf"}}',
    ]);
  });

  test("directories of what was found can be listed", () => {
    const lists = (seen: Seen[][]) =>
      uses(seen).flatMap((use) => /"list","arguments":\{"path":"(.*)"/.exec(use)?.[1] ?? []);
    expect(lists([])).toEqual([""]);
    expect(lists([[search(hits)]])).toEqual(["", "A", "A/2012"]);
  });

  test("without an opened page an answer is a guess", () => {
    const answers = (seen: Seen[][]) =>
      practice.moves("what was fuel in 2012?", seen).flatMap((move) => (move.turn.kind === "answer" ? [move] : []));
    expect(answers([])).toHaveLength(1);
    expect(answers([[search(hits)]]).map(({ turn }) => turn)).toEqual([{ kind: "answer", text: "343" }]);
    expect(answers([[search(hits)], [cat("A/2012/page_1.pdf")]]).length).toBeGreaterThan(20);
  });

  test("what was done before is said to be so, also of arguments that came as text", () => {
    const opened = { ...cat("A/2012/page_1.pdf"), arguments: '{"path":"A/2012/page_1.pdf"}' };
    const again = practice.moves("fuel?", [[search(hits)], [opened]]).filter(({ features }) => features["open again"]);
    expect(again.map(({ turn }) => turn)).toEqual([
      { kind: "calls", calls: [{ tool: "cat", arguments: { path: "A/2012/page_1.pdf" } }] },
    ]);
  });
});

describe("answers off a page", () => {
  const texts = (question: string) => candidatesOn(page, readQuestion(question)).map((candidate) => candidate.text);

  test.each([
    ["a figure", "what was fuel in 2012?", "343"],
    ["a negative figure", "what were landing fees in 2012?", "-19"],
    ["a figure of a sentence", "how much of the expenses were fuel?", "40%"],
    ["a share", "what percentage of total expenses was fuel in 2012?", "34.3%"],
    ["growth, with all digits", "by what percentage did fuel grow from 2011 to 2012?", "6.521739130434782%"],
    ["growth, rounded", "by what percentage did fuel grow from 2011 to 2012?", "6.5%"],
    ["a difference", "what was the change of fuel from 2011 to 2012?", "21"],
    ["a sum", "what were fuel and landing fees in 2011 combined?", "342"],
    ["an average", "what was the average of total expenses?", "950"],
    ["a ratio", "what was the ratio of fuel to total expenses in 2012?", "0.343"],
  ])("%s", (_, question, expected) => {
    expect(texts(question)).toContain(expected);
  });

  test("tables are read by their bars, with a header or without", () => {
    const [first, second, ...others] = tablesIn(`${page}\n\ntext\n| balance | $ 168 |\n| end | 7% |`);
    expect(first).toMatchObject({
      titles: ["2012", "2011"],
      rows: [{ label: "fuel" }, {}, { label: "total expenses" }],
    });
    expect(second).toMatchObject({ titles: [], rows: [{ cells: [{ value: 168 }] }, { cells: [{ percent: true }] }] });
    expect(others).toEqual([]);
  });
});
