/** Results held against each other: which items count, what is measured, what is called a difference. */
import { describe, expect, test } from "vitest";
import { quadrantsOf } from "../../../src/report/comparison/items.ts";
import { call, manifest, rollout, scored, turns } from "../baseline/results.ts";
import { attemptOf } from "../../../src/report/comparison/attempt.ts";
import { compared, figure, items } from "./comparisons.ts";

const values = (comparison: ReturnType<typeof compared>, name: string, tool: string | null = null) =>
  figure(comparison, name, tool).values.map(({ value }) => value);

describe("what counts", () => {
  test("only items that every result has graded, each once, however many attempts", () => {
    const before = [...scored("a", 0, 0, 0), ...scored("b", 1), ...scored("gone", 1)];
    const after = [...scored("a", 1), ...scored("b", 1, 0, 1, 0), ...scored("new", 0)];
    const found = compared([before, after]);
    expect(found.items).toBe(2);
    expect(values(found, "score")).toEqual([0.5, 0.75]);
    expect(found.results.map(({ left_out }) => left_out)).toEqual([
      { items: 1, mean_score: 1 },
      { items: 1, mean_score: 0 },
    ]);
  });

  test("what was left out by a fault is counted, and never a 0", () => {
    const found = compared([scored("a", 1, 1, 1), [...scored("a", null, 1), ...scored("b", null)]]);
    expect(values(found, "score")).toEqual([1, 1]);
    expect(found.results[1]?.rollouts).toMatchObject({ graded: 1, faulted: 2, agent_failed: 0, unattempted: 3 });
  });

  test("of several lines of an attempt the graded one, else the last", () => {
    const again = [...scored("a", null), rollout("a", 1, { score: 0 }), ...scored("a", null)];
    const found = compared([scored("a", 1), again]);
    expect(values(found, "score")).toEqual([1, 0]);
    expect(found.results[1]?.rollouts).toMatchObject({ graded: 1, faulted: 0 });
  });

  test("an item of the same name with another question is another item", () => {
    const other = rollout("a", 1, { question: "what was the loss?" });
    const found = compared([
      [...scored("a", 1), ...scored("b", 1)],
      [other, ...scored("b", 1)],
    ]);
    expect([found.items, found.other_questions]).toEqual([1, 1]);
  });

  test("without a common item there is no figure", () => {
    const found = compared([scored("a", 1), scored("b", 1)]);
    expect([found.items, found.figures, found.pairs[0]?.items]).toEqual([0, [], []]);
  });
});

describe("differences", () => {
  test("two results that are the same do not differ in anything", () => {
    const same = compared([items(30, 0, 1, 0.5), items(30, 0, 1, 0.5)]);
    for (const { changes } of same.figures)
      expect(changes[0]).toMatchObject({
        difference: { value: 0, low: 0, high: 0 },
        p: 1,
        corrected_p: 1,
        detectable: null,
        finding: "same",
      });
  });

  test("twenty items better and none worse are more than chance, four are not", () => {
    const twenty = compared([items(40, 0), items(40, 0, 1)]);
    expect(figure(twenty, "score").changes[0]).toMatchObject({ finding: "better", method: "monte_carlo" });
    expect(figure(compared([items(40, 0, 1), items(40, 0)]), "score").changes[0]?.finding).toBe("worse");
    const four = figure(compared([items(40, 0), items(40, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)]), "score").changes[0];
    expect(four).toMatchObject({ finding: "unclear", method: "exact", p: 0.125, resolution: 0.125 });
    expect(four?.detectable).toBeGreaterThan(0.1);
  });

  test("of one item nothing is more than chance", () => {
    expect(figure(compared([scored("a", 0, 0), scored("a", 1, 1)]), "score").changes[0]).toMatchObject({
      finding: "unclear",
      p: 1,
      detectable: null,
    });
  });

  test("the score is tested by itself, other figures share their correction", () => {
    const slower = items(6, 1).map((one) => ({ ...one, milliseconds: { ...one.milliseconds, answer: 9_000 } }));
    const found = compared([items(6, 0), slower]);
    // The rarest of 64 choices of signs, on both sides.
    expect(figure(found, "score").changes[0]).toMatchObject({ p: 2 / 64, corrected_p: 2 / 64, finding: "better" });
    // Two other figures differ: solved and time. What is the same everywhere is no test.
    expect(figure(found, "answer_time").changes[0]).toMatchObject({
      p: 2 / 64,
      corrected_p: 4 / 64,
      finding: "unclear",
    });
  });

  test("which way is wanted depends on the figure", () => {
    const more = items(30, 1).map((one) => ({ ...one, turns: turns(["search"], ["search"], ["cat"]) }));
    const found = compared([items(30, 1), more]);
    expect(figure(found, "calls").changes[0]?.finding).toBe("worse");
    expect(figure(found, "repeats").changes[0]?.finding).toBe("worse");
    expect(figure(found, "tool_calls", "search").changes[0]?.finding).toBe("changed");
    expect(figure(found, "tool_calls", "cat").changes[0]?.finding).toBe("same");
  });

  test("the same results give the same figures, and a third result does not move them", () => {
    const [a, b] = [items(20, 0, 1), items(20, 1, 1, 0)];
    expect(compared([a, b])).toEqual(compared([a, b]));
    const three = compared([a, b, a]);
    expect(figure(three, "score").values.slice(0, 2)).toEqual(figure(compared([a, b]), "score").values);
    expect(figure(three, "score").changes[1]).toMatchObject({ finding: "same" });
  });
});

describe("figures", () => {
  test("best, pass and shares are of k attempts, the most that half of the items have everywhere", () => {
    const found = compared([
      [...scored("a", 0, 1, 1), ...scored("b", 0, 0, 0), ...scored("c", 1)],
      [...scored("a", 1, 1), ...scored("b", 0, 0.5), ...scored("c", 1, 1)],
    ]);
    expect(found.k).toBe(2);
    // Of the three choices of two of a's attempts, none is all 0, one is all 1, two differ.
    expect(values(found, "best_of_k")).toEqual([0.5, 0.75]);
    expect(values(found, "pass_at_k")).toEqual([0.5, 0.5]);
    expect(values(found, "always_zero")).toEqual([0.5, 0]);
    expect(values(found, "always_one")).toEqual([expect.closeTo(1 / 6), 0.5]);
    expect(values(found, "varied")).toEqual([expect.closeTo(1 / 3), 0.5]);
    expect(figure(found, "best_of_k").items).toBe(2);
  });

  test("more attempts alone change none of them", () => {
    const few = Array.from({ length: 8 }, (_, at) => scored(`i${at}`, at % 2, at % 2)).flat();
    const many = Array.from({ length: 8 }, (_, at) =>
      scored(`i${at}`, ...Array.from({ length: 9 }, () => at % 2)),
    ).flat();
    for (const { changes } of compared([few, many]).figures) expect(changes[0]?.finding).toBe("same");
  });

  test("of one attempt there is no best of k", () => {
    expect(compared([items(3, 0, 1), items(3, 1)]).figures.map(({ name }) => name)).not.toContain("best_of_k");
  });

  test("times, tokens, calls, mistakes and calls over the budget are means of items", () => {
    const trouble = [
      { calls: [call("search", { outcome: "mistake" }), call("search", { outcome: "over_budget" })] },
      { calls: [call("list")] },
    ];
    const found = compared([scored("a", 1), [rollout("a", 1, { turns: trouble })]]);
    expect(values(found, "answer_time")).toEqual([4_000, 4_000]);
    expect(values(found, "reasoning_tokens")).toEqual([60, 60]);
    expect(values(found, "calls")).toEqual([2, 3]);
    expect(values(found, "tool_calls", "search")).toEqual([1, 2]);
    expect(values(found, "repeats")).toEqual([0, 1]);
    expect(values(found, "mistakes")).toEqual([0, 1]);
    expect(values(found, "over_budget")).toEqual([0, 1]);
  });

  test("the tools that are counted are those called most, though a model calls others by numbers", () => {
    const called = [["search"], ["search"], ["list"], ["list"], ...Array.from({ length: 9 }, (_, at) => [String(at)])];
    const played = [rollout("a", 1, { turns: turns(...called) })];
    const tools = compared([played, played]).figures.flatMap(({ tool }) => tool ?? []);
    expect(tools).toEqual(["list", "search", "0", "1", "2", "3"]);
  });

  test("there are no tokens where one side has none, and no time of a model that there was not", () => {
    const noModel = rollout("a", 1, { tokens: null, milliseconds: { answer: 9, model: 0, tools: 8, grading: 1 } });
    const names = (...sides: Parameters<typeof compared>[0]) => compared(sides).figures.map(({ name }) => name);
    expect(names(scored("a", 1), [noModel])).not.toContain("output_tokens");
    expect(names([noModel], [noModel])).not.toContain("model_time");
  });
});

describe("calls and items", () => {
  const before = [
    rollout("a", 1, { turns: turns(["search"], ["search"], ["cat"]), score: 0 }),
    rollout("a", 2, { turns: turns(["search"], ["cat"]), score: 1 }),
    rollout("b", 1, { turns: turns(["search", "list"]), score: 1 }),
    rollout("c", 1, { turns: turns(["cat"]), score: 0.5 }),
  ];
  const after = [
    rollout("a", 1, { turns: turns(["search"], ["cat"]), score: 1 }),
    rollout("b", 1, { turns: turns(["search", "list"], ["cat"]), score: 0 }),
    rollout("b", 2, { turns: turns(["search", "list"], ["cat"]), score: 0.5 }),
    rollout("c", 1, { turns: turns(["cat"]), score: 0.5 }),
  ];
  const found = compared([before, after], { kindOf: (question) => question.split(" ")[0] ?? "" });

  test("pairs of tools are counted for each rollout, item by item", () => {
    expect(found.bigrams).toContainEqual({ from: "search", to: "search", per_rollout: [expect.closeTo(1 / 6), 0] });
    expect(found.bigrams).toContainEqual({ from: "list", to: "cat", per_rollout: [0, expect.closeTo(1 / 3)] });
    expect(found.bigrams).not.toContainEqual(expect.objectContaining({ from: "cat", to: "cat" }));
  });

  test("sequences have their shares and scores on each side", () => {
    expect(found.sequences).toContainEqual({ sequence: "search > cat", shares: [0.25, 0.25], mean_scores: [1, 1] });
    expect(found.sequences[0]).toEqual({
      sequence: "search + list > cat",
      shares: [0, 0.5],
      mean_scores: [null, 0.25],
    });
  });

  test("items are sorted from the worst change to the best, with the attempts that show it", () => {
    const [pair] = found.pairs;
    expect(pair?.items.map(({ item, score, calls }) => [item, score, calls])).toEqual([
      ["b", -0.75, 1],
      ["c", 0, 0],
      ["a", 0.5, -0.5],
    ]);
    expect(pair?.items.map(({ attempts }) => attempts)).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(pair?.items[0]?.scores).toEqual([[1], [0, 0.5]]);
  });

  test("quadrants and axes have their counts", () => {
    const { count } = quadrantsOf(found.pairs[0]?.items ?? []);
    expect([count("better", "fewer"), count("worse", "more"), count("equal", "same"), count("better", "more")]).toEqual(
      [1, 1, 1, 0],
    );
  });

  test("equal means that are summed in another order are equal", () => {
    const [one, two] = [scored("a", 0.1, 0.2, 0.3), scored("a", 0.3, 0.2, 0.1)];
    expect(compared([one, two]).pairs[0]?.items[0]?.score).toBe(0);
    expect(figure(compared([one, two]), "score").changes[0]?.finding).toBe("same");
  });

  test("kinds of questions are compared by themselves", () => {
    expect(found.kinds).toMatchObject([{ kind: "what", items: 3, values: [{ value: 2 / 3 }, { value: 1.75 / 3 }] }]);
    expect(compared([before, after]).kinds).toEqual([]);
  });
});

test("what is not played is told", () => {
  const found = compared([scored("a", 1), scored("a", 1)], {
    results: [1, 2].map((at) => ({
      label: String(at),
      manifest: manifest({ items: 4, attempts: 2 }),
      attempts: scored("a", 1).map(attemptOf),
      cut: at === 2,
    })),
  });
  expect(found.results.map(({ rollouts, cut }) => [rollouts.planned, rollouts.unattempted, cut])).toEqual([
    [8, 7, false],
    [8, 7, true],
  ]);
});
