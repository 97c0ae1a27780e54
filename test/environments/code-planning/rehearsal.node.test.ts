/** What stand-ins for a model do with items of `code-planning`, held against the real grader. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attackTarget } from "../../../src/environments/code-planning/attack-target.ts";
import { codePlanning } from "../../../src/environments/code-planning/index.ts";
import { seededRandom } from "../../../src/environments/random.ts";
import type { Seen } from "../../../src/environments/rehearsal.ts";
import { aPath } from "../../grading/paths.ts";
import { anItem, gradeOf, sampleItems } from "./items.ts";

const { rehearsal } = codePlanning;

test("answers have the score that the grader gives them, whatever the list", () => {
  const aList = fc.uniqueArray(aPath, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(aList, (paths) => {
      const item = anItem(paths);
      const known = rehearsal.answers(item, seededRandom());
      expect(known[0]).toMatchObject({ way: "right", score: 1 });
      for (const { way, text, score } of known) expect([way, gradeOf(item, text).score]).toEqual([way, score]);
    }),
  );
});

test("a row that cannot be graded has no answers, and nothing to attack", () => {
  for (const edited of [undefined, [], ["/a"], "a"]) {
    expect(rehearsal.answers(anItem(edited), () => 0)).toEqual([]);
    expect(attackTarget(anItem(edited))).toBeUndefined();
  }
});

describe("the sample's items", async () => {
  const items = await sampleItems();

  test("are fifteen, of three repositories, one of them with its file in the question", () => {
    expect(items).toHaveLength(15);
    expect(new Set(items.map(({ item }) => item["repo"])).size).toBe(3);
    const evidence = items.map(({ item }) =>
      codePlanning.evidence?.({ item, answer: { text: "", json: null }, ledger: null }),
    );
    expect(evidence.filter((found) => found?.source === "unknown")).toHaveLength(1);
  });

  test("are played in several habits, well within the budget, and open what is to be edited", () => {
    const habits = new Set<string>();
    for (const { item } of items)
      for (const seed of ["a", "b", "c", "d", "e"]) {
        const turns = rehearsal.solve(item, seededRandom(seed));
        habits.add(turns.map((turn) => turn.length).join());
        expect(turns.flat().length).toBeLessThan(codePlanning.callsPerRollout / 2);
        const opened = turns.flat().flatMap(({ tool, arguments: args }) => (tool === "read_file" ? [args] : []));
        expect(opened).toEqual(attackTarget(item)?.files?.paths.map((path) => ({ path })));
      }
    expect(habits.size).toBeGreaterThan(2);
  });

  test("have a reference that is paid 1 as it is", () => {
    for (const { item } of items) expect(gradeOf(item, attackTarget(item)?.reference ?? "").score).toBe(1);
  });
});

describe("an agent that knows only the question", () => {
  const question = "The threshold of a logger is dropped";
  const searched = (output: string): Seen => ({ tool: "shell", arguments: { command: "grep" }, output });

  test("searches for its longest words, each by itself", () => {
    expect(rehearsal.explore(question, [])).toEqual({
      kind: "calls",
      calls: ["threshold", "dropped", "logger"].map((word) => ({
        tool: "shell",
        arguments: { command: `grep -rIil -e ${word} . | sort | head -50` },
      })),
    });
  });

  test("opens the files that most of them are in, and names the first", () => {
    const seen = [searched("./a.ts\n./b.ts\n"), searched("./b.ts\n./c.ts\n")];
    const open = rehearsal.explore(question, seen);
    expect(open).toMatchObject({
      kind: "calls",
      calls: [{ arguments: { path: "b.ts" } }, { arguments: { path: "a.ts" } }],
    });
    const read: Seen = { tool: "read_file", arguments: { path: "b.ts" }, output: "1  x" };
    expect(rehearsal.explore(question, [...seen, read])).toEqual({ kind: "answer", text: '{"files":["b.ts"]}' });
  });

  test("names none where nothing was found", () => {
    expect(rehearsal.explore(question, [searched("grep: error\n")])).toEqual({ kind: "answer", text: "[]" });
  });

  test("writes no command that a question could break out of", () => {
    fc.assert(
      fc.property(fc.string(), (asked) => {
        const turn = rehearsal.explore(asked, []);
        const commands = turn.kind === "calls" ? turn.calls.map(({ arguments: args }) => JSON.stringify(args)) : [];
        for (const command of commands)
          expect(command).toMatch(/^\{"command":"grep -rIil -e [a-z_]+ \. \| sort \| head -50"\}$/);
      }),
    );
  });
});
