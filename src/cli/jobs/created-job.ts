/** The job that a command is about, once the service has it. Never asks the service. */
import type { JobState } from "../../contract/job.ts";
import { findJob } from "./job-file.ts";
import { UserError } from "../user-error.ts";

export type CreatedJob = JobState & { job_id: string };

/** @throws UserError for no such job, and for one that the service is not known to have, with what to do */
export async function findCreatedJob(name: string | undefined, runs?: string): Promise<CreatedJob> {
  const state = await findJob(name, runs);
  const { phase, job_id } = state;
  if (phase === "refused")
    throw new UserError(
      `The service refused to create the job ${state.name}: there is none. Mend what it said, and run edgegym train again.`,
    );
  if (phase === "created" && job_id !== null) return { ...state, job_id };
  throw new UserError(
    `The creation of the job ${state.name} was sent at ${state.created_at}, and no answer is known: there may be a job at ${state.provider.base_url}, or none. The same edgegym train command again looks for it.`,
  );
}
