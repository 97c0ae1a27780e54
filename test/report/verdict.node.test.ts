import { describe, expect, test } from "vitest";
import { verdictOf } from "../../src/report/verdict.ts";
import { brokenExample, emptyExample, example } from "./example.ts";

const check = (violations: number, occasions: number) => ({
  name: "lost",
  promise: "None is lost.",
  violations,
  occasions,
  examples: [],
});

describe("the verdict", () => {
  test("is good only where all was tried and held", () => {
    expect(verdictOf(example())).toEqual({ state: "kept", headline: "All 13 promises kept", notes: [] });
  });

  test("is bad as soon as one promise is broken", () => {
    expect(verdictOf(brokenExample())).toMatchObject({ state: "broken", headline: "2 of 13 promises broken" });
    expect(verdictOf(example({ checks: [check(1, 0)] })).state).toBe("broken");
  });

  test("does not count a promise that nothing could have broken", () => {
    const { state, headline, notes } = verdictOf(example({ checks: [check(0, 5), check(0, 0)] }));
    expect([state, headline]).toEqual(["kept", "1 of 2 promises kept, 1 not tried"]);
    expect(notes).toEqual(["A promise without an occasion to be broken shows nothing."]);
  });

  test("of nothing is not good", () => {
    expect(verdictOf(example({ checks: [] }))).toMatchObject({ state: "untried", headline: "Nothing was shown" });
    expect(verdictOf(emptyExample())).toEqual({
      state: "untried",
      headline: "Nothing was shown",
      notes: [
        "Interrupted after 210 ms: this is what was known by then.",
        "No rollout was graded, so no score was checked.",
      ],
    });
  });

  test("says when rollouts ended without a grade", () => {
    const rollouts = { planned: 500, graded: 498, discarded: 0, unfinished: 2 };
    expect(verdictOf(example({ rollouts })).notes).toEqual([
      "2 rollouts ended without a grade and were not discarded: the agent failed.",
    ]);
  });
});
