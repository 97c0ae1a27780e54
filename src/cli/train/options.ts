/** What `edgegym train` is given, and the job that it means. */
import type { JobHyperparameters } from "../../contract/fine-tuning.ts";
import type { PreflightName } from "../../contract/preflight.ts";
import { isRehearsal, isRunName, REHEARSAL_PREFIX, RUN_NAME_RULE } from "../../contract/run-name.ts";
import type { Environment } from "../../environments/environment.ts";
import { UserError } from "../user-error.ts";
import type { DatasetOptions } from "./dataset.ts";
import type { graderNames, JobChoice } from "./request.ts";

export interface TrainOptions extends DatasetOptions {
  /** The words that these options come from. */
  command: string[];
  url: string;
  env: string;
  model: string;
  baseUrl?: string;
  grader: (typeof graderNames)[number];
  judgeModel?: string;
  epochs?: number;
  batch?: number;
  computeMultiplier?: number;
  learningRateMultiplier?: number;
  reasoningEffort?: NonNullable<JobHyperparameters["reasoning_effort"]>;
  evalInterval?: number;
  evalSamples?: number;
  maxSteps: number;
  seed?: number;
  suffix?: string;
  name?: string;
  skip?: ReadonlyMap<PreflightName, string>;
  dryRun?: boolean;
  createAgain?: boolean;
}

/** @throws UserError for a name that no job's run can have */
export function nameOf({ name, model }: Pick<TrainOptions, "name" | "model">): string {
  const chosen = name ?? `train-${model.replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(0, 80)}`;
  if (!isRunName(chosen)) throw new UserError(`--name ${chosen}: a run's name has ${RUN_NAME_RULE}`);
  if (!isRehearsal(chosen)) return chosen;
  throw new UserError(`--name ${chosen}: alarms of runs called ${REHEARSAL_PREFIX}… are posted to nobody.`);
}

/** @param url of the deployment, without a slash at its end. @throws UserError for options that do not go together */
export function choiceOf(options: TrainOptions, name: string, environment: Environment, url: string): JobChoice {
  const { model, grader, maxSteps, seed, suffix } = options;
  return {
    name,
    model,
    environment,
    url,
    grader,
    judge: judgeOf(options, environment),
    maxEpisodeSteps: maxSteps,
    hyperparameters: hyperparametersOf(options),
    seed: seed ?? null,
    suffix: suffix ?? null,
  };
}

function judgeOf({ grader, judgeModel }: TrainOptions, { name, rubric }: Environment): JobChoice["judge"] {
  if (grader === "endpoint") {
    if (judgeModel === undefined) return null;
    throw new UserError("--judge-model goes with --grader model or multi.");
  }
  if (judgeModel === undefined) throw new UserError(`--grader ${grader} needs --judge-model: the model that judges.`);
  if (rubric !== undefined) return { model: judgeModel, rubric };
  throw new UserError(`--grader ${grader}: the environment ${name} has no rubric for a judge. Use --grader endpoint.`);
}

/** Without those that were not given: they are the service's to choose. */
function hyperparametersOf(options: TrainOptions): JobHyperparameters {
  const given: Record<keyof JobHyperparameters, number | string | undefined> = {
    n_epochs: options.epochs,
    batch_size: options.batch,
    compute_multiplier: options.computeMultiplier,
    learning_rate_multiplier: options.learningRateMultiplier,
    eval_interval: options.evalInterval,
    eval_samples: options.evalSamples,
    reasoning_effort: options.reasoningEffort,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
