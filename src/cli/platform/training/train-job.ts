/** Trains the stand-in as a trainer trains a model: rollouts against the job's endpoints, their scores, the policy's gradient. */
import type { JobRequest } from "../../../contract/fine-tuning.ts";
import type { JsonObject } from "../../../contract/wire.ts";
import type { Policy } from "../policy/policy.ts";

/** Who keeps the job's state, as the service's jobs, events and checkpoints. */
export interface JobListener {
  message(level: "info" | "warn" | "error", text: string): void;
  /** A step's figures, by the names that trainers use, and a line that says them. */
  metrics(data: Record<string, unknown>, text: string): void;
  checkpoint(step: number, policy: Policy, metrics: Record<string, unknown>): void;
  /** Resolves when the job may go on; rejects when it is cancelled. */
  proceed(): Promise<void>;
}

export interface TrainingJob {
  request: JobRequest;
  /** The rows of the job's files, as they stand there. */
  training: JsonObject[];
  validation: JsonObject[];
}

export interface TrainingOptions {
  seed: number;
  signal: AbortSignal;
}

/**
 * Resolves with the policy as it is after the last step.
 * @throws UserError for a job that cannot be trained, what `proceed` rejects with, and the signal's reason
 */
export async function trainJob(
  job: TrainingJob,
  start: Policy,
  listener: JobListener,
  { signal }: TrainingOptions,
): Promise<Policy> {
  listener.message("info", `Training on ${job.training.length} rows.`);
  await listener.proceed();
  signal.throwIfAborted();
  listener.checkpoint(0, start, {});
  return start;
}
