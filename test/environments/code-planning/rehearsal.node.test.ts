/** What stand-ins for a model do with items of `code-planning`, held against the real grader. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attackTarget } from "../../../src/environments/code-planning/attack-target.ts";
import { codePlanning } from "../../../src/environments/code-planning/index.ts";
import { seededRandom } from "../../../src/environments/random.ts";
import type { Seen } from "../../../src/environments/rehearsal.ts";
import { aPath } from "../../grading/paths.ts";
import { anItem, gradeOf, runOn, sampleItems, sampleRepositories } from "./items.ts";

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

test.each([{}, { repo: "a/b" }, { repo: "", base_commit: "v1" }, { repo: "a/b", base_commit: 7 }])(
  "an item that says %j of its place is a fault of the item's",
  (item) => {
    expect(() => codePlanning.workspace?.(item)).toThrow(expect.objectContaining({ boundary: "item" }));
  },
);

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

  test("are in the repositories that they name, at a commit that they name, and so are their files", async () => {
    const repositories = await sampleRepositories();
    for (const { item } of items) {
      const { repository, commit } = codePlanning.workspace?.(item) ?? {};
      expect(commit).toBe("v1");
      for (const path of attackTarget(item)?.files?.paths ?? [])
        expect(repositories.get(repository ?? "")?.find(path)?.kind).toBe("file");
    }
  });

  test("are played with calls that the tools take without a mistake, and that show what they are made for", async () => {
    const repositories = await sampleRepositories();
    for (const { name, item } of items)
      for (const seed of ["a", "b", "c"]) {
        const repository = repositories.get(String(item["repo"]));
        const uses = rehearsal.solve(item, seededRandom(seed)).flat();
        const shown = await Promise.all(uses.map((use) => runOn(repository, use)));
        expect([name, ...shown.filter(({ outcome }) => outcome !== "ok")]).toEqual([name]);
        expect(shown.filter(({ text }) => /command not found|invalid option|unrecognized/.test(text))).toEqual([]);
      }
  });

  test("are explored by an agent that finds some of them, and never loops", async () => {
    const repositories = await sampleRepositories();
    const scores: number[] = [];
    for (const { item, question } of items) {
      const seen: Seen[] = [];
      let turn = rehearsal.explore(question, seen);
      for (let turns = 0; turn.kind === "calls" && turns < 5; turns++) {
        for (const use of turn.calls)
          seen.push({ ...use, output: (await runOn(repositories.get(String(item["repo"])), use)).text });
        turn = rehearsal.explore(question, seen);
      }
      scores.push(turn.kind === "answer" ? gradeOf(item, turn.text).score : Number.NaN);
    }
    expect(scores.filter((score) => score > 0).length).toBeGreaterThan(2);
    expect(scores.filter((score) => score === 0).length).toBeGreaterThan(2);
  });

  test("a call that carries a text is a mistake, and quotes it", async () => {
    const [repository] = (await sampleRepositories()).values();
    const { outcome, text } = await runOn(repository, rehearsal.echo("canary-7 first"));
    expect([outcome, text]).toEqual(["mistake", expect.stringContaining('"canary-7 first"')]);
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
        arguments: { command: `grep -ril -e ${word} . | sort | head -50` },
      })),
    });
  });

  test("opens the files that most of them are in, and names the first", () => {
    const seen = [searched("./a.ts\n./b.ts\n"), searched("b.ts\nc.ts\n")];
    const open = rehearsal.explore(question, seen);
    expect(open).toMatchObject({
      kind: "calls",
      calls: [{ arguments: { path: "b.ts" } }, { arguments: { path: "a.ts" } }],
    });
    const read: Seen = { tool: "read_file", arguments: { path: "b.ts" }, output: "1  x" };
    expect(rehearsal.explore(question, [...seen, read])).toEqual({ kind: "answer", text: '{"files":["b.ts"]}' });
  });

  test("names none where nothing was found", () => {
    expect(rehearsal.explore(question, [searched("[no output]"), searched("grep: an error\n[exit code 2]")])).toEqual({
      kind: "answer",
      text: "[]",
    });
  });

  test("writes no command that a question could break out of", () => {
    fc.assert(
      fc.property(fc.string(), (asked) => {
        const turn = rehearsal.explore(asked, []);
        const commands = turn.kind === "calls" ? turn.calls.map(({ arguments: args }) => JSON.stringify(args)) : [];
        for (const command of commands)
          expect(command).toMatch(/^\{"command":"grep -ril -e [a-z_]+ \. \| sort \| head -50"\}$/);
      }),
    );
  });
});
