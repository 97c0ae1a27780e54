/**
 * What the best of k attempts would be, from n that were made: averages over all choices of k of them, so that no attempt counts
 * for more than it is (unbiased for k up to n). Source: M. Chen et al., Evaluating Large Language Models Trained on Code, 2021,
 * section 2.1, which has it for pass@k; the expected maximum is the same argument. Pure.
 */

/**
 * The probability that at least one of k attempts succeeds, 1 - C(n - c, k) / C(n, k), as a product that cannot overflow.
 * @param n attempts made, k at most
 * @param c those of them that succeeded
 */
export function passAtK(n: number, c: number, k: number): number {
  if (n - c < k) return 1;
  let allFail = 1;
  for (let at = n - c + 1; at <= n; at++) allFail *= 1 - k / at;
  return 1 - allFail;
}

/**
 * The expected best score of k attempts: the i-th smallest of n is the best of C(i - 1, k - 1) of the C(n, k) choices.
 * @param scores of n attempts, k at least
 */
export function bestOfK(scores: readonly number[], k: number): number {
  const sorted = scores.toSorted((a, b) => b - a);
  const n = sorted.length;
  // From the largest down: the share of choices in which it is the best, then that of the next.
  let share = k / n;
  let expected = 0;
  for (const [at, score] of sorted.entries()) {
    expected += share * score;
    const left = n - 1 - at;
    if (left < k) break;
    share *= (left - k + 1) / left;
  }
  return expected;
}
