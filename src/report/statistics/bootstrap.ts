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
 * The mean of values, and how far it may be off.
 * @param values what is drawn with replacement, as many as there are; at least one
 * @param random numbers from 0 up to 1
 */
export function bootstrapMean(values: readonly number[], random: () => number): Estimate {
  const drawnMean = () => {
    let sum = 0;
    for (let drawn = 0; drawn < values.length; drawn++) sum += values[Math.floor(random() * values.length)]!;
    return sum / values.length;
  };
  const means = Array.from({ length: RESAMPLES }, drawnMean).toSorted((a, b) => a - b);
  return { value: mean(values), low: quantile(means, TAIL), high: quantile(means, 1 - TAIL) };
}
