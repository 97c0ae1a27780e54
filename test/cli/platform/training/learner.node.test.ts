/** Whether learning goes where the reward is: on a choice whose best move is known. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choose, probabilitiesOf } from "../../../../src/cli/platform/policy/choose.ts";
import type { Policy } from "../../../../src/cli/platform/policy/policy.ts";
import { gradientOf, Learner } from "../../../../src/cli/platform/training/learner.ts";
import { rewardOf } from "../../../../src/cli/platform/training/reward.ts";
import type { Move, Practice } from "../../../../src/environments/practice.ts";
import { seededRandom } from "../../../../src/environments/random.ts";

const bandit: Move[] = ["bad", "good", "poor"].map((name) => ({
  turn: { kind: "answer", text: name },
  features: { [name]: 1 },
  among: 1,
}));
const practice: Practice = { moves: () => bandit };

function trained(seed: number, worth: Record<string, number>, steps = 40): Policy {
  const learner = new Learner({ weights: {} }, 0.15);
  const random = seededRandom("bandit", seed);
  for (let step = 0; step < steps; step++) {
    const group = Array.from({ length: 16 }, () => {
      const { turn, gradient } = choose(learner.policy, practice, "", [], random);
      return { reward: turn.kind === "answer" ? (worth[turn.text] ?? 0) : 0, gradients: [gradient] };
    });
    learner.step([group]);
  }
  return learner.policy;
}

test("the move that is worth most becomes the likeliest, whatever is drawn", () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom("bad", "good", "poor"), (seed, best) => {
      const likely = probabilitiesOf(trained(seed, { [best]: 1 }), bandit);
      expect(likely[bandit.findIndex(({ turn }) => turn.kind === "answer" && turn.text === best)]).toBeGreaterThan(0.8);
    }),
    { numRuns: 30 },
  );
});

test("where all is worth the same, nothing is learnt", () => {
  expect(trained(1, { bad: 0.5, good: 0.5, poor: 0.5 }).weights).toEqual({});
});

describe("the gradient", () => {
  const lesson = (reward: number, slope: number) => ({ reward, gradients: [{ x: slope }] });

  test("compares a rollout with the others of its row", () => {
    // Advantages 1 and -1, over two rollouts.
    expect(gradientOf([[lesson(1, 2), lesson(0, 1)]])).toEqual({ x: (1 * 2 - 1 * 1) / 2 });
  });

  test("is not moved by how hard a row is", () => {
    const easy = [lesson(0.9, 1), lesson(0.8, 0)];
    const hard = [lesson(0.2, 1), lesson(0.1, 0)];
    expect(gradientOf([easy]).x).toBeCloseTo(gradientOf([hard]).x ?? NaN, 12);
  });

  test("learns nothing of a rollout whose others were discarded", () => {
    expect(gradientOf([[lesson(1, 2)], []])).toEqual({});
    expect(gradientOf([[lesson(1, 2)], [lesson(1, 2), lesson(0, 1)]])).toEqual({ x: 0.5 });
  });
});

test("of two rollouts with one score the shorter one is worth more, and never as much as a better score", () => {
  const rollout = { score: 0.5, calls: 2, reasoningTokens: 100 };
  const longer = { ...rollout, calls: 3 };
  expect(rewardOf(longer)).toBeLessThan(rewardOf(rollout));
  expect(rewardOf({ ...rollout, reasoningTokens: 200 })).toBeLessThan(rewardOf(rollout));
  expect(rewardOf({ score: 1, calls: 10, reasoningTokens: 1e9 })).toBeGreaterThan(rewardOf(rollout));
});
