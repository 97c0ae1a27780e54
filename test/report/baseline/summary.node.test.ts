import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Baseline } from "../../../src/contract/baseline.ts";
import { sequenceOf } from "../../../src/report/baseline/calls.ts";
import { anyResults, call, manifest, rollout, scored, summary, turns } from "./results.ts";

describe("scores", () => {
  // Means 0, 1/3 and 1.
  const results = [...scored("c", 1, 1, 1), ...scored("a", 0, 0, 0), ...scored("b", 0, 1, 0)];
  const found = summary(results);

  test("are told by item, from the worst mean to the best, with their own deviation and their best", () => {
    expect(found.items.map(({ item, mean, best }) => [item, mean, best])).toEqual([
      ["a", 0, 0],
      ["b", 1 / 3, 1],
      ["c", 1, 1],
    ]);
    expect(found.items[1]?.sigma).toBeCloseTo(Math.sqrt(2 / 9), 12);
    expect(found.items[1]?.scores).toEqual([0, 1, 0]);
  });

  test("count each item once", () => {
    expect(found.mean_score?.value).toBeCloseTo(4 / 9, 12);
    const uneven = summary([...scored("a", 0, null, null), ...scored("b", 1, 1, 1)]);
    expect(uneven.mean_score?.value).toBe(0.5);
  });

  test("the best of k and the share that passes", () => {
    expect(found.best_of.map(({ k, items, best }) => [k, items, best.value])).toEqual([
      [1, 3, expect.closeTo(4 / 9, 12)],
      [2, 3, expect.closeTo((0 + 2 / 3 + 1) / 3, 12)],
      [3, 3, expect.closeTo(2 / 3, 12)],
    ]);
    expect(found.best_of[1]?.pass.value).toBeCloseTo((0 + 2 / 3 + 1) / 3, 12);
  });

  test("which items are always alike", () => {
    const all = summary([...results, ...scored("d", 0.5, 0.5), ...scored("e", 1)]);
    expect(all.always).toEqual({ items: 4, zero: 1, one: 1, same: 1, varied: 1 });
    expect(all.scores).toEqual({ "0": 5, "0.5": 2, "1": 5 });
  });
});

describe("what was left out", () => {
  test("is no score, and is told with its reason", () => {
    const found = summary([...scored("a", 1, null, 1), ...scored("b", 1, 1, 1)]);
    expect(found.mean_score?.value).toBe(1);
    expect(found.rollouts).toEqual({
      planned: 6,
      graded: 5,
      faulted: 1,
      agent_failed: 0,
      unattempted: 0,
      repeated: 0,
    });
    expect(found.failures).toEqual([{ reason: "search had no answer after all tries", rollouts: 1 }]);
    // Two of three items have three attempts: the third is in none of the bests.
    const three = summary([...scored("a", 0, null, 0), ...scored("b", 1, 1, 1), ...scored("c", 0, 0, 1)]);
    expect(three.best_of.map(({ k, items }) => [k, items])).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
    expect(three.best_of[2]?.gain.value).toBeCloseTo((0 + 2 / 3) / 2, 12);
    expect(found.calls.spread.count).toBe(5);
  });

  test("and played again later counts by what came of it then", () => {
    const again = rollout("a", 2, { score: 0.5 });
    const found = summary([...scored("a", 1, null, 1), again]);
    expect(found.rollouts).toMatchObject({ graded: 3, faulted: 0, repeated: 1 });
    expect(found.items[0]?.scores).toEqual([1, 0.5, 1]);
    expect(found.failures).toEqual([]);
  });

  test("all of it leaves no score, and nothing that is no number", () => {
    const found = summary(scored("a", null, null, null));
    expect(found).toMatchObject({ mean_score: null, best_of: [], forecast: null, items: [] });
    expect(found.readiness.ready).toBe(false);
    expect(JSON.stringify(found)).not.toContain("NaN");
  });

  test("was never begun", () => {
    expect(summary(scored("a", 1), { manifest: manifest({ items: 5 }) }).rollouts.unattempted).toBe(14);
  });
});

describe("calls", () => {
  test.each([
    [[], "no call"],
    [[["search"], ["search"], ["cat", "list"]], "search x2 > cat + list"],
    [[["search", "search"], ["search"], ["search"]], "search + search > search x2"],
  ])("the sequence of %j", (tools, expected) => {
    expect(sequenceOf(turns(...tools))).toBe(expected);
  });

  test("are counted by rollout and by tool, with what was wrong with them", () => {
    const first = rollout("a", 1, {
      turns: [
        { calls: [call("search", { milliseconds: 10 }), call("search", { milliseconds: 30, faults: 2 })] },
        { calls: [call("search", { outcome: "mistake", mistake: "arguments" }), call("cat", { status: 413 })] },
      ],
    });
    const found = summary([first, rollout("b", 1, { turns: [] })]);
    expect(found.calls.spread).toMatchObject({ mean: 2, most: 4 });
    expect(found.calls.histogram).toEqual({ "0": 1, "4": 1 });
    expect(found.calls.per_turn).toBe(2);
    expect(found.calls.repeats).toBe(2);
    expect(found.calls.tools).toEqual([
      expect.objectContaining({
        tool: "search",
        calls: 3,
        per_rollout: 1.5,
        mistakes: 1,
        refused: 0,
        healed_faults: 2,
        repeats: 2,
      }),
      expect.objectContaining({ tool: "cat", calls: 1, per_rollout: 0.5, mistakes: 0, refused: 1 }),
    ]);
    expect(found.calls.tools[0]?.milliseconds).toMatchObject({ mean: 20, p50: 20, most: 30 });
  });

  test("the commonest sequences come first, with what they score", () => {
    const cheap = { turns: turns(["search"]), score: 0 };
    const found = summary([rollout("a", 1, cheap), rollout("a", 2, { ...cheap, score: 1 }), rollout("a", 3)]);
    expect(found.calls.sequences).toEqual([
      { sequence: "search", rollouts: 2, mean_score: 0.5 },
      { sequence: "search > cat", rollouts: 1, mean_score: 1 },
    ]);
  });
});

describe("tokens", () => {
  test("cost what the prices given say, those of rollouts that were left out too", () => {
    const prices = { input: 1, cached: 0.25, output: 4 };
    // 600 of input, 400 cached, 100 of output: (600 + 100 + 400) / 1,000,000 each.
    const found = summary(scored("a", 1, null), { prices });
    expect(found.tokens?.cost).toBeCloseTo((2 * 1_100) / 1e6, 12);
    expect(found.tokens?.cost_per_rollout).toBeCloseTo(1_100 / 1e6, 12);
    expect(found.tokens?.input).toMatchObject({ count: 1, mean: 1_000 });
  });

  test("have no cost without prices, and there are none where nothing counts them", () => {
    expect(summary(scored("a", 1)).tokens).toMatchObject({ cost: null, cost_per_rollout: null });
    expect(summary([rollout("a", 1, { tokens: null })]).tokens).toBeNull();
  });
});

test("answers are told by where they can have come from", () => {
  const read = rollout("a", 1);
  const none = rollout("a", 2, { grade: { value: "7", explanation: "", sub_scores: {}, evidence: "none" }, score: 0 });
  expect(summary([read, none, rollout("a", 3, { grade: null })]).evidence).toEqual({
    answer: { rollouts: 1, full_scores: 1 },
    none: { rollouts: 1, full_scores: 0 },
    unknown: { rollouts: 1, full_scores: 1 },
  });
});

test("with most items attempted once there is no best of more", () => {
  const found = summary([...scored("a", 0, 1), ...scored("b", 1), ...scored("c", 0)]);
  expect(found.best_of.map(({ k, items }) => [k, items])).toEqual([[1, 3]]);
});

test("of any results the figures are what the contract says", () => {
  fc.assert(
    fc.property(anyResults(fc.string({ maxLength: 8 })), (results) => {
      const found = summary(results);
      expect(Baseline.parse(found)).toEqual(found);
      const { graded, faulted, agent_failed } = found.rollouts;
      const bests = found.best_of.map(({ best }) => best.value);
      for (const [at, best] of bests.entries()) expect(best).toBeGreaterThanOrEqual((bests[at - 1] ?? best) - 1e-3);
      expect(found.items.reduce((sum, { scores }) => sum + scores.length, 0)).toBe(graded);
      expect(found.failures.reduce((sum, { rollouts }) => sum + rollouts, 0)).toBe(faulted + agent_failed);
    }),
    { numRuns: 25 },
  );
});
