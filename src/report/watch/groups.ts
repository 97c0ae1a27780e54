/**
 * Which groups of rollouts taught something: a step plays an item several times, and learns only where these score differently.
 * Estimated from the rollouts that the monitor lists, since services do not tell it. Pure.
 */
import type { RolloutEntry } from "../../contract/run.ts";
import type { WatchGroups } from "../../contract/watch.ts";

export interface GroupsOptions {
  /** When steps ended, in milliseconds since 1970, growing: an item comes again in another epoch, which is another group. */
  ends: readonly number[];
  /** Fewer rollouts are no group. */
  least: number;
  /** Whether the list has all rollouts: else the oldest step of it may be there in part. */
  isWhole: boolean;
}

/** @param rollouts graded ones, in any order. @returns null where there is no group */
export function groupsOf(
  rollouts: readonly RolloutEntry[],
  { ends, least, isWhole }: GroupsOptions,
): WatchGroups | null {
  const stepOf = ({ opened_at }: RolloutEntry) => ends.filter((end) => end < Date.parse(opened_at)).length;
  const scored = rollouts.flatMap((rollout) =>
    rollout.item === null || rollout.score === null
      ? []
      : [{ step: stepOf(rollout), item: rollout.item, score: rollout.score }],
  );
  const steps = new Set(scored.map(({ step }) => step));
  const oldest = isWhole || steps.size < 2 ? -1 : Math.min(...steps);
  const kept = scored.filter(({ step }) => step !== oldest);
  const groups = [...Map.groupBy(kept, ({ step, item }) => `${step} ${item}`).values()]
    .map((group) => group.map(({ score }) => score))
    .filter((scores) => scores.length >= least);
  if (groups.length === 0) return null;
  const same = groups.filter((scores) => scores.every((score) => score === scores[0]));
  const allOf = (value: number) => same.filter(([score]) => score === value).length;
  return { groups: groups.length, same: same.length, zero: allOf(0), one: allOf(1) };
}
