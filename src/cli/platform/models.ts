/**
 * The models that can be asked and trained: the stand-in, and what jobs made of it. None is a language model: each is a small policy
 * over tool-use choices (policy/policy.ts).
 */
import { ApiError } from "./errors.ts";
import type { Job } from "./jobs/job.ts";
import { type Policy, untrained } from "./policy/policy.ts";

export const BASE_MODEL = "stand-in";

export interface Model {
  id: string;
  /** Seconds. */
  created: number;
  policy: Policy;
}

/** The base model first, then those of the jobs, newest first. */
export function modelsOf(jobs: readonly Job[], startedAt: number): Model[] {
  return [{ id: BASE_MODEL, created: startedAt, policy: untrained }, ...jobs.flatMap(trainedModels)];
}

/** @throws ApiError as the API refuses an unknown model: with 404, or 400 where it is a parameter */
export function findModel(models: readonly Model[], id: string, status: 400 | 404): Model {
  const model = models.find((known) => known.id === id);
  if (model) return model;
  const message = `The model '${id}' does not exist.`;
  throw new ApiError(status, message, { param: "model", code: "model_not_found" });
}

/** Of two checkpoints with one name the later one counts. */
function trainedModels(job: Job): Model[] {
  const checkpoints = job.log.checkpoints.toReversed().map((checkpoint) => ({
    id: checkpoint.fine_tuned_model_checkpoint,
    created: checkpoint.created_at,
    policy: checkpoint.policy,
  }));
  if (!job.result) return checkpoints;
  return [{ id: job.modelName(), created: job.finishedAt ?? job.createdAt, policy: job.result }, ...checkpoints];
}

export const modelObject = ({ id, created }: Model) => ({ id, object: "model", created, owned_by: "edgegym" });
