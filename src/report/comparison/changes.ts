/**
 * A figure of several results, and what of its differences is more than chance: intervals by drawing items, p by flipping the signs
 * of the items' differences, corrected for all tests of a family. Pure; randomness is an argument.
 */
import type { Change, Figure, Finding } from "../../contract/comparison.ts";
import { limits } from "../../contract/limits.ts";
import type { Randoms } from "../baseline/scores.ts";
import { bootstrapMean } from "../statistics/bootstrap.ts";
import { difference } from "../statistics/describe.ts";
import { holm } from "../statistics/holm.ts";
import { detectableDifference, signFlipTest } from "../statistics/sign-flip.ts";

/** What was measured of each item in each result. */
export interface Measured<Named> {
  named: Named;
  wanted: Figure["wanted"];
  /** A row for each item: its value in each result. At least one row. */
  rows: readonly (readonly number[])[];
}

export type Compared<Named> = Named & Pick<Figure, "items" | "values" | "changes">;

/** @param family by which random numbers are told apart from those of other families */
export function compareFamily<Named>(
  family: string,
  measured: readonly Measured<Named>[],
  randoms: Randoms,
): Compared<Named>[] {
  const tested = measured.map(({ rows }, at) => testedOf(`${family} ${at}`, rows, randoms));
  const corrected = correctedOf(tested.flatMap(({ changes }) => changes));
  return measured.map(({ named, rows, wanted }, at) => ({
    ...named,
    items: rows.length,
    values: tested[at]?.values ?? [],
    changes: (tested[at]?.changes ?? []).map((change) => {
      const corrected_p = corrected.get(change) ?? 1;
      return { ...change, corrected_p, finding: findingOf(change, corrected_p, wanted) };
    }),
  }));
}

type Tested = Omit<Change, "corrected_p" | "finding">;

function testedOf(name: string, rows: readonly (readonly number[])[], randoms: Randoms) {
  const columns = (rows[0] ?? []).map((_, at) => rows.map((row) => row[at] ?? 0));
  const [first = [], ...others] = columns;
  const changes = others.map((values, at): Tested => {
    const differences = values.map((value, row) => difference(value, first[row] ?? 0));
    return {
      difference: bootstrapMean(differences, randoms(`${name}, change ${at}`)),
      ...signFlipTest(differences, randoms(`${name}, signs ${at}`)),
      detectable: detectableDifference(differences),
    };
  });
  return { values: columns.map((values, at) => bootstrapMean(values, randoms(`${name}, result ${at}`))), changes };
}

/** Where no item differs nothing is tested, so that it does not count among the tests. */
function correctedOf(changes: readonly Tested[]): Map<Tested, number> {
  const real = changes.filter(({ resolution }) => resolution < 1);
  const ps = holm(real.map(({ p }) => p));
  return new Map(real.map((change, at) => [change, ps[at] ?? 1]));
}

function findingOf(
  { difference: { value }, resolution }: Tested,
  corrected: number,
  wanted: Figure["wanted"],
): Finding {
  if (resolution === 1 && value === 0) return "same";
  if (corrected >= limits.significance) return "unclear";
  if (wanted === null) return "changed";
  return value > 0 === (wanted === "more") ? "better" : "worse";
}
