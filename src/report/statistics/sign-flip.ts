/**
 * Whether paired differences are more than chance: the sign-flip permutation test (R. A. Fisher, The Design of Experiments, 1935, section 21).
 * Were both sides alike, each difference could as well have had the other sign; p is the share of all choices of signs whose
 * mean is at least as far from zero as the one that was seen. Two-sided. It takes items as independent, and nothing else. Pure;
 * randomness is an argument.
 */
import { limits } from "../../contract/limits.ts";
import { deviation } from "./describe.ts";

export interface SignFlip {
  /** At most 1. */
  p: number;
  /** `exact`: all choices of signs were looked at. `monte_carlo`: as many as `limits.signFlips`, drawn. */
  method: "exact" | "monte_carlo";
  /** The smallest p that it could have given. */
  resolution: number;
}

/** Sums of the same differences in another order are not always the same to the last bit. */
const ROUNDING = 1e-9;

/**
 * @param differences one for each item
 * @param random numbers from 0 up to 1
 */
export function signFlipTest(differences: readonly number[], random: () => number): SignFlip {
  // A difference of nothing has no sign.
  const values = differences.filter((difference) => difference !== 0);
  if (values.length === 0) return { p: 1, method: "exact", resolution: 1 };
  const sum = values.reduce((total, value) => total + value, 0);
  const size = values.reduce((total, value) => total + Math.abs(value), 0);
  const observed = Math.abs(sum) - ROUNDING * size;
  if (values.length <= limits.signFlipExactItems) return enumerated(values, observed);
  return drawn(values, sum, observed, random);
}

/** All choices of signs, by Gray's code: each differs from the one before by one sign. Half of them, as the others mirror these. */
function enumerated(values: readonly number[], observed: number): SignFlip {
  const signed = [...values];
  const choices = 2 ** (values.length - 1);
  let total = values.reduce((sum, value) => sum + value, 0);
  let asFar = 0;
  for (let choice = 1; ; choice++) {
    if (Math.abs(total) >= observed) asFar++;
    if (choice >= choices) break;
    // The lowest bit of the number says whose turn it is; the last difference keeps its sign.
    const at = 31 - Math.clz32(choice & -choice);
    const flipped = -signed[at]!;
    signed[at] = flipped;
    total += 2 * flipped;
  }
  return { p: asFar / choices, method: "exact", resolution: 1 / choices };
}

/** What was seen counts as one of the drawings, so that p is never 0 (Phipson and Smyth, 2010). */
function drawn(values: readonly number[], sum: number, observed: number, random: () => number): SignFlip {
  const numbers = Float64Array.from(values);
  let asFar = 1;
  for (let drawing = 0; drawing < limits.signFlips; drawing++) {
    let positive = 0;
    let signs = 0;
    for (let at = 0; at < numbers.length; at++) {
      if (at % 31 === 0) signs = Math.floor(random() * 2 ** 31);
      positive += (signs & 1) * numbers[at]!;
      signs >>= 1;
    }
    if (Math.abs(2 * positive - sum) >= observed) asFar++;
  }
  const drawings = limits.signFlips + 1;
  return { p: asFar / drawings, method: "monte_carlo", resolution: 1 / drawings };
}

/** Standard errors that a true difference has to be apart from zero to be seen at 5 % in 80 of 100 comparisons: 1.96 and 0.84. */
const STANDARD_ERRORS = 2.8;
/** With fewer, no choice of signs is rarer than 5 %. */
const FEWEST = 6;

/**
 * The smallest true difference that such items would show at the level of 5 % in four of five comparisons, by the normal
 * approximation; null where nothing could be shown, or nothing varied that would say.
 */
export function detectableDifference(differences: readonly number[]): number | null {
  const { length } = differences;
  const sigma = deviation(differences);
  if (length < FEWEST || sigma === 0) return null;
  return (STANDARD_ERRORS * sigma) / Math.sqrt(length - 1);
}
