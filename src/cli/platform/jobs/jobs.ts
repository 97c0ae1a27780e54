/** All jobs, and what becomes of one after its creation: its files are checked, it waits for its turn, it is trained. */
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../../../contract/limits.ts";
import type { JobRequest, JobTool, TrainingRow } from "../../../contract/fine-tuning.ts";
import { UserError } from "../../user-error.ts";
import { ApiError, badRequest } from "../errors.ts";
import type { Policy } from "../policy/policy.ts";
import type { trainJob } from "../training/train-job.ts";
import { Job, type JobSurroundings } from "./job.ts";

/** What a job is trained with: its rows, and the model that it begins with. */
export interface JobInputs {
  training: TrainingRow[];
  validation: TrainingRow[];
  start: Policy;
}

export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #surroundings: JobSurroundings;
  readonly #train: typeof trainJob;

  constructor(surroundings: JobSurroundings, train: typeof trainJob) {
    this.#surroundings = surroundings;
    this.#train = train;
  }

  /** @throws ApiError where the platform keeps as many as it may */
  create(request: JobRequest, seed: number, inputs: JobInputs): Job {
    if (this.#jobs.size === limits.platformJobs)
      throw badRequest("The platform keeps as many jobs as it may: start it anew.", null, "job_limit");
    const job = new Job(this.#surroundings.newId("ftjob-"), request, seed, this.#surroundings);
    this.#jobs.set(job.id, job);
    void this.#live(job, inputs);
    return job;
  }

  /** @throws ApiError 404 */
  get(id: string): Job {
    const job = this.#jobs.get(id);
    if (!job) throw new ApiError(404, `Could not find fine-tuning job: ${id}`, { param: "fine_tuning_job_id" });
    return job;
  }

  /** Newest first. */
  all(): Job[] {
    return [...this.#jobs.values()].toReversed();
  }

  /** Cancels what has not ended. */
  close(): void {
    for (const job of this.#jobs.values()) if (!job.hasEnded) job.cancel();
  }

  /** Never rejects: whatever goes wrong is the job's failure. */
  async #live(job: Job, { training, validation, start }: JobInputs): Promise<void> {
    try {
      await sleep(limits.platformCheckMilliseconds, undefined, { signal: job.signal });
      const unknown = unknownTools(job.request.method.reinforcement.tools, training, validation);
      if (unknown) return job.fail("invalid_file", unknown.message, unknown.param);
      await job.queue();
      const trained = await this.#train({ request: job.request, training, validation }, start, job, {
        seed: job.seed,
        signal: job.signal,
      });
      job.succeed(trained);
    } catch (error) {
      job.fail("training_failed", withoutSecrets(reasonOf(error), job.request));
    } finally {
      job.leaveTurn();
    }
  }
}

/** A row may only name tools that the job says where to find. */
function unknownTools(tools: readonly JobTool[], training: readonly TrainingRow[], validation: readonly TrainingRow[]) {
  const known = new Set(tools.map(({ name }) => name));
  const files = [
    { param: "training_file", rows: training },
    { param: "validation_file", rows: validation },
  ];
  for (const { param, rows } of files) {
    const at = rows.findIndex((row) => row.tools?.some((tool) => !known.has(tool.function.name)));
    if (at !== -1) return { param, message: `Row ${at + 1} of the ${param} has a tool that the job does not name.` };
  }
  return undefined;
}

/** An error that nobody foresaw may quote a row: of it only the kind and the place are told. */
function reasonOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (!(error instanceof Error)) return "The training loop failed.";
  const [, file = "", line = ""] = /^\s+at .*?([^(\s]+):(\d+):\d+\)?$/m.exec(error.stack ?? "") ?? [];
  return `The training loop failed: ${error.name}${file && ` at ${basename(file)}:${line}`}.`;
}

/** What the job's headers hold does not appear in what is told of it. */
function withoutSecrets(text: string, request: JobRequest): string {
  return secretsOf(request).reduce((shown, secret) => shown.replaceAll(secret, "[hidden]"), text);
}

function secretsOf({ method: { reinforcement } }: JobRequest): string[] {
  const { grader, tools } = reinforcement;
  const graders = grader.type === "multi" ? Object.values(grader.graders) : [grader];
  const headers = [...tools, ...graders].map((part) => ("headers" in part ? (part.headers ?? {}) : {}));
  const values = headers.flatMap((header) => Object.values(header));
  return values.flatMap((value) => [value, value.replace(/^Bearer +/i, "")]).filter((value) => value.length > 3);
}
