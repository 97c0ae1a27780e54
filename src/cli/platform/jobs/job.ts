/**
 * A job from its creation to its end: which status follows which, and who may bring it about. What a step does is the trainer's
 * business. Never tells what a row or a header holds.
 *
 *     validating_files → queued → running ⇄ pausing → paused → queued …
 *     each of them → failed | cancelled; running → succeeded
 */
import { ENDED_STATUSES, type JobRequest } from "../../../contract/fine-tuning.ts";
import { badRequest } from "../errors.ts";
import type { Policy } from "../policy/policy.ts";
import type { JobListener } from "../training/train-job.ts";
import { JobLog, type LogSurroundings } from "./log.ts";
import type { Turn } from "./turn.ts";

export type JobStatus =
  | "validating_files"
  | "queued"
  | "running"
  | "pausing"
  | "paused"
  | "succeeded"
  | "failed"
  | "cancelled";

export interface JobSurroundings extends LogSurroundings {
  turn: Turn;
}

export class Job implements JobListener {
  readonly id: string;
  readonly request: JobRequest;
  readonly seed: number;
  readonly createdAt: number;
  status: JobStatus = "validating_files";
  finishedAt: number | null = null;
  error: { code: string; message: string; param: string | null } | null = null;
  /** What it made, once it has succeeded. */
  result: Policy | undefined;
  readonly log: JobLog;
  readonly #surroundings: JobSurroundings;
  readonly #ending = new AbortController();
  #hasTurn = false;
  #startedAt = 0;
  /** When it is expected to end, in seconds; by the steps that it has done. */
  #estimate: number | null = null;
  #onResume: () => void = () => {};

  constructor(id: string, request: JobRequest, seed: number, surroundings: JobSurroundings) {
    this.id = id;
    this.request = request;
    this.seed = seed;
    this.#surroundings = surroundings;
    this.createdAt = surroundings.now();
    this.log = new JobLog(id, surroundings);
    this.message("info", "Created fine-tuning job.");
    this.message("info", "Validating the training file and the validation file.");
  }

  /** Aborted when the job is cancelled. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  get hasEnded(): boolean {
    return ENDED_STATUSES.includes(this.status);
  }

  get estimatedFinish(): number | null {
    return this.status === "running" ? this.#estimate : null;
  }

  /** The names that its models have: `ft:stand-in:edgegym:{suffix}:{id}`, and a checkpoint's with its step. */
  modelName(step?: number): string {
    const base = this.request.model.split(":").find((part) => part !== "ft") ?? this.request.model;
    const name = `ft:${base}:edgegym:${this.request.suffix ?? ""}:${this.id.slice(-8)}`;
    return step === undefined ? name : `${name}:ckpt-step-${step}`;
  }

  /** Waits for the job's turn. @throws the signal's reason once it is cancelled */
  async queue(): Promise<void> {
    this.#become("queued", "The files are valid; the job waits for its turn.");
    await this.#takeTurn();
    this.#startedAt = this.#surroundings.now();
  }

  succeed(policy: Policy): void {
    if (this.hasEnded) return;
    this.result = policy;
    this.message("info", `New fine-tuned model created: ${this.modelName()}`);
    this.#end("succeeded", "The job has successfully completed.");
  }

  fail(code: string, message: string, param: string | null = null): void {
    if (this.hasEnded) return;
    this.error = { code, message, param };
    this.#end("failed", message);
  }

  /** @throws ApiError for a job that is not running */
  pause(): void {
    if (this.status !== "running") throw this.#refusal("paused", "only a running job can be");
    this.#become("pausing", "The job pauses after the step that it is at.");
  }

  /** @throws ApiError for a job that is not paused */
  resume(): void {
    if (this.status === "pausing") return this.#become("running", "The job goes on.");
    if (this.status !== "paused") throw this.#refusal("resumed", "only a paused job can be");
    this.#become("queued", "The job is resumed and waits for its turn.");
    this.#onResume();
  }

  /** @throws ApiError for a job that has ended */
  cancel(): void {
    if (this.hasEnded) throw this.#refusal("cancelled", "it has ended");
    this.#end("cancelled", "The job was cancelled.");
    this.#ending.abort(new Error("The job was cancelled."));
    this.#onResume();
  }

  /** The next job may train; after the trainer has come to its end, whatever the status is. */
  leaveTurn(): void {
    if (this.#hasTurn) this.#surroundings.turn.leave();
    this.#hasTurn = false;
  }

  message(level: "info" | "warn" | "error", text: string): void {
    if (!this.hasEnded) this.log.event({ level, message: text, type: "message", data: null });
  }

  metrics(data: Record<string, unknown>, text: string): void {
    if (this.hasEnded) return;
    const { step, total_steps } = data;
    if (typeof step === "number" && typeof total_steps === "number" && step > 0) {
      const now = this.#surroundings.now();
      this.#estimate = Math.ceil(now + ((now - this.#startedAt) / step) * (total_steps - step));
    }
    this.log.event({ level: "info", message: text, type: "metrics", data });
  }

  checkpoint(step: number, policy: Policy, metrics: Record<string, unknown>): void {
    if (this.hasEnded) return;
    this.log.checkpoint(this.modelName(step), step, policy, metrics);
    this.message("info", `Checkpoint created at step ${step}: ${this.modelName(step)}`);
  }

  /** A paused job gives its turn away and waits for a new one. */
  async proceed(): Promise<void> {
    this.signal.throwIfAborted();
    if (this.status !== "pausing") return;
    const resumed = new Promise<void>((resolve) => (this.#onResume = resolve));
    this.#become("paused", "The job is paused.");
    this.leaveTurn();
    await resumed;
    this.signal.throwIfAborted();
    await this.#takeTurn();
  }

  async #takeTurn(): Promise<void> {
    await this.#surroundings.turn.take();
    this.#hasTurn = true;
    this.signal.throwIfAborted();
    this.#become("running", "The job is running.");
  }

  #become(status: JobStatus, message: string): void {
    this.status = status;
    this.message("info", message);
  }

  #end(status: "succeeded" | "failed" | "cancelled", message: string): void {
    this.finishedAt = this.#surroundings.now();
    this.message(status === "failed" ? "error" : "info", message);
    // Last: a job that has ended has no further events.
    this.status = status;
  }

  #refusal(done: string, why: string) {
    return badRequest(
      `Job ${this.id} has status ${this.status} and cannot be ${done}: ${why}.`,
      null,
      "invalid_status",
    );
  }
}
