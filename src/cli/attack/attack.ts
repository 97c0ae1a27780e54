/** `edgegym attack`: would this grader pay for tricks? With `--honest`: does it pay every good answer? Prints; never exits itself. */
import { findEnvironment, NO_ENVIRONMENT } from "../../environments/index.ts";
import { findDeployment } from "../deployment.ts";
import { interruption } from "../interruption.ts";
import { Progress } from "../progress.ts";
import { inProject } from "../project.ts";
import { UserError } from "../user-error.ts";
import { attackReport } from "./report.ts";
import { runAttack } from "./run-attack.ts";

export interface AttackOptions {
  url: string;
  /** The bundled sample without it. */
  data?: string[];
  env: string;
  /** Infinity for all. */
  items: number;
  seed: string;
  concurrency: number;
  class?: string[];
  honest?: boolean;
  json?: boolean;
}

/**
 * Prints the result. Ctrl-C ends it with what is known so far; a second one ends it at once.
 * Resolves with the exit code: 0 when all is as it must be, 1 when not, 130 when interrupted.
 * @throws UserError for what the user can mend
 */
export async function attack(options: AttackOptions): Promise<0 | 1 | 130> {
  const environment = findEnvironment(options.env);
  if (!environment) throw new UserError(`--env ${options.env}: ${NO_ENVIRONMENT}`);
  if (!environment.attackTarget) throw new UserError(`--env ${options.env}: it does not say what can be attacked.`);
  const deployment = await findDeployment(options.url, ["TRAINER_TOKEN"]);
  const interrupted = interruption();
  const progress = new Progress();
  try {
    const result = await runAttack({
      ...options,
      deployment,
      environment,
      data: options.data ?? [inProject(environment.dataset.sample)],
      battery: options.honest ? "honest" : "attack",
      classes: options.class,
      signal: interrupted.signal,
      onProgress: (step, done, total) => progress.update(step, done, total),
    });
    progress.stop();
    console.log(options.json ? JSON.stringify(result, null, 2) : attackReport(result));
    if (result.interrupted) return 130;
    return result.passed ? 0 : 1;
  } finally {
    progress.stop();
    interrupted.stop();
  }
}
