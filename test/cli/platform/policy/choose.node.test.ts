/** How a policy chooses: its probabilities, and their derivatives held against differences. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { choose, probabilitiesOf } from "../../../../src/cli/platform/policy/choose.ts";
import { untrained } from "../../../../src/cli/platform/policy/policy.ts";
import { findPractice } from "../../../../src/cli/platform/policy/practices.ts";
import type { Move, Practice } from "../../../../src/environments/practice.ts";
import type { ToolUse } from "../../../../src/environments/rehearsal.ts";
import { seededRandom } from "../../../../src/environments/random.ts";

const names = ["a", "b", "c", "d"];
const numbers = fc.double({ min: -2, max: 2, noNaN: true });
const weights = fc.record(Object.fromEntries(names.map((name) => [name, numbers])));
const features = fc.dictionary(fc.constantFrom(...names), fc.double({ min: 0, max: 1, noNaN: true }));
/** Few texts: several moves are the same answer. */
const moves = fc.array(
  fc.record({
    turn: fc.oneof(
      fc.record({ kind: fc.constant("answer" as const), text: fc.constantFrom("1", "2") }),
      fc.record({
        kind: fc.constant("calls" as const),
        calls: fc.constant<ToolUse[]>([{ tool: "search", arguments: {} }]),
      }),
    ),
    features,
    among: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 8 },
);
const offering = (offered: Move[]): Practice => ({ moves: () => offered });

test("the gradient is the derivative of the logarithm of what the choice was likely to be", () => {
  fc.assert(
    fc.property(weights, moves, fc.integer(), (weighed, offered, seed) => {
      const { turn, gradient } = choose({ weights: weighed }, offering(offered), "", [], seededRandom(seed));
      const logarithm = (changed: Record<string, number>) => {
        const likely = probabilitiesOf({ weights: changed }, offered);
        const same = offered.map((move) => JSON.stringify(move.turn) === JSON.stringify(turn));
        return Math.log(likely.reduce((sum, p, at) => sum + (same[at] ? p : 0), 0));
      };
      const h = 1e-5;
      for (const name of names) {
        const [up, down] = [h, -h].map((step) => logarithm({ ...weighed, [name]: (weighed[name] ?? 0) + step }));
        expect(gradient[name] ?? 0).toBeCloseTo(((up ?? NaN) - (down ?? NaN)) / (2 * h), 4);
      }
    }),
  );
});

test("a move counts for one of so many of its kind", () => {
  const answer = (text: string, among: number): Move => ({ turn: { kind: "answer", text }, features: {}, among });
  const offered = [answer("a", 1), answer("b", 2), answer("c", 2)];
  expect(probabilitiesOf({ weights: {} }, offered)).toEqual([0.5, 0.25, 0.25]);
});

test("a choice that is certain takes no thought, and one between many a lot", () => {
  const offered = Array.from({ length: 10 }, (_, at): Move => ({
    turn: { kind: "answer", text: String(at) },
    features: { [`at ${at}`]: 1 },
    among: 1,
  }));
  const chosen = (own: Record<string, number>) =>
    choose({ weights: own }, offering(offered), "", [], seededRandom("one"));
  expect(chosen({ "at 3": 50 })).toMatchObject({ reasoningTokens: 0, outputTokens: 1, turn: { text: "3" } });
  expect(chosen({}).reasoningTokens).toBe(9);
});

test("the stand-in is given what it can do with its tools alone", () => {
  const turnsWith = (tools: string[]) =>
    findPractice(tools)
      ?.moves("what was revenue in 2012?", [])
      .flatMap(({ turn }) => (turn.kind === "calls" ? turn.calls.map(({ tool }) => tool) : []));
  expect(new Set(turnsWith(["search", "list", "cat"]))).toEqual(new Set(["search", "list"]));
  expect(new Set(turnsWith(["search"]))).toEqual(new Set(["search"]));
  expect(findPractice(["search", "weather"])).toBeUndefined();
  expect(findPractice([])).toBeUndefined();
});

test("the base model knows features that there are", () => {
  const practice = findPractice(["search", "list", "cat"]);
  const output = "1. A/2012/page_1.pdf\nrevenue was $ 7 million in 2012 .";
  const page = `revenue was $ 7 million in 2012 .\n\n|  | 2012 | 2011 |\n| --- | --- | --- |\n| revenue | 7 | 5 |\n| total | 9 | 8 |`;
  const search = { tool: "search", arguments: { query: "revenue" }, output };
  const cat = { tool: "cat", arguments: { path: "A/2012/page_1.pdf" }, output: page };
  const questions = [
    "revenue in 2012?",
    "percent change, difference, sum, average, ratio of revenue in 2012",
    "share?",
  ];
  const kinds = ["growth percent change", "change of revenue", "sum of revenue", "average revenue", "ratio"];
  const offered = [[], [[search]], [[search], [cat]]].flatMap((turns) =>
    [...questions, ...kinds].flatMap((question) => practice?.moves(question, turns) ?? []),
  );
  const known = new Set(offered.flatMap((move) => Object.keys(move.features)));
  expect(Object.keys(untrained.weights).filter((name) => !known.has(name))).toEqual([]);
});
