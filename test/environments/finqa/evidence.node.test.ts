import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { sampleSource } from "../../../src/cli/project.ts";
import { Evidence, type LedgerCall } from "../../../src/contract/ledger.ts";
import type { JsonObject } from "../../../src/contract/wire.ts";
import { evidence } from "../../../src/environments/finqa/evidence.ts";
import { readsItsPage, readsOthers, readWorld, sharesOf, type World } from "./evidence-shares.ts";
import { call, callsFor, ledgerOf } from "./ledgers.ts";

const page = "AAL/2014/page_18.pdf";
const pageText = `fuel rose by 7% .

| ( in millions ) | 2014 | 2013 |
| --- | --- | --- |
| aircraft fuel | $ 6,400.5 | $ 5,981.7 |
| rent | 35 | 28 |`;
const item = { evidence_paths: [page], program: "subtract(6400.5, 5981.7), divide(#0, 5981.7)" };
const opened = call("cat", { path: page }, { output: pageText });
const other = call("cat", { path: "AAL/2010/page_9.pdf" }, { output: "| gates | 7 | 35 | 28 |" });
const listed = call("list", { path: "AAL/2014" }, { output: "page_18.pdf\npage_7.pdf" });
const found = (...passages: string[]) =>
  call(
    "search",
    { query: "fuel" },
    { output: `1. DAL/2014/page_1.pdf\nother fuel\n\n2. ${page}\n${passages.join("\n…\n")}` },
  );

function judge(row: JsonObject, text: string, calls: readonly LedgerCall[]): [source: string, calls: number[]] {
  const judged = evidence({ item: row, answer: { text, json: null }, ledger: ledgerOf(calls) });
  return [judged.source, judged.calls];
}

describe("an unusual answer", () => {
  test("that was read is the source, in any spelling and with the calls that showed it", () => {
    for (const answer of ["5,981.7", "-$5981.7 million", "5.9817 billion"])
      expect(judge(item, answer, [listed, opened, other, opened])).toEqual(["answer", [2, 4]]);
    expect(judge({}, "5981.7", [found(pageText)])).toEqual(["answer", [1]]);
  });

  test("counts only in what a call showed, which a list, a mistake and the call's own words are not", () => {
    const query = "is it 5981.7";
    const cut = callsFor("search", { query }, `1. DAL/2014/page_1.pdf\n${"other fuel\n".repeat(1_000)}`);
    expect(cut.length).toBeGreaterThan(1);
    expect(cut[0]?.output).toContain("5981.7");
    const refused = call("cat", { path: "5981.7" }, { outcome: "mistake", output: "Nothing has the path 5981.7." });
    expect(judge(item, "5981.7", [...cut, refused])).toEqual(["none", []]);
  });

  test("is found in the answer's JSON too", () => {
    const answer = { text: '{"answer":"5981.7"}', json: { answer: "5981.7" } };
    expect(evidence({ item, answer, ledger: ledgerOf([opened]) }).source).toBe("answer");
  });
});

describe("operands that were read are the source", () => {
  test("of an answer that is calculated, or no number at all", () => {
    for (const answer of ["7%", "0.07", "yes", "", "about seven", "7 or 8"])
      expect(judge(item, answer, [other, opened])).toEqual(["operands", [2]]);
  });

  test("in passages, and in several calls where none showed them all", () => {
    const passages = ["| aircraft fuel | $ 6,400.5 |", "fuel was $ 5,981.7 million the year before ."];
    expect(judge(item, "7%", [found(...passages)])).toEqual(["operands", [1]]);
    expect(
      judge(
        item,
        "7%",
        passages.map((passage) => found(passage)),
      ),
    ).toEqual(["operands", [1, 2]]);
  });

  test("by the calls that showed all of them, where there are such", () => {
    expect(judge(item, "7%", [found("fuel was $ 5,981.7 million ."), other, opened])).toEqual(["operands", [3]]);
  });

  test("only when all were: one is not enough", () => {
    expect(judge(item, "6%", [found("fuel was $ 5,981.7 million .")])).toEqual(["none", []]);
  });

  test("where they are common numbers, only on a page that holds the evidence", () => {
    const common = { ...item, program: "subtract(35, 28)" };
    expect(judge(common, "7", [other])).toEqual(["none", []]);
    expect(judge(common, "7", [other, opened])).toEqual(["operands", [2]]);
    expect(judge(common, "7", [other, found("| rent | 35 | 28 |")])).toEqual(["operands", [2]]);
  });

  test("where they are a row of a table, only on a page that holds the evidence, as a row", () => {
    const row = { ...item, program: "table_average(rent, none)" };
    expect(judge(row, "31.5", [opened])).toEqual(["operands", [1]]);
    expect(judge(row, "31.5", [{ ...opened, output: "| rent | 35 | 28 |" }])).toEqual(["operands", [1]]);
    expect(judge(row, "31.5", [found("the rent |", "| 1 | rent |")])).toEqual(["none", []]);
    expect(judge(row, "31.5", [call("cat", { path: "AAL/2010/page_9.pdf" }, { output: pageText })])).toEqual([
      "none",
      [],
    ]);
  });
});

describe("a page that holds the evidence", () => {
  test("is the source when it was opened and neither answer nor operands were read of it", () => {
    for (const program of [undefined, "subtract(6400.5, 1111.1)", "no program"])
      expect(judge({ ...item, program }, "7%", [other, opened])).toEqual(["page", [2]]);
    expect(judge(item, "7%", [{ ...opened, output: "" }])).toEqual(["page", [1]]);
  });

  test("that a search showed lets a common answer count", () => {
    expect(judge({ evidence_paths: [page] }, "7%", [found("fuel rose by 7% .")])).toEqual(["answer", [1]]);
  });
});

describe("no source", () => {
  test("is `none` for an answer without any call that showed something", () => {
    const refused = call("cat", { path: page }, { outcome: "mistake", output: pageText });
    for (const row of [item, {}]) {
      expect(judge(row, "7%", [])).toEqual(["none", []]);
      expect(evidence({ item: row, answer: { text: "7%", json: null }, ledger: null }).source).toBe("none");
      expect(judge(row, "5981.7", [listed, refused, { ...opened, outcome: "over_budget" }])).toEqual(["none", []]);
    }
  });

  test("is `none` when the page was missed, though common numbers stand elsewhere", () => {
    for (const answer of ["7", "35", "2014", "yes"]) expect(judge(item, answer, [other])).toEqual(["none", []]);
    expect(judge({ evidence_paths: [page] }, "7", [other])).toEqual(["none", []]);
  });

  test("is `none` when an operand was read nowhere, whatever else the row says", () => {
    expect(judge({ program: item.program }, "7%", [other])).toEqual(["none", []]);
  });

  test("is `unknown` where the row says too little", () => {
    expect(judge({}, "7%", [other])).toEqual(["unknown", []]);
    expect(judge({ program: "subtract(35, 28)" }, "7", [other])).toEqual(["unknown", []]);
    expect(judge({ evidence_paths: [page] }, "6%", [found("fuel rose .")])).toEqual(["unknown", []]);
    expect(judge({ evidence_paths: page, program: ["35"] }, "7", [other])).toEqual(["unknown", []]);
  });
});

test("nothing that a row, an answer or a call holds makes it throw, and it says no more than source and calls", () => {
  const row = fc.record({ program: fc.anything(), evidence_paths: fc.anything() }, { requiredKeys: [] });
  const calls = fc.array(
    fc
      .record({
        tool: fc.constantFrom("cat", "search", "list", "x"),
        output: fc.string(),
        args: fc.string(),
        cut: fc.boolean(),
      })
      .map(({ tool, output, args, cut }) => call(tool, {}, { output, cut, arguments: args })),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(row, fc.string(), fc.jsonValue(), calls, (given, text, json, made) => {
      const judged = evidence({ item: given, answer: { text, json }, ledger: ledgerOf(made) });
      expect(Evidence.strict().parse(judged)).toEqual(judged);
    }),
  );
});

const finqa = fileURLToPath(new URL("../../../../shared/data/finqa", import.meta.url));

describe("rollouts on the sample that answer with the reference", () => {
  measure(sampleSource);
});

describe.skipIf(!existsSync(finqa))(
  "rollouts on FinQA that answer with the reference (skipped without ../shared/data/finqa)",
  { timeout: 120_000 },
  () => {
    measure(finqa);
  },
);

/** The shares as `test/bench/evidence.ts` prints them. */
function measure(folder: string): void {
  let world: World;
  beforeAll(async () => {
    world = await readWorld(folder);
  });
  const ownPage = (path: string) => readsItsPage(world, path);
  const twoOthers = (path: string, name: string) => readsOthers(world, path, name, 2);

  test("have read it, by answer or operands where the row has a program, when they read the item's page", () => {
    const { none, unknown, page: onlyPage } = sharesOf(world, ownPage);
    expect([none, unknown]).toEqual([0, 0]);
    const withProgram = world.items.filter(({ item: row }) => "program" in row).length / world.items.length;
    expect(onlyPage).toBeLessThan(1 - withProgram + 0.01);
  });

  test("have read it without the row saying which page, as far as the row lets it be told", () => {
    const { answer, operands, none } = sharesOf(world, ownPage, ["evidence_paths"]);
    expect(none).toBeLessThan(0.005);
    expect(answer + operands).toBeGreaterThan(0.6);
  });

  test.each([[[]], [["program"]]])("have not when they read two other pages, of rows without %j", (without) => {
    const { none, unknown } = sharesOf(world, twoOthers, without);
    expect(none).toBeGreaterThan(0.998);
    expect(unknown).toBe(0);
  });

  test("are not said to have, when they read two other pages and the row does not say which page", () => {
    const { none, unknown } = sharesOf(world, twoOthers, ["evidence_paths"]);
    expect(1 - none - unknown).toBeLessThan(0.002);
  });

  test("have not when they read eight other pages", () => {
    const { none } = sharesOf(world, (path, name) => readsOthers(world, path, name, 8));
    expect(none).toBeGreaterThan(0.99);
  });
}
