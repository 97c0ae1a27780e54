/**
 * Creates a job, once: the state is written before the request and after its answer, and a request without an answer is never
 * repeated. What it may have made is looked for instead.
 */
import type { Job, JobRequest } from "../../contract/fine-tuning.ts";
import type { JobState } from "../../contract/job.ts";
import { beginJob, writeJob } from "../jobs/job-file.ts";
import type { TrainerService } from "../jobs/service.ts";
import { ServiceRefused, ServiceUnanswered } from "../jobs/service-failure.ts";
import { UserError } from "../user-error.ts";
import { jobsOf } from "./find-job.ts";

export interface Made {
  job: Job;
  state: JobState;
}

/**
 * @param given.state in phase `creating`
 * @param given.before what was known of a job of this name
 * @throws UserError when the service refuses, or does not answer; the state on disk says which
 */
export async function createJob(
  service: TrainerService,
  request: JobRequest,
  { state, before, runs }: { state: JobState; before: JobState | undefined; runs: string },
): Promise<Made> {
  await beginJob(state, before, runs);
  try {
    const job = await service.createJob(request);
    return { job, state: await keep({ ...state, phase: "created", job_id: job.id }, runs) };
  } catch (error) {
    if (isTurnedAway(error)) {
      await keep({ ...state, phase: "refused" }, runs);
      throw new UserError(`${error.message}\nNo job was created. Once it is mended, the same command tries again.`);
    }
    if (!(error instanceof ServiceRefused) && !(error instanceof ServiceUnanswered)) throw error;
    throw new UserError(
      `${error.message}\nThere may be a job. The same command looks for it (--name ${state.name}), and creates no second one.`,
    );
  }
}

/** For certain no job: too many requests are turned away at the door, but a conflict may be with the job itself. */
function isTurnedAway(error: unknown): error is ServiceRefused | ServiceUnanswered {
  return error instanceof ServiceRefused
    ? error.status !== 409
    : error instanceof ServiceUnanswered && error.status === 429;
}

/**
 * Looks for the job of a state in phase `creating`, and takes it for its own. @returns undefined when the service has none
 * @throws UserError when it has several
 */
export async function adoptJob(service: TrainerService, state: JobState, runs: string): Promise<Made | undefined> {
  const [job, ...others] = jobsOf(state, await Array.fromAsync(service.jobs()));
  if (!job) return undefined;
  if (others.length === 0) return { job, state: await keep({ ...state, phase: "created", job_id: job.id }, runs) };
  const ids = [job, ...others].map(({ id, status }) => `${id} (${status})`).join(", ");
  throw new UserError(
    `${others.length + 1} jobs of the service can be ${state.name}: ${ids}. Cancel all but one there, then start again.`,
  );
}

async function keep(state: JobState, runs: string): Promise<JobState> {
  await writeJob(state, runs);
  return state;
}
