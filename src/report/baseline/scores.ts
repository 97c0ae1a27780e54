/** A baseline's scores by item: means, best of k, and which items could teach. Pure. */
import type { Baseline, ItemFigures } from "../../contract/baseline.ts";
import type { RolloutResult } from "../../contract/results.ts";
import { bestOfK, passAtK } from "../statistics/best-of.ts";
import { bootstrapMean } from "../statistics/bootstrap.ts";
import { deviation, mean } from "../statistics/describe.ts";

/** A rollout with its score. */
export type Graded = RolloutResult & { score: number };

/** The score from which an attempt is a success: all that there is to earn. */
const FULL_SCORE = 1;
export const isSuccess = (score: number) => score >= FULL_SCORE;

/** A random sequence by its name, so that one figure does not shift when another is added. */
export type Randoms = (name: string) => () => number;

/** By mean score, then by the best one, then by name. */
export function itemFigures(graded: readonly Graded[]): ItemFigures[] {
  const items = [...Map.groupBy(graded, ({ item }) => item)].map(([item, rollouts]) => {
    const inOrder = rollouts.toSorted((a, b) => a.attempt - b.attempt);
    const scores = inOrder.map(({ score }) => score);
    return {
      item,
      scores,
      mean: mean(scores),
      sigma: deviation(scores),
      best: scores.reduce((most, score) => Math.max(most, score), -Infinity),
      mean_calls: mean(inOrder.map(({ turns }) => turns.reduce((sum, { calls }) => sum + calls.length, 0))),
    };
  });
  return items.toSorted((a, b) => a.mean - b.mean || a.best - b.best || (a.item < b.item ? -1 : 1));
}

export function meanScore(items: readonly ItemFigures[], randoms: Randoms): Baseline["mean_score"] {
  if (items.length === 0) return null;
  return bootstrapMean(
    items.map((item) => item.mean),
    randoms("mean score"),
  );
}

/**
 * For each k the same items, so that the best can only rise with it: those with as many attempts as the largest k that at least half
 * of the items have.
 */
export function bestOf(items: readonly ItemFigures[], randoms: Randoms): Baseline["best_of"] {
  const attempts = items.map(({ scores }) => scores.length).toSorted((a, b) => b - a);
  const largest = attempts[Math.ceil(attempts.length / 2) - 1] ?? 0;
  const enough = items.filter(({ scores }) => scores.length >= largest);
  return Array.from({ length: largest }, (_, at) => at + 1).map((k) => {
    const random = randoms(`best of ${k}`);
    const estimate = (of: (item: ItemFigures) => number) => bootstrapMean(enough.map(of), random);
    return {
      k,
      items: enough.length,
      best: estimate(({ scores }) => bestOfK(scores, k)),
      pass: estimate(({ scores }) => passAtK(scores.length, scores.filter(isSuccess).length, k)),
      gain: estimate((item) => bestOfK(item.scores, k) - item.mean),
    };
  });
}

export function always(items: readonly ItemFigures[]): Baseline["always"] {
  const repeated = items.filter(({ scores }) => scores.length > 1);
  const alike = repeated.filter(({ scores }) => new Set(scores).size === 1);
  const zero = alike.filter(({ best }) => best === 0).length;
  const one = alike.filter(({ best }) => best === 1).length;
  return {
    items: repeated.length,
    zero,
    one,
    same: alike.length - zero - one,
    varied: repeated.length - alike.length,
  };
}
