/** What stand-ins for a model do with FinQA items, held against the real tools and the real grader. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DatasetRow, findDatasetFiles, readDatasetFile } from "../../../src/cli/dataset-file.ts";
import { sampleSource } from "../../../src/cli/project.ts";
import { seededRandom } from "../../../src/environments/random.ts";
import { readSource } from "../../../src/cli/sources.ts";
import type { JsonObject } from "../../../src/contract/wire.ts";
import type { Corpus } from "../../../src/corpus/corpus.ts";
import { checkArguments } from "../../../src/environments/arguments.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import type { Seen, ToolUse } from "../../../src/environments/rehearsal.ts";
import { corpusOf, tiny } from "../../corpus/tiny.ts";
import { anyValue, spellingOf } from "../../grading/spellings.ts";

const { rehearsal } = finqa;
const seeds = ["a", "b", "c", "d", "e"];

async function itemsOf(folder: string): Promise<{ name: string; item: JsonObject }[]> {
  const rows: DatasetRow[] = (await Promise.all((await findDatasetFiles(folder)).map(readDatasetFile))).flat();
  return rows.map((row) => {
    if ("problem" in row) throw new Error(`${row.name} ${row.problem}`);
    return row;
  });
}

const scoreOf = (item: JsonObject, text: string) =>
  finqa.grade({ item, answer: { text, json: null }, ledger: null }, finqa.options.parse({})).score;

/** The known answers whose score is another than the grader's. */
function misjudged(item: JsonObject) {
  return rehearsal.answers(item, seededRandom()).filter(({ text, score }) => scoreOf(item, text) !== score);
}

/** The call's answer as a model would be shown it, in full. */
async function run(corpus: Corpus, call: ToolUse) {
  const tool = finqa.tools.find(({ name }) => name === call.tool);
  if (tool === undefined || tool.keeps === "files") throw new Error(`no stateless tool ${call.tool}`);
  const checked = checkArguments(tool, call.arguments);
  return checked.ok ? tool.run(checked.arguments, { corpus }) : { outcome: "mistake", text: checked.message };
}

describe("the sample's items", async () => {
  const items = await itemsOf(sampleSource);
  const corpus = await corpusOf(await readSource("finqa", sampleSource));

  test("have answers of known score, which the grader confirms", () => {
    const known = items.map(({ item }) => rehearsal.answers(item, seededRandom()));
    expect(known.every(([right]) => right?.way === "right" && right.score === 1)).toBe(true);
    expect(new Set(known.flat().map(({ way }) => way))).toEqual(
      new Set(["right", "wrong_value", "rounding", "words_around", "no_answer"]),
    );
    expect(items.flatMap(({ item }) => misjudged(item))).toEqual([]);
  });

  test("have paths to their evidence, without a mistake and within the budget, of several habits", async () => {
    const habits = new Set<string>();
    for (const { name, item } of items)
      for (const seed of seeds) {
        const turns = rehearsal.solve(item, seededRandom(name, seed));
        const calls = turns.flat();
        habits.add(turns.map((turn) => turn.map(({ tool }) => tool).join("+")).join(" "));
        expect(calls.length).toBeLessThanOrEqual(finqa.callsPerRollout);
        expect(calls).toContainEqual({ tool: "cat", arguments: { path: evidenceOf(item) } });
        for (const call of calls) expect(await run(corpus, call)).toMatchObject({ outcome: "ok" });
      }
    expect(habits.size).toBe(3);
  });

  test("are explored to an answer within the budget, now and then to the right one", async () => {
    let right = 0;
    let opened = 0;
    for (const { item } of items) {
      const question = String(item["question"]);
      const seen: Seen[] = [];
      let turn = rehearsal.explore(question, seen);
      while (turn.kind === "calls") {
        for (const call of turn.calls) {
          const { outcome, text } = await run(corpus, call);
          expect(outcome).toBe("ok");
          seen.push({ ...call, output: text });
        }
        turn = rehearsal.explore(question, seen);
      }
      expect(seen.length).toBeLessThanOrEqual(finqa.callsPerRollout);
      right += scoreOf(item, turn.text);
      opened += seen.some(({ arguments: args }) => JSON.stringify(args).includes(evidenceOf(item))) ? 1 : 0;
    }
    expect(opened / items.length).toBeGreaterThan(0.8);
    expect(right).toBeGreaterThan(0);
  });
});

const evidenceOf = (item: JsonObject) => String([item["evidence_paths"]].flat()[0]);

const shared = fileURLToPath(new URL("../../../../shared/data/finqa", import.meta.url));
describe.skipIf(!existsSync(shared))("FinQA's items (skipped without ../shared/data/finqa)", () => {
  test("have answers of known score, which the grader confirms", async () => {
    const items = await itemsOf(shared);
    const gradable = items.filter(({ item }) => rehearsal.answers(item, seededRandom()).length > 0);
    expect(gradable.length).toBeGreaterThan(0.99 * items.length);
    expect(gradable.flatMap(({ item }) => misjudged(item))).toEqual([]);
  });
});

describe("answers", () => {
  const longNumber = fc.stringMatching(/^-?\d{1,60}(?:\.\d{1,3})?$/);
  const longValue = fc
    .tuple(longNumber, fc.constantFrom("", "%", "m", " bps", " EUR"))
    .map(([number, unit]) => number + unit);
  const anyReference = fc.oneof(anyValue.chain(spellingOf), fc.double(), longValue, fc.constantFrom("yes", " No\n"));

  test("have the scores that they say, whatever the reference", () => {
    fc.assert(
      fc.property(anyReference, (reference_answer) => {
        expect(misjudged({ reference_answer })).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each<[reference: string | number, rounding: string | undefined]>([
    ["93.456%", "93.46%"],
    ["-$ 1,234.5 million", "-$1235 million"],
    ["5174", "5.17 thousand"],
    ["12996", "13 thousand"],
    [0.0712, "0.071"],
    ["99.6", undefined],
    ["56", undefined],
    ["5174 million", undefined],
    ["51740000", undefined],
    ["yes", undefined],
  ])("to %j are rounded as %j", (reference_answer, rounding) => {
    const known = rehearsal.answers({ reference_answer }, seededRandom());
    expect(known.find(({ way }) => way === "rounding")?.text).toBe(rounding);
  });

  test.each([undefined, null, "", "170 grants", Number.NaN, ["56"]])("to a row with %j there are none", (reference) => {
    expect(rehearsal.answers({ reference_answer: reference }, seededRandom())).toEqual([]);
  });
});

describe("rows of any other kind have calls without mistakes, too", async () => {
  const corpus = await corpusOf([...tiny, { path: "notes on fuel.md", text: "fuel was dear" }, deep()]);
  const rows: JsonObject[] = [
    {},
    { question: 7, evidence_paths: "SKY/2012/page_4.pdf" },
    { question: " \n", evidence_paths: [] },
    { question: "fuel ".repeat(1_000), evidence_paths: ["SKY/2013/page_9.pdf"] },
    { question: "fuel?", evidence_paths: ["notes on fuel.md"] },
    { question: "fuel?", evidence_paths: [deep().path] },
  ];

  test.each(rows)("%j", async (row) => {
    for (const seed of seeds) {
      const calls = rehearsal.solve(row, seededRandom(seed)).flat();
      expect(calls.length).toBeLessThanOrEqual(finqa.callsPerRollout);
      for (const call of calls) expect(await run(corpus, call)).toMatchObject({ outcome: "ok" });
    }
  });

  test("and pages of any path are explored", async () => {
    const output = "1. notes on fuel.md\nfuel was dear\n\n2. SKY/2013/page_9.pdf\naircraft fuel";
    const turn = rehearsal.explore("fuel?", [{ tool: "search", arguments: {}, output }]);
    const calls = turn.kind === "calls" ? turn.calls : [];
    expect(calls.map(({ tool }) => tool)).toEqual(["cat", "list"]);
    for (const call of calls) expect(await run(corpus, call)).toMatchObject({ outcome: "ok" });
  });

  test("and a search that finds nothing ends in an empty answer", () => {
    const seen = [{ tool: "search", arguments: {}, output: "No page matches." }];
    expect(rehearsal.explore("fuel?", seen)).toEqual({ kind: "answer", text: "" });
  });

  test("and an echo is a mistake that quotes its text", async () => {
    expect(await run(corpus, rehearsal.echo("canary-1"))).toMatchObject({
      outcome: "mistake",
      text: expect.stringContaining("canary-1"),
    });
  });
});

function deep() {
  return { path: `${"a/".repeat(12)}page.md`, text: "far down" };
}
