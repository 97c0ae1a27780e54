/**
 * How many of a training job's groups would teach something. A group is the rollouts of one item in one step; where all get the same
 * score there is nothing to learn from. Counted are successes (a full score) and failures: where partial credit tells attempts
 * apart, more groups teach than this says. Pure.
 */
import type { Baseline, ItemFigures } from "../../contract/baseline.ts";
import { type Beta, fitBeta, mixedProbability, type Trials } from "../statistics/beta-binomial.ts";
import { bootstrap } from "../statistics/bootstrap.ts";
import { mean } from "../statistics/describe.ts";
import { isSuccess, type Randoms } from "./scores.ts";

const MULTIPLIERS = [1, 2, 4];
/** Each resample is fitted anew; more would change the bounds in the second digit only. */
const RESAMPLES = 300;

/** @param copies rollouts of an item in a step at multiplier 1, as `edgegym plan --copies` */
export function forecastOf(items: readonly ItemFigures[], copies: number, randoms: Randoms): Baseline["forecast"] {
  const trials = items.map(({ scores }) => ({ attempts: scores.length, successes: scores.filter(isSuccess).length }));
  if (!trials.some(({ attempts }) => attempts > 1)) return null;
  const fitted = fitBeta(trials);
  const multipliers = MULTIPLIERS.map((multiplier) => ({
    multiplier,
    copies: copies * multiplier,
    share: bootstrap(
      trials,
      (drawn) => signalShare(drawn, drawn === trials ? fitted : fitBeta(drawn, fitted), copies * multiplier),
      // The same drawings for each multiplier, so that more copies never seem to teach less.
      randoms("forecast"),
      RESAMPLES,
    ),
    epoch_rollouts: items.length * copies * multiplier,
  }));
  return { ...fitted, multipliers };
}

function signalShare(trials: readonly Trials[], spread: Beta, copies: number): number {
  const known = new Map<string, number>();
  const probability = (trial: Trials) => {
    const key = `${trial.successes}/${trial.attempts}`;
    const found = known.get(key) ?? mixedProbability(spread, trial, copies);
    known.set(key, found);
    return found;
  };
  return mean(trials.map(probability));
}
