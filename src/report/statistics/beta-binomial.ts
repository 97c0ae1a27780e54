/**
 * From how often items were solved in a few attempts to how often a group of more attempts would teach something. Model: each item
 * has a success rate of its own, the rates are spread over items as Beta(a, b), attempts are independent (beta-binomial). What is
 * known of a and b is their posterior over a grid, with the prior p(a, b) in proportion to (a + b)^(-5/2). Source: Gelman et al.,
 * Bayesian Data Analysis, 3rd edition, section 5.3, whose example this is but for the last step. Pure.
 */
import type { Estimate } from "../../contract/baseline.ts";

/** What was seen of an item. */
export interface Trials {
  attempts: number;
  successes: number;
}

export interface Beta {
  a: number;
  b: number;
}

export interface Weighted extends Beta {
  /** Its share of the posterior; all weights together are 1. */
  weight: number;
}

/** The grid: log(a / b) and log(a + b), as the source has it. Beyond these bounds no item's attempts would look different. */
const LOGIT = { from: -7, to: 7 };
const LOG_SIZE = { from: Math.log(0.02), to: Math.log(200) };
const POINTS = 48;
/** The bounds of an estimate leave out this share of the posterior on each side. */
const TAIL = 0.025;

/** What the trials say of the spread of success rates. */
export function posterior(trials: readonly Trials[]): Weighted[] {
  const counted = countAlike(trials);
  const points = grid(LOGIT).flatMap((logit) => grid(LOG_SIZE).map((logSize) => pointAt(logit, logSize)));
  const heights = points.map(({ a, b, logPrior }) => logPrior + logLikelihood(counted, { a, b }));
  // A logarithm of a tiny probability: only how far each is below the highest can be seen.
  const highest = heights.reduce((most, height) => Math.max(most, height), -Infinity);
  const weights = heights.map((height) => Math.exp(height - highest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return points.map(({ a, b }, at) => ({ a, b, weight: (weights[at] ?? 0) / sum }));
}

/**
 * The share of groups of `copies` attempts at one item in which some succeed and some fail: on average over the items, each with
 * what was seen of it.
 * @param trials at least one
 */
export function mixedShare(trials: readonly Trials[], spread: readonly Weighted[], copies: number): Estimate {
  const counted = countAlike(trials);
  const shares = spread.map(({ weight, ...beta }) => {
    const sum = counted.reduce((total, one) => total + one.items * mixedProbability(beta, one, copies), 0);
    return { share: sum / trials.length, weight };
  });
  const sorted = shares.toSorted((a, b) => a.share - b.share);
  const value = sorted.reduce((total, { share, weight }) => total + share * weight, 0);
  return { value, low: weightedQuantile(sorted, TAIL), high: weightedQuantile(sorted, 1 - TAIL) };
}

/** The likeliest spread. */
export function mode(spread: readonly Weighted[]): Beta {
  const { a, b } = spread.reduce((best, point) => (point.weight > best.weight ? point : best));
  return { a, b };
}

/**
 * The probability that of `copies` attempts at an item some succeed and some fail, given what was seen of it: one minus E[p^n] and
 * E[(1 - p)^n] under its own posterior, Beta(a + successes, b + failures).
 */
export function mixedProbability({ a, b }: Beta, { attempts, successes }: Trials, copies: number): number {
  const [alpha, beta] = [a + successes, b + attempts - successes];
  const every = logRising(alpha + beta, copies);
  const mixed = 1 - Math.exp(logRising(alpha, copies) - every) - Math.exp(logRising(beta, copies) - every);
  return Math.max(0, mixed);
}

function grid({ from, to }: { from: number; to: number }): number[] {
  return Array.from({ length: POINTS }, (_, at) => from + ((to - from) * at) / (POINTS - 1));
}

/** On the grid's axes the prior is a b (a + b)^(-5/2). */
function pointAt(logit: number, logSize: number): Beta & { logPrior: number } {
  const size = Math.exp(logSize);
  const share = 1 / (1 + Math.exp(-logit));
  const [a, b] = [size * share, size * (1 - share)];
  return { a, b, logPrior: Math.log(a) + Math.log(b) - 2.5 * logSize };
}

interface Counted extends Trials {
  items: number;
}

function countAlike(trials: readonly Trials[]): Counted[] {
  const groups = Map.groupBy(trials, ({ attempts, successes }) => `${successes}/${attempts}`);
  return [...groups.values()].flatMap(([first, ...rest]) => (first ? [{ ...first, items: rest.length + 1 }] : []));
}

function logLikelihood(counted: readonly Counted[], { a, b }: Beta): number {
  const of = ({ attempts, successes, items }: Counted) =>
    items * (logRising(a, successes) + logRising(b, attempts - successes) - logRising(a + b, attempts));
  return counted.reduce((sum, one) => sum + of(one), 0);
}

/** The logarithm of x (x + 1) … (x + n - 1). */
function logRising(x: number, n: number): number {
  let sum = 0;
  for (let at = 0; at < n; at++) sum += Math.log(x + at);
  return sum;
}

/** The first of the sorted shares up to which so much of the weight lies. */
function weightedQuantile(sorted: readonly { share: number; weight: number }[], part: number): number {
  let sum = 0;
  for (const { share, weight } of sorted) {
    sum += weight;
    if (sum >= part) return share;
  }
  return sorted.at(-1)?.share ?? 0;
}
