/**
 * The figures of a comparison: means over items of each item's mean over its graded attempts, so that each item counts once, whatever
 * was left out of it. Pure.
 */
import type { Figure } from "../../contract/comparison.ts";
import { limits } from "../../contract/limits.ts";
import type { Randoms } from "../baseline/scores.ts";
import { tally } from "../statistics/describe.ts";
import { compareFamily, type Measured } from "./changes.ts";
import type { CommonItem } from "./common.ts";
import { type Measure, otherMeasures, SCORE } from "./measures.ts";

type Named = Pick<Figure, "name" | "tool" | "unit" | "wanted">;

/** The score is a family of tests by itself: it is the question that is asked. All others are looked through for what else changed. */
export function figuresOf(items: readonly CommonItem[], k: number, randoms: Randoms): Figure[] {
  const measured = (measures: readonly Measure[]) => measures.flatMap((measure) => measuredOf(measure, items));
  const others = measured(otherMeasures(k, commonTools(items)));
  return [
    ...compareFamily<Named>("score", measured([SCORE]), randoms),
    ...compareFamily<Named>("others", others, randoms),
  ];
}

/** The tools that were called most, in all results together. */
export function commonTools(items: readonly CommonItem[]): string[] {
  const names = items.flatMap(({ sides }) => sides.flatMap((attempts) => attempts.flatMap(({ tools }) => tools)));
  // A record has names that are numbers first, however seldom a model called them.
  const counts = Object.entries(tally(names)).toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return counts.slice(0, limits.comparedTools).map(([name]) => name);
}

/** Nothing where it can be said of no item, nor of times and tokens that are zero everywhere: agents that are no model have none. */
function measuredOf({ of, ...named }: Measure, items: readonly CommonItem[]): Measured<Named>[] {
  const rows = items.flatMap(({ sides }) => {
    const row = sides.map(of).filter((value) => value !== null);
    return row.length === sides.length ? [row] : [];
  });
  const isCost = named.unit === "milliseconds" || named.unit === "tokens";
  if (rows.length === 0 || (isCost && rows.every((row) => row.every((value) => value === 0)))) return [];
  return [{ named, wanted: named.wanted, rows }];
}
