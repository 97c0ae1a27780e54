/** The model that came of a job, or of one of its steps, as it can be asked. */
import type { JobCheckpoint } from "../../contract/fine-tuning.ts";
import type { JobState } from "../../contract/job.ts";
import { UserError } from "../user-error.ts";
import { findCreatedJob } from "./created-job.ts";
import { trainerService } from "./service.ts";

export interface TrainedModel {
  model: string;
  baseUrl: string;
  /** What the job's rollouts think with; undefined where that was left to the service. */
  reasoningEffort: "low" | "medium" | "high" | undefined;
}

/**
 * @param name of the job
 * @param step of a checkpoint; without it the model at the job's end
 * @param runs the folder of all runs
 * @throws UserError where there is no such job or checkpoint, or the model is not there yet
 */
export async function trainedModel(name: string, step: number | undefined, runs?: string): Promise<TrainedModel> {
  const state = await findCreatedJob(name, runs);
  const service = trainerService(state.provider.base_url);
  const as = (model: string) => ({ model, baseUrl: state.provider.base_url, reasoningEffort: effortOf(state) });
  if (step !== undefined) {
    const checkpoints = await service.checkpoints(state.job_id);
    const found = checkpoints.find(({ step_number }) => step_number === step);
    if (found) return as(found.fine_tuned_model_checkpoint);
    throw new UserError(`--checkpoint ${step}: the job ${name} has none of that step. ${known(checkpoints)}`);
  }
  const { fine_tuned_model, status } = await service.job(state.job_id);
  if (fine_tuned_model) return as(fine_tuned_model);
  throw new UserError(
    `--job ${name}: no model has come of it, it is ${status}. --checkpoint takes a step of it. ${known(await service.checkpoints(state.job_id))}`,
  );
}

function effortOf({ hyperparameters: { reasoning_effort: effort } }: JobState): TrainedModel["reasoningEffort"] {
  return effort === "default" ? undefined : effort;
}

function known(checkpoints: readonly JobCheckpoint[]): string {
  const steps = checkpoints.map(({ step_number }) => step_number).toSorted((a, b) => a - b);
  return steps.length === 0 ? "It has no checkpoint." : `Its checkpoints are of the steps ${steps.join(", ")}.`;
}
