import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { finqa } from "../../src/environments/finqa/index.ts";
import { serveCorpus } from "./corpus.ts";
import { outputOf, scoreOf, takeLog, TestRollout } from "./world.ts";

const page = "AAL/2014/page_18.pdf";
const other = "AAL/2013/page_2.pdf";
const item = {
  id: `${page}-1`,
  reference_answer: "7%",
  evidence_paths: [page],
  program: "subtract(6400.5, 5981.7), divide(#0, 5981.7)",
};

beforeAll(() =>
  serveCorpus([
    {
      path: page,
      text: "aircraft fuel expense in millions .\n\n| | 2014 | 2013 |\n| --- | --- | --- |\n| aircraft fuel | $ 6,400.5 | $ 5,981.7 |",
    },
    { path: other, text: "the airline leases 7 gates at dallas airport ; 35% of them to others ." },
  ]),
);

/** The verdict as the ledger has it, and the score that the trainer got. */
async function gradeAfter(calls: [tool: string, args: object][], answer: string, row: object = item) {
  const rollout = new TestRollout();
  for (const [tool, args] of calls) await outputOf(rollout.call(tool, args));
  const score = await scoreOf(rollout.grade(answer, row));
  const ledger = await rollout.ledger();
  expect(ledger.grades).toMatchObject([{ score }]);
  return { score, evidence: ledger.grades[0]?.evidence, ledger };
}

describe("the ledger says where an answer can have come from", () => {
  test("calculated from what was read", async () => {
    const { score, evidence } = await gradeAfter(
      [
        ["list", { path: "AAL" }],
        ["cat", { path: page }],
      ],
      "7%",
    );
    expect({ score, evidence }).toEqual({ score: 1, evidence: { source: "operands", calls: [2] } });
  });

  test("read as it is, already in what a search showed", async () => {
    const asked = { ...item, reference_answer: "5981.7 million", program: undefined };
    const { score, evidence } = await gradeAfter(
      [["search", { query: "aircraft fuel expense" }]],
      "$5,981.7 million",
      asked,
    );
    expect({ score, evidence }).toEqual({ score: 1, evidence: { source: "answer", calls: [1] } });
  });

  test("from the page, of a row without a program", async () => {
    const { program: _, ...row } = item;
    const { evidence } = await gradeAfter(
      [
        ["cat", { path: other }],
        ["cat", { path: page }],
      ],
      "7%",
      row,
    );
    expect(evidence).toEqual({ source: "page", calls: [2] });
  });

  test.each<[string, [string, object][]]>([
    ["no call", []],
    ["a list only", [["list", { path: "AAL/2014" }]]],
    ["another page, on which its number happens to stand", [["cat", { path: other }]]],
    ["a page that does not exist", [["cat", { path: "AAL/2014/5981.7" }]]],
  ])("from nowhere, though it is correct, after %s", async (_, calls) => {
    const { score, evidence } = await gradeAfter(calls, "7%");
    expect({ score, evidence }).toEqual({ score: 1, evidence: { source: "none", calls: [] } });
  });

  test("from nobody knows where, of a row that says nothing but its answer", async () => {
    const { evidence } = await gradeAfter([["cat", { path: other }]], "7%", { reference_answer: "7%" });
    expect(evidence).toEqual({ source: "unknown", calls: [] });
  });
});

test("the score is the same whatever was read", async () => {
  for (const answer of ["7%", "7.01%", "6%", "5981.7", ""]) {
    const { score: before } = await gradeAfter([], answer);
    const { score: after } = await gradeAfter([["cat", { path: page }]], answer);
    expect(after).toBe(before);
  }
});

test("a row whose program and paths are of no known kind is graded as any other", async () => {
  for (const program of [7, ["5981.7"], "5981.7 of 6400.5", "add(".repeat(10_000)]) {
    const { score, evidence } = await gradeAfter([["cat", { path: page }]], "7%", {
      ...item,
      program,
      evidence_paths: 7,
    });
    expect({ score, evidence }).toEqual({ score: 1, evidence: { source: "unknown", calls: [] } });
  }
});

test("neither the ledger nor the log holds anything of the row's program or reference", async () => {
  takeLog();
  const row = {
    ...item,
    reference_answer: "8675309",
    program: "divide(24601.5, 1138.25), table_sum(the secret row, none)",
  };
  const { ledger } = await gradeAfter([["cat", { path: page }]], "7%", row);
  expect(ledger.grades[0]?.evidence).toEqual({ source: "page", calls: [1] });
  expect(JSON.stringify([ledger, takeLog()])).not.toMatch(/8675309|24601|1138|secret row|divide|table_sum/);
});

test("a bug in looking for evidence costs nobody a score, and is logged without the row", async () => {
  const sound = { ...finqa };
  onTestFinished(() => void Object.assign(finqa, sound));
  const evidence = () => {
    throw new Error("hush-4711");
  };
  Object.assign(finqa, { evidence });
  takeLog();
  const { score, ledger } = await gradeAfter([["cat", { path: page }]], "7%");
  expect({ score, grades: ledger.grades }).toMatchObject({ score: 1, grades: [{ score: 1, evidence: null }] });
  const log = JSON.stringify(takeLog());
  expect(log).toContain('"route":"monitor:grade"');
  expect(log).not.toContain("hush-4711");
});
