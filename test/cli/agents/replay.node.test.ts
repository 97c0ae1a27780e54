import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planReplay, replayAgent, turnsOf } from "../../../src/cli/agents/replay.ts";
import { seededRandom } from "../../../src/environments/random.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { gradeAnswer, parseReference } from "../../../src/grading/reference.ts";
import type { Ledger, LedgerCall } from "../../../src/contract/ledger.ts";
import type { ToolUse } from "../../../src/environments/rehearsal.ts";
import { recordedCall, recordedGrade, recordedLedger } from "../ledgers.ts";

const itemOf = (id: string | number) => ({ name: `line 1 (${id})`, question: "how many?", row: { id } });
const queryOf = ({ arguments: written }: ToolUse) => /query \d+/.exec(JSON.stringify(written))?.[0];

/** What an attempt that replays the ledger does, shown nothing. */
async function replay(ledger: Ledger) {
  const attempt = replayAgent([ledger]).begin(itemOf("item-1"), seededRandom());
  const calls: ToolUse[] = [];
  let turn = await attempt.next([]);
  while (turn.kind === "calls") {
    calls.push(...turn.calls);
    turn = await attempt.next(turn.calls.map((call) => ({ ...call, output: "" })));
  }
  return { calls, answer: turn.text, expectedScore: attempt.expectedScore };
}

describe("turns", () => {
  const queries = (...calls: LedgerCall[]) => turnsOf(calls).map((turn) => turn.map(queryOf));

  test("are calls that were under way together, since a model waits for all of them", () => {
    expect(
      queries(
        recordedCall(1, 1, 5),
        // The slowest of the turn: it reached the ledger after the next, which it outlasts.
        recordedCall(3, 0, 100),
        recordedCall(2, 50, 10),
        recordedCall(4, 101, 5),
        recordedCall(5, 500, 5),
        recordedCall(6, 503, 5),
      ),
    ).toEqual([["query 1"], ["query 2", "query 3"], ["query 4"], ["query 5", "query 6"]]);
  });

  test("last as long as their slowest call", () => {
    expect(queries(recordedCall(1, 0, 100), recordedCall(2, 10, 5), recordedCall(3, 50, 5))).toHaveLength(1);
  });

  test("take in what arrives in the millisecond of an answer, not what comes after it", () => {
    expect(queries(recordedCall(1, 0, 0), recordedCall(2, 0, 0), recordedCall(3, 1, 0))).toEqual([
      ["query 1", "query 2"],
      ["query 3"],
    ]);
  });

  test("hold every call once, in the order of the ledger, and none is empty", () => {
    const anyCalls = fc
      .array(fc.tuple(fc.nat(500), fc.nat(100)), { maxLength: 20 })
      .map((times) => times.map(([received, took], at) => recordedCall(at + 1, received, took)));
    fc.assert(
      fc.property(anyCalls, (calls) => {
        const turns = turnsOf(calls.toReversed());
        expect(turns.every((turn) => turn.length > 0)).toBe(true);
        expect(turns.flat().map(queryOf)).toEqual(calls.map(({ sequence }) => `query ${sequence}`));
      }),
    );
  });
});

describe("a replay", () => {
  test("leaves out what an earlier rehearsal added, whose canaries would look like a leak", async () => {
    const echo = (path: string) => ({
      tool: "cat",
      arguments: JSON.stringify({ path: `canary-0123456789abcdef ${path}` }),
    });
    const calls = [
      recordedCall(1, 0, 10),
      recordedCall(2, 0, 10, echo("first")),
      recordedCall(3, 50, 10),
      recordedCall(4, 90, 10, echo("7")),
    ];
    const replayed = await replay(recordedLedger({ calls }));
    expect(replayed.calls.map(queryOf)).toEqual(["query 1", "query 3"]);
  });

  test("repeats the calls as they were written, and gives the answer whose score is known", async () => {
    const odd = { tool: "browse", arguments: '{"query": "pil', outcome: "mistake", mistake: "unknown_tool" } as const;
    const calls = [recordedCall(1, 0, 10), recordedCall(2, 20, 10, odd)];
    expect(await replay(recordedLedger({ calls, grades: [recordedGrade(0.5, "7.0%")] }))).toEqual({
      calls: [
        { tool: "search", arguments: '{"query":"query 1"}' },
        { tool: "browse", arguments: '{"query": "pil' },
      ],
      answer: "7.0%",
      expectedScore: 0.5,
    });
  });

  test("repeats what was over budget and what faulted, not what came after the grading", async () => {
    const calls = [
      recordedCall(1, 0, 10, { outcome: "fault", output: "", faults: 1, fault_boundary: "storage" }),
      recordedCall(2, 20, 10, { outcome: "over_budget" }),
      recordedCall(3, 70_000, 10, { outcome: "mistake", mistake: "after_grading" }),
    ];
    expect((await replay(recordedLedger({ calls }))).calls.map(queryOf)).toEqual(["query 1", "query 2"]);
  });

  test("gives the first of several answers that were graded", async () => {
    const grades = [recordedGrade(0, "8%"), recordedGrade(1, "7%")];
    expect(await replay(recordedLedger({ grades, calls: [] }))).toEqual({ calls: [], answer: "8%", expectedScore: 0 });
  });

  test("knows no score where the ledger has no answer, or only its start", async () => {
    const reference = parseReference("7%");
    if (!reference.ok) throw new Error(reference.reason);
    const cut = gradeAnswer("about 7% ".repeat(40), reference.value).answer;
    expect(await replay(recordedLedger({ grades: [] }))).toMatchObject({ answer: "", expectedScore: undefined });
    expect(await replay(recordedLedger({ grades: [recordedGrade(0, cut)] }))).toMatchObject({
      answer: cut,
      expectedScore: undefined,
    });
    for (const text of ["x".repeat(100), "so it goes on…"]) {
      const whole = gradeAnswer(text, reference.value).answer;
      expect(await replay(recordedLedger({ grades: [recordedGrade(0, whole)] }))).toMatchObject({ expectedScore: 0 });
    }
  });

  test("takes an item's ledgers in their order, over and over", async () => {
    const answers = ["1", "2", "3"].map((answer) => recordedLedger({ calls: [], grades: [recordedGrade(0, answer)] }));
    const agent = replayAgent([...answers, recordedLedger({ item: "item-2" })]);
    const given: string[] = [];
    for (let count = 0; count < 4; count++) {
      const turn = await agent.begin(itemOf("item-1"), seededRandom()).next([]);
      if (turn.kind === "answer") given.push(turn.text);
    }
    expect(given).toEqual(["1", "2", "3", "1"]);
  });

  test.each([[itemOf("other")], [{ name: "line 3", question: "how many?", row: {} }]])(
    "of an item without a ledger does not begin: $name",
    (item) => {
      const agent = replayAgent([recordedLedger(), recordedLedger({ item: null })]);
      expect(() => agent.begin(item, seededRandom())).toThrow(
        new UserError(`There is no ledger of an attempt at ${item.name}.`),
      );
    },
  );
});

test("a plan says which ledgers are repeated at which items, which are not, and which have no known score", () => {
  const ledgers = [
    recordedLedger({ trace_id: "t1" }),
    recordedLedger({ trace_id: "t2", item: "7" }),
    recordedLedger({ trace_id: "t3", item: "gone" }),
    recordedLedger({ trace_id: "t4", item: null }),
    recordedLedger({ trace_id: "t5", environment: "other" }),
    recordedLedger({ trace_id: "t6", grades: [] }),
    recordedLedger({ trace_id: "t7", grades: [recordedGrade(0, `${"x".repeat(100)}…`)] }),
  ];
  const dataset = [itemOf("item-1"), itemOf(7), { name: "line 3", question: "?", row: {} }];
  const plan = planReplay({ name: "finqa" }, ledgers, dataset);
  expect(plan.ledgers.map(({ trace_id }) => trace_id)).toEqual(["t1", "t2", "t6", "t7"]);
  expect(plan.items.map(({ row }) => row)).toEqual([{ id: "item-1" }, { id: 7 }, { id: "item-1" }, { id: "item-1" }]);
  expect(plan.leftOut).toEqual([
    { trace_id: "t3", reason: "its item gone is not in the dataset" },
    { trace_id: "t4", reason: "its item, which it does not name, is not in the dataset" },
    { trace_id: "t5", reason: "is of the environment other" },
  ]);
  expect(plan.unscored).toEqual([
    { trace_id: "t6", reason: "was not graded, so that its answer is not known" },
    { trace_id: "t7", reason: "keeps only the start of its answer" },
  ]);
});
