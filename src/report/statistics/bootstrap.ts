/**
 * How far an estimate may be off by the choice of items: the percentile bootstrap (Efron and Tibshirani, An Introduction to the
 * Bootstrap, 1993, chapter 13). Items are drawn, not rollouts, since attempts at one item are alike. It knows nothing of what no
 * item showed: where all are equal, the bounds are the estimate. Pure; randomness is an argument.
 */
import type { Estimate } from "../../contract/baseline.ts";
import { mean, quantile } from "./describe.ts";

/** The bounds leave out this share of resamples on each side: 95 % lie within. */
const TAIL = 0.025;
/** More would change the bounds in the third digit only. */
const RESAMPLES = 2_000;

/**
 * @param groups what is drawn with replacement, as many as there are; at least one
 * @param statistic of one drawing
 * @param random numbers from 0 up to 1
 */
function bootstrap<T>(
  groups: readonly T[],
  statistic: (drawn: readonly T[]) => number,
  random: () => number,
): Estimate {
  const draw = () => groups.map(() => groups[Math.floor(random() * groups.length)]!);
  const values = Array.from({ length: RESAMPLES }, () => statistic(draw())).toSorted((a, b) => a - b);
  return { value: statistic(groups), low: quantile(values, TAIL), high: quantile(values, 1 - TAIL) };
}

export const bootstrapMean = (values: readonly number[], random: () => number) => bootstrap(values, mean, random);
