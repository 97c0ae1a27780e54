/**
 * Whether discards hit some items more often than chance would. A trainer that discards a rollout trains on the others: where
 * discards are selective, the training data are no longer those that were chosen. Pure.
 */
import type { Rehearsal } from "../../contract/rehearsal.ts";

/** The chance of one false alarm in a rehearsal without any bias. */
const SIGNIFICANCE = 0.01;

/**
 * Items whose discards are too many for chance: one-sided exact binomial test of each item against the share of all rollouts,
 * corrected for the number of items by Holm's procedure (Holm, "A simple sequentially rejective multiple test procedure", 1979).
 * @param rollouts the item of each rollout that came to an end, and whether it was discarded
 */
export function discardBias(rollouts: readonly { item: string; discarded: boolean }[]): Rehearsal["discard_bias"] {
  const discarded = rollouts.filter((rollout) => rollout.discarded).length;
  const share = rollouts.length === 0 ? 0 : discarded / rollouts.length;
  const tested = [...Map.groupBy(rollouts, ({ item }) => item)]
    .map(([item, group]) => {
      const hits = group.filter((rollout) => rollout.discarded).length;
      return { item, rollouts: group.length, discarded: hits, p_value: upperTail(hits, group.length, share) };
    })
    .toSorted((a, b) => a.p_value - b.p_value);
  const firstKept = tested.findIndex(({ p_value }, rank) => p_value > SIGNIFICANCE / (tested.length - rank));
  return { share, items_tested: tested.length, items: tested.slice(0, firstKept === -1 ? tested.length : firstKept) };
}

/** P(X ≥ hits) of a binomial distribution, from the logarithms of its terms. */
export function upperTail(hits: number, trials: number, chance: number): number {
  if (hits <= 0) return 1;
  if (chance <= 0) return 0;
  if (chance >= 1) return 1;
  let logTerm = trials * Math.log1p(-chance);
  let below = 0;
  for (let k = 0; k < hits; k++) {
    below += Math.exp(logTerm);
    logTerm += Math.log((trials - k) / (k + 1)) + Math.log(chance) - Math.log1p(-chance);
  }
  // The tail itself is summed where it is small, since 1 − below would lose its digits.
  if (below < 0.9) return 1 - below;
  let tail = 0;
  for (let k = hits; k <= trials; k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((trials - k) / (k + 1)) + Math.log(chance) - Math.log1p(-chance);
  }
  return Math.min(1, tail);
}
