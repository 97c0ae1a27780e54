import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Outcome } from "../../../src/contract/ledger.ts";
import { decide, type Situation } from "../../../src/worker/rollout/rules.ts";

const fresh: Situation = {
  faulted: false,
  idUsed: false,
  graded: false,
  counted: 0,
  budget: 10,
  kept: 0,
  keptAtMost: 1_000,
};
const situation = fc.record({
  faulted: fc.boolean(),
  idUsed: fc.boolean(),
  graded: fc.boolean(),
  counted: fc.nat(12),
  budget: fc.integer({ min: 1, max: 12 }),
  kept: fc.nat(12),
  keptAtMost: fc.nat(12),
});
const outcome = fc.constantFrom(...Outcome.options.filter((option) => option !== "over_budget"));

describe("a new call", () => {
  test.each<[string, Partial<Situation>, string]>([
    ["is accepted", {}, "accept"],
    ["is accepted as the last of the budget", { counted: 9, kept: 30 }, "accept"],
    ["is over budget when the budget is spent", { counted: 10 }, "over_budget"],
    ["is over budget when more than the budget is spent", { counted: 11 }, "over_budget"],
    ["is a mistake under an id that was used", { idUsed: true }, "mistake"],
    ["is a mistake after the grading", { graded: true }, "mistake"],
    ["is over budget before all else", { counted: 10, idUsed: true, graded: true }, "over_budget"],
  ])("%s", (_, given, expected) => {
    const decision = decide({ ...fresh, ...given }, "ok");
    expect(decision.kind === "refuse" ? decision.outcome : decision.kind).toBe(expected);
  });

  test("that is refused explains itself, and is kept while there is room", () => {
    fc.assert(
      fc.property(situation, outcome, (given, came) => {
        const decision = decide(given, came);
        fc.pre(decision.kind === "refuse");
        expect(decision.store).toBe(given.kept < given.keptAtMost);
        expect(decision.output).toMatch(/this call was not run\./);
      }),
    );
  });
});

describe("a call that has only faulted", () => {
  test("is healed by any answer and counts any further fault, whatever else has happened", () => {
    fc.assert(
      fc.property(situation, outcome, (given, came) => {
        expect(decide({ ...given, faulted: true }, came)).toEqual({ kind: came === "fault" ? "count_fault" : "heal" });
      }),
    );
  });
});

test("how a new call came out has no say in what becomes of it", () => {
  fc.assert(
    fc.property(situation, outcome, outcome, (given, one, other) => {
      const unknown = { ...given, faulted: false };
      expect(decide(unknown, one)).toEqual(decide(unknown, other));
    }),
  );
});

test("no call beyond the budget is ever accepted", () => {
  fc.assert(
    fc.property(situation, outcome, (given, came) => {
      const { kind } = decide({ ...given, faulted: false, counted: given.budget + given.counted }, came);
      expect(kind).toBe("refuse");
    }),
  );
});
