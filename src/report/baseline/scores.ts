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

/** @param attempts at each item; k goes from 1 to there */
export function bestOf(items: readonly ItemFigures[], attempts: number, randoms: Randoms): Baseline["best_of"] {
  return Array.from({ length: attempts }, (_, at) => at + 1).flatMap((k) => {
    const enough = items.filter(({ scores }) => scores.length >= k);
    if (enough.length === 0) return [];
    const best = enough.map(({ scores }) => bestOfK(scores, k));
    const gain = enough.map(({ mean: middle }, place) => (best[place] ?? middle) - middle);
    const pass = enough.map(({ scores }) => passAtK(scores.length, scores.filter(isSuccess).length, k));
    const random = randoms(`best of ${k}`);
    const estimate = (values: readonly number[]) => bootstrapMean(values, random);
    return [{ k, items: enough.length, best: estimate(best), pass: estimate(pass), gain: estimate(gain) }];
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
