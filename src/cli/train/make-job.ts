/** From a preflight that passed to a job: the files are brought, the request is made, the job is created. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobState } from "../../contract/job.ts";
import type { PreflightCheck, TrainReport } from "../../contract/preflight.ts";
import type { Deployment } from "../deployment.ts";
import { jobFolder } from "../jobs/job-file.ts";
import type { TrainerService } from "../jobs/service.ts";
import { Interrupted } from "../user-error.ts";
import type { Versions } from "../versions.ts";
import { createJob } from "./create.ts";
import type { JobDataset, JobFile } from "./dataset.ts";
import { type FileIds, type JobChoice, jobRequest, NAMED_TOKEN, requestHash } from "./request.ts";
import { bringFile } from "./uploads.ts";

export interface Plan {
  checks: PreflightCheck[];
  /** Null where the deployment does not say. */
  indexVersion: string | null;
  choice: JobChoice;
  dataset: JobDataset;
  versions: Versions;
  deployment: Deployment;
  /** The words that all this comes from. */
  command: string[];
  runs: string;
}

/** The request without anything sent: names in the place of the token and of the files' ids. */
export function requestToShow(plan: Plan, result: "dry_run" | "refused"): TrainReport {
  const files = { training: `$TRAINING_FILE`, validation: `$VALIDATION_FILE` };
  const request = jobRequest(plan.choice, NAMED_TOKEN, files, hashOf(plan));
  return { schema: 1, name: plan.choice.name, result, preflight: plan.checks, request, job: null, status: null };
}

export interface Making {
  service: TrainerService;
  signal: AbortSignal;
  say: (line: string) => void;
}

/**
 * Sequence: files → request → job. Until the request is sent, it can be interrupted and started again.
 * @param before what was known of a job of this name
 */
export async function makeJob(plan: Plan, before: JobState | undefined, making: Making): Promise<TrainReport> {
  const { choice, dataset, deployment, checks, runs } = plan;
  const { service, signal, say } = making;
  const files = {
    training: await bringFile(dataset.training, { ...making, runs }),
    validation: await bringFile(dataset.validation, { ...making, runs }),
  };
  if (signal.aborted) throw new Interrupted("Interrupted before the job was created. What was uploaded is used again.");
  await mkdir(jobFolder(choice.name, runs), { recursive: true });
  await writeFile(join(jobFolder(choice.name, runs), PREFLIGHT_FILE), `${JSON.stringify(checks, null, 1)}\n`);
  say(`creating the job ${choice.name}`);
  const request = jobRequest(choice, deployment.tokens.TRAINER_TOKEN, files, hashOf(plan));
  const begun = { state: stateOf(plan, files, service.baseUrl, new Date()), before, runs };
  const { job, state } = await createJob(service, request, begun);
  const sent = jobRequest(choice, NAMED_TOKEN, files, hashOf(plan));
  const { name } = choice;
  return { schema: 1, name, result: "created", preflight: checks, request: sent, job: state, status: job.status };
}

/** Beside job.json: what the preflight found. */
export const PREFLIGHT_FILE = "preflight.json";

/** What tells one request from another (`requestHash`). */
export const hashOf = ({ choice, dataset: { training, validation } }: Pick<Plan, "choice" | "dataset">) =>
  requestHash(choice, { training: training.sha256, validation: validation.sha256 });

function stateOf(plan: Plan, ids: FileIds, baseUrl: string, now: Date): JobState {
  const { choice, dataset, versions, deployment, indexVersion, command } = plan;
  const { name, model, environment, grader, hyperparameters, maxEpisodeSteps, seed, suffix } = choice;
  return {
    schema: 1,
    name,
    command,
    phase: "creating",
    created_at: now.toISOString(),
    job_id: null,
    provider: { base_url: baseUrl },
    model,
    environment: environment.name,
    request_sha256: hashOf(plan),
    files: { training: fileOf(dataset.training, ids.training), validation: fileOf(dataset.validation, ids.validation) },
    grader,
    hyperparameters,
    max_episode_steps: maxEpisodeSteps,
    seed,
    suffix,
    versions,
    deployment: { url: deployment.url, index_version: indexVersion },
  };
}

const fileOf = ({ name, content, sha256, records }: JobFile, file_id: string) => ({
  name,
  bytes: content.byteLength,
  sha256,
  file_id,
  rows: records.length,
});
