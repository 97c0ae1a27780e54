/**
 * Several tests at once: with enough of them, one finds something by chance. Holm's correction keeps the probability of a single
 * false finding among all of them at its level, whatever their dependence (S. Holm, A Simple Sequentially Rejective Multiple Test
 * Procedure, 1979). Pure.
 */

/** Each p as it counts among all of them, in their order. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, at) => ({ p, at })).toSorted((a, b) => a.p - b.p);
  const corrected = ps.map(() => 1);
  let least = 0;
  for (const [rank, { p, at }] of order.entries()) {
    least = Math.max(least, Math.min(1, p * (ps.length - rank)));
    corrected[at] = least;
  }
  return corrected;
}
