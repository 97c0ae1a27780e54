/** Which rollouts a baseline is made of, and which of them are still to be played. Pure. */
import type { RolloutResult } from "../../contract/results.ts";
import { seededRandom, shuffled } from "../../environments/random.ts";
import type { Item } from "../agents/agent.ts";

export interface PlannedRollout {
  item: Item;
  /** Which of the attempts at the item, from 1. */
  attempt: number;
}

/** So many items, drawn by the seed, in their own order; under names that are different for each. */
export function chooseItems(items: readonly Item[], count: number, seed: string): Item[] {
  const drawn = shuffled([...items.keys()], seededRandom(seed, "baseline items")).slice(0, count);
  const named = withOwnNames(items);
  return drawn.toSorted((a, b) => a - b).flatMap((at) => named[at] ?? []);
}

/** Every item once, then every item again: whatever is known when it ends early is known of most items. */
export function planRollouts(items: readonly Item[], attempts: number): PlannedRollout[] {
  return Array.from({ length: attempts }, (_, at) => items.map((item) => ({ item, attempt: at + 1 }))).flat();
}

/** Those without a graded attempt: what was faulted before is tried again. */
export function stillToPlay(planned: readonly PlannedRollout[], results: readonly RolloutResult[]): PlannedRollout[] {
  const graded = new Set(
    results.filter(({ ending }) => ending === "graded").map(({ item, attempt }) => key(item, attempt)),
  );
  return planned.filter(({ item, attempt }) => !graded.has(key(item.name, attempt)));
}

const key = (item: string, attempt: number) => JSON.stringify([item, attempt]);

/** The second item of a name gets its number, and so on. */
function withOwnNames(items: readonly Item[]): Item[] {
  const taken = new Map<string, number>();
  return items.map((item) => {
    const times = (taken.get(item.name) ?? 0) + 1;
    taken.set(item.name, times);
    return times === 1 ? item : { ...item, name: `${item.name} #${times}` };
  });
}
