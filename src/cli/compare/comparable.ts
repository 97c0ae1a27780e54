/** Whether results may be held against each other, and what of them is not the same. Pure. */
import type { Comparison } from "../../contract/comparison.ts";
import type { ResultsManifest } from "../../contract/results.ts";
import type { GivenResult } from "../../report/comparison/compare.ts";
import { ASPECTS } from "../baseline/manifest.ts";
import { UserError } from "../user-error.ts";

/** What a comparison is about: the agents, and what belongs to them. */
const COMPARED = new Set([
  "the agent",
  "the model",
  "the model's service (--base-url)",
  "the reasoning effort",
  "the error rate",
  "the seed",
]);

type Described = Pick<GivenResult, "label" | "manifest">;

/** What differs beside the agents, with the value of each result. */
export function differentAspects(results: readonly Described[]): Comparison["different"] {
  return ASPECTS.filter(({ what }) => !COMPARED.has(what)).flatMap(({ what, of }) => {
    const values = results.map(({ manifest }) => String(of(manifest) ?? "none"));
    return new Set(values).size === 1 ? [] : [{ what, values }];
  });
}

/**
 * @param allowed whether scores of different graders may be compared
 * @throws UserError where a score of one is not what it is of the other
 */
export function requireComparable(results: readonly Described[], allowed: boolean): void {
  const environments = differing(results, ({ environment }) => environment);
  if (environments) throw new UserError(`Results of different environments cannot be compared: ${environments}.`);
  const graders = differing(results, ({ versions }) => versions.grader.slice(0, 12));
  if (!graders || allowed) return;
  throw new UserError(
    `The results were scored by different versions of the grader: ${graders}. A score then need not mean the same. Play one of them again; or, where only a comment of the grader's code has changed, compare them with --other-grader.`,
  );
}

function differing(results: readonly Described[], of: (manifest: ResultsManifest) => string): string | undefined {
  const values = results.map(({ manifest }) => of(manifest));
  if (new Set(values).size === 1) return undefined;
  return results.map(({ label }, at) => `${label} ${values[at]}`).join(", ");
}

/** @throws UserError, with what differs, where there is no common item */
export function requireCommon({ items, other_questions, results, different }: Comparison): void {
  if (items > 0) return;
  const graded = results.map(({ label, left_out }) => `${label} has ${left_out.items}`).join(", ");
  const others = other_questions > 0 ? ` ${other_questions} have the same name and another question.` : "";
  const reasons = different.map(({ what, values }) => `${what} (${values.join(" / ")})`).join(", ");
  throw new UserError(
    `There is no item with a graded attempt in every result: ${graded}.${others}${reasons === "" ? "" : ` Not the same: ${reasons}.`} Play them on the same --data, with the same --items and --seed.`,
  );
}
