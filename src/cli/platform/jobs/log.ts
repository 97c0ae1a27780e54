/** What a job has told of itself: its events and its checkpoints, the latest of them. Decides nothing. */
import { limits } from "../../../contract/limits.ts";
import type { Policy } from "../policy/policy.ts";

export interface StoredEvent {
  id: string;
  object: "fine_tuning.job.event";
  created_at: number;
  level: "info" | "warn" | "error";
  message: string;
  type: "message" | "metrics";
  data: Record<string, unknown> | null;
}

export interface StoredCheckpoint {
  id: string;
  object: "fine_tuning.job.checkpoint";
  created_at: number;
  fine_tuned_model_checkpoint: string;
  fine_tuning_job_id: string;
  step_number: number;
  metrics: Record<string, unknown>;
  /** Not part of the wire. */
  policy: Policy;
}

export interface LogSurroundings {
  /** Seconds. */
  now: () => number;
  newId: (prefix: string) => string;
}

export class JobLog {
  /** Newest last. */
  readonly events: StoredEvent[] = [];
  readonly checkpoints: StoredCheckpoint[] = [];
  readonly #job: string;
  readonly #surroundings: LogSurroundings;

  constructor(job: string, surroundings: LogSurroundings) {
    this.#job = job;
    this.#surroundings = surroundings;
  }

  event(event: Pick<StoredEvent, "level" | "message" | "type" | "data">): void {
    if (this.events.length === limits.platformEvents) this.events.shift();
    const { now, newId } = this.#surroundings;
    this.events.push({ id: newId("ftevent-"), object: "fine_tuning.job.event", created_at: now(), ...event });
  }

  /** @param model the name by which the checkpoint is asked */
  checkpoint(model: string, step: number, policy: Policy, metrics: Record<string, unknown>): void {
    if (this.checkpoints.length === limits.platformCheckpoints) this.checkpoints.shift();
    const { now, newId } = this.#surroundings;
    this.checkpoints.push({
      id: newId("ftckpt-"),
      object: "fine_tuning.job.checkpoint",
      created_at: now(),
      fine_tuned_model_checkpoint: model,
      fine_tuning_job_id: this.#job,
      step_number: step,
      metrics,
      policy,
    });
  }
}
