/**
 * What a trainer makes of a score: a little less for each call and for thinking, so that of two rollouts with the same score
 * the shorter one is worth more. Pure.
 */

/** So small that the budget of ten calls costs less than an answer that is half right is worth. */
const CALL_COST = 0.005;
const REASONING_TOKEN_COST = 0.000005;
/** And no more than this for thinking, however long it took. */
const MOST_REASONING_COST = 0.05;

export function rewardOf(rollout: { score: number; calls: number; reasoningTokens: number }): number {
  const thinking = Math.min(MOST_REASONING_COST, REASONING_TOKEN_COST * rollout.reasoningTokens);
  return rollout.score - CALL_COST * rollout.calls - thinking;
}
