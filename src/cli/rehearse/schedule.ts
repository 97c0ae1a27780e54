/** Which rollouts a rehearsal plays: of which item, in which burst, under which ids, with which trouble. Pure: the same seed, the same schedule. */
import { createHash } from "node:crypto";
import type { Item } from "../agents/agent.ts";
import { seededRandom, shuffled } from "../../environments/random.ts";
import { type ChaosKind, happens } from "./chaos.ts";

export interface PlannedRollout {
  /** Its place among all rollouts, from 0. */
  index: number;
  /** The burst it starts in, from 0. */
  step: number;
  item: Item;
  traceId: string;
  /** A text that only this rollout's calls carry: whoever else is shown it has been shown a neighbour's. */
  canary: string;
  /** How many calls it makes in all, where that is more than its agent decides on: up to the budget or just beyond; for some. */
  spends: number | undefined;
}

export interface ScheduleOptions {
  items: readonly Item[];
  rollouts: number;
  /** Rollouts of the same item. */
  copies: number;
  /** Bursts that the rollouts are spread over. */
  steps: number;
  seed: string;
  /** Tells the ids of this rehearsal from those of every other. */
  series: string;
  chaos: ReadonlySet<ChaosKind>;
  chaosRate: number;
  /** Calls that a rollout may make. */
  budget: number;
}

/** The share of rollouts that spend their budget to its end or overdraw it, with and without chaos: models do so all the time. */
const SPENDING = 0.1;

export function schedule(options: ScheduleOptions): PlannedRollout[] {
  const { items, rollouts, copies, steps, seed, series } = options;
  const order = shuffled(items, seededRandom(seed, "items"));
  const bursts = Math.min(steps, rollouts);
  return Array.from({ length: rollouts }, (_, index): PlannedRollout => {
    const item = order[Math.floor(index / copies) % order.length];
    if (item === undefined) throw new Error("a schedule needs an item");
    const random = seededRandom(seed, "rollout", index);
    const isSpender = random() < SPENDING;
    return {
      index,
      step: Math.floor((index * bursts) / rollouts),
      item,
      traceId: traceId(options, index),
      canary: `canary-${createHash("sha256").update(`${series} ${index}`).digest("hex").slice(0, 16)}`,
      spends: isSpender ? options.budget + Math.floor(random() * 4) : undefined,
    };
  });
}

/** Endings of two ids that differ by one character, as closely as ids can; a service may take each pair for one id. */
const TWIN_ENDINGS = [
  ["a", "A"],
  ["-", "_"],
  ["", " "],
  ["", "."],
  ["%", "%25"],
] as const;

/** Some neighbours are twins: the even one's id and a second that differs in its end. */
function traceId({ seed, series, chaos, chaosRate, rollouts }: ScheduleOptions, index: number): string {
  const first = index - (index % 2);
  const isPair = first + 1 < rollouts;
  const isTwin = isPair && chaos.has("twin_ids") && happens("twin_ids", chaosRate, seed, first);
  const stem = `rehearsal_${series}`;
  if (!isTwin) return `${stem}_${index}`;
  const endings = TWIN_ENDINGS[(first / 2) % TWIN_ENDINGS.length] ?? TWIN_ENDINGS[0];
  // Apart from the number, so that no ending makes another rollout's id of it.
  return `${stem}_${first}_${endings[index - first] ?? ""}`;
}
