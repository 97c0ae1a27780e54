/**
 * How many of a training job's groups would teach something. A group is the rollouts of one item in one step; where all get the same
 * score there is nothing to learn from. Counted are successes (a full score) and failures: where partial credit tells attempts
 * apart, more groups teach than this says. Pure.
 */
import type { Baseline, ItemFigures } from "../../contract/baseline.ts";
import { mixedShare, mode, posterior } from "../statistics/beta-binomial.ts";
import { isSuccess } from "./scores.ts";

const MULTIPLIERS = [1, 2, 4];

/** @param copies rollouts of an item in a step at multiplier 1, as `edgegym plan --copies`; the multiplier multiplies them */
export function forecastOf(items: readonly ItemFigures[], copies: number): Baseline["forecast"] {
  const trials = items.map(({ scores }) => ({ attempts: scores.length, successes: scores.filter(isSuccess).length }));
  if (!trials.some(({ attempts }) => attempts > 1)) return null;
  const spread = posterior(trials);
  const multipliers = MULTIPLIERS.map((multiplier) => ({
    multiplier,
    copies: copies * multiplier,
    share: mixedShare(trials, spread, copies * multiplier),
    epoch_rollouts: items.length * copies * multiplier,
  }));
  return { ...mode(spread), multipliers };
}
