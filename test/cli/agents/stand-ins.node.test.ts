import { describe, expect, test } from "vitest";
import type { Attempt } from "../../../src/cli/agents/agent.ts";
import { oracleAgent, scriptedAgent } from "../../../src/cli/agents/stand-ins.ts";
import { seededRandom } from "../../../src/environments/random.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import type { ToolUse } from "../../../src/environments/rehearsal.ts";

const row = {
  id: "SKY/2012/page_4.pdf-1",
  question: "how many pilots of mainline in 2012?",
  reference_answer: "93.456%",
  evidence_paths: ["SKY/2012/page_4.pdf"],
};
const item = { name: row.id, question: row.question, row };

/** Plays an attempt to its end. */
async function play(attempt: Attempt, outputOf: (call: ToolUse) => string = () => "") {
  const turns: ToolUse[][] = [];
  let turn = await attempt.next([]);
  while (turn.kind === "calls") {
    turns.push(turn.calls);
    turn = await attempt.next(turn.calls.map((call) => ({ ...call, output: outputOf(call) })));
  }
  return { turns, answer: turn.text, expectedScore: attempt.expectedScore, flawless: attempt.flawless };
}

const scoreOf = (text: string) =>
  finqa.grade({ item: row, answer: { text, json: null }, ledger: null }, finqa.options.parse({})).score;

test("the scripted agent answers from what it is shown, knows no score, and may make mistakes", async () => {
  const outputs: Record<string, string> = {
    search: "1. SKY/2012/page_4.pdf\n| pilots |",
    cat: "|  | mainline 2012 |\n| --- | --- |\n| pilots | 7900 |",
    list: "page_4.pdf",
  };
  const attempt = scriptedAgent(finqa).begin(item, seededRandom());
  const { turns, answer, expectedScore, flawless } = await play(attempt, ({ tool }) => outputs[tool] ?? "");
  expect(turns.map((calls) => calls.map(({ tool }) => tool))).toEqual([["search"], ["cat", "list"]]);
  expect({ answer, expectedScore, flawless }).toEqual({
    answer: "7900",
    expectedScore: undefined,
    flawless: undefined,
  });
});

describe("the oracle", () => {
  const attempts = async (options: Parameters<typeof oracleAgent>[1], count = 400) => {
    const agent = oracleAgent(finqa, options);
    return Promise.all(Array.from({ length: count }, (_, at) => play(agent.begin(item, seededRandom("o", at)))));
  };

  test("knows the score of each answer before, opens the evidence, and makes no mistake", async () => {
    for (const { turns, answer, expectedScore, flawless } of await attempts({ errorRate: 0.5 }, 100)) {
      expect(scoreOf(answer)).toBe(expectedScore);
      expect(flawless).toBe(true);
      expect(turns.at(-1)).toEqual([{ tool: "cat", arguments: { path: "SKY/2012/page_4.pdf" } }]);
    }
  });

  test("errs at its rate, in each way as often", async () => {
    const answers = (await attempts({ errorRate: 0.4 })).map(({ answer }) => answer);
    const share = (text: string) => answers.filter((answer) => answer === text).length / answers.length;
    expect(share("93.456%")).toBeCloseTo(0.6, 1);
    const wrong = [...new Set(answers)].filter((text) => text !== "93.456%");
    expect(wrong).toHaveLength(4);
    for (const text of wrong) expect(Math.abs(share(text) - 0.1)).toBeLessThan(0.05);
  });

  test("never errs at rate 0, always at rate 1, and only in the ways that are asked for", async () => {
    const scores = async (options: Parameters<typeof oracleAgent>[1]) =>
      new Set((await attempts(options, 50)).map(({ expectedScore }) => expectedScore));
    expect(await scores({ errorRate: 0 })).toEqual(new Set([1]));
    expect(await scores({ errorRate: 1 })).toEqual(new Set([0, 0.5]));
    expect(await scores({ errorRate: 1, ways: ["rounding"] })).toEqual(new Set([0.5]));
  });

  test("answers right where an item has none of the ways", async () => {
    const agent = oracleAgent(finqa, { errorRate: 1, ways: ["rounding"] });
    const yes = { ...item, row: { ...row, reference_answer: "yes" } };
    expect(await play(agent.begin(yes, seededRandom()))).toMatchObject({ answer: "yes", expectedScore: 1 });
  });

  test("does the same again with the same sequence", async () => {
    const agent = oracleAgent(finqa, { errorRate: 0.5 });
    const again = () => play(agent.begin(item, seededRandom("same")));
    expect(await again()).toEqual(await again());
  });

  test("does not begin at an item that cannot be graded", () => {
    const ungradable = { ...item, row: { ...row, reference_answer: "170 grants" } };
    expect(() => oracleAgent(finqa, { errorRate: 0 }).begin(ungradable, seededRandom())).toThrow(
      new UserError(
        "SKY/2012/page_4.pdf-1 cannot be graded, so that no answer to it has a known score; see edgegym check-grader.",
      ),
    );
  });
});
