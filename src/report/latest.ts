/** Which lines of a file of results count. Pure. */
import type { RolloutResult } from "../contract/results.ts";

type Ended = Pick<RolloutResult, "item" | "attempt" | "ending" | "score">;

/** With its score: what was left out by a fault has none. */
export const isGraded = <T extends Ended>(result: T): result is T & { score: number } =>
  result.ending === "graded" && result.score !== null;

/** Of each attempt at an item the line that counts: the graded one, else the last. */
export function latest<T extends Ended>(results: readonly T[]): T[] {
  const attempts = Map.groupBy(results, ({ item, attempt }) => JSON.stringify([item, attempt]));
  return [...attempts.values()].flatMap((lines) => lines.find(isGraded) ?? lines.at(-1) ?? []);
}
