/** How results differ in the order of their calls: which tool follows which, and the commonest sequences. Pure. */
import type { Comparison } from "../../contract/comparison.ts";
import { limits } from "../../contract/limits.ts";
import { mean, tally } from "../statistics/describe.ts";
import type { GradedAttempt } from "./attempt.ts";
import { type CommonItem, meanScore } from "./common.ts";

/** Of every pair of the tools that were called most; a pair that no result has is not listed. */
export function bigramsOf(items: readonly CommonItem[], tools: readonly string[]): Comparison["bigrams"] {
  const pairs = tools.flatMap((from) => tools.map((to) => ({ from, to })));
  const byItem = items.map(({ sides }) => sides.map(bigramMeans));
  return pairs
    .map(({ from, to }) => ({
      from,
      to,
      per_rollout: (items[0]?.sides ?? []).map((_, at) =>
        mean(byItem.map((sides) => sides[at]?.get(key(from, to)) ?? 0)),
      ),
    }))
    .filter(({ per_rollout }) => per_rollout.some((number) => number > 0));
}

const key = (from: string, to: string) => JSON.stringify([from, to]);

/** How often an item's rollouts have each pair, on average. */
function bigramMeans(attempts: readonly GradedAttempt[]): Map<string, number> {
  const found = attempts.flatMap(({ tools }) => tools.slice(1).map((tool, at) => key(tools[at] ?? "", tool)));
  return new Map(Object.entries(tally(found)).map(([pair, times]) => [pair, times / attempts.length]));
}

/** Those that are the commonest in any result. */
export function sequencesOf(items: readonly CommonItem[]): Comparison["sequences"] {
  const sides = (items[0]?.sides ?? []).map((_, at) => items.flatMap((item) => item.sides[at] ?? []));
  const groups = sides.map((attempts) => Map.groupBy(attempts, ({ sequence }) => sequence));
  const names = new Set(groups.flatMap((group) => [...group.keys()]));
  return [...names]
    .map((sequence) => ({
      sequence,
      shares: groups.map((group, at) => (group.get(sequence)?.length ?? 0) / (sides[at]?.length ?? 1)),
      mean_scores: groups.map((group) => {
        const attempts = group.get(sequence);
        return attempts ? meanScore(attempts) : null;
      }),
    }))
    .toSorted((a, b) => most(b.shares) - most(a.shares) || (a.sequence < b.sequence ? -1 : 1))
    .slice(0, limits.comparedSequences);
}

const most = (numbers: readonly number[]) => Math.max(...numbers);
