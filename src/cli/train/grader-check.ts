/**
 * Whether the deployed grader pays for what is right and only for that: the references of both files first, then a small attack.
 * Names rows, never what is in them.
 */
import type { AttackResult } from "../../contract/attack.ts";
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../../environments/environment.ts";
import { runAttack } from "../attack/run-attack.ts";
import type { Deployment } from "../deployment.ts";
import type { Progress } from "../progress.ts";
import { type Finding, inShort, ok, refused, skipped } from "./finding.ts";

export interface GraderOptions {
  deployment: Deployment;
  environment: Environment;
  /** Paths of both files. */
  data: readonly string[];
  signal: AbortSignal;
  progress: Progress;
}

/** Gives every row's own reference as its answer. */
export async function checkReferences(options: GraderOptions): Promise<Finding> {
  if (!options.environment.attackTarget) return skipped("This environment does not say what a row's reference is.");
  const { control, items, problems } = await attack(options, Infinity, []);
  const unusable = items.left_out.map(({ reason, rows }) => `${rows} rows cannot be graded: ${reason}.`);
  const unpaid = control.failures.examples.map(({ item, score }) => `${item} scores ${score}.`);
  const more = control.failures.count - unpaid.length;
  const unscored = problems.map(({ item, status }) => `${item} has no score (${status ?? "no answer"}).`);
  const found = [...unusable, ...unpaid, ...(more > 0 ? [`${more} more score less than 1.`] : []), ...unscored];
  if (found.length === 0) return ok(`${control.answers} of ${items.rows} references score 1 at the deployment.`);
  return refused(
    inShort(found),
    "Leave these rows out (edgegym prepare --fix), or deploy the grader that the dataset was made with.",
  );
}

/** A few items, all classes. */
export async function checkAttack(options: GraderOptions): Promise<Finding> {
  if (!options.environment.attackTarget) return skipped("This environment does not say what of a row can be attacked.");
  const result = await attack(options, limits.preflightAttackItems);
  const failed = result.classes.filter(({ verdict }) => verdict === "failed").map(({ name }) => name);
  const answers = result.classes.reduce((sum, one) => sum + one.answers, 0);
  if (result.passed) return ok(`${answers} answers that no honest model would be paid for, and none is.`);
  const found =
    failed.length > 0 ? `Paid although they must not be: ${failed.join(", ")}.` : "Not all answers got a score.";
  return refused(found, "See edgegym attack, and mend the grader first: a job finds every hole.");
}

function attack(options: GraderOptions, items: number, classes?: readonly string[]): Promise<AttackResult> {
  const { deployment, environment, data, signal, progress } = options;
  return runAttack({
    deployment,
    environment,
    data,
    battery: "attack",
    items,
    seed: "1",
    concurrency: limits.attackConcurrency,
    classes,
    signal,
    onProgress: (step, done, total) => progress.update(step, done, total),
  });
}
