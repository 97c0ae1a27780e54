/** Finds the job that a creation without an answer may have made, among those of the service. Pure. */
import { ENDED_STATUSES, type Job } from "../../contract/fine-tuning.ts";
import type { JobState } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import { NAME_KEY, REQUEST_KEY } from "./request.ts";

/**
 * The jobs that can be it, by their metadata; of a service that keeps none, by files, suffix and time. Those that were given up are
 * none as long as there is another.
 */
export function jobsOf(state: JobState, jobs: readonly Job[]): Job[] {
  const marked = jobs.filter(
    ({ metadata }) => metadata?.[NAME_KEY] === state.name && metadata[REQUEST_KEY] === state.request_sha256,
  );
  const found = marked.length > 0 ? marked : jobs.filter((job) => isAlike(job, state));
  const lasting = found.filter(({ status }) => !GIVEN_UP.includes(status));
  return lasting.length > 0 ? lasting : found;
}

const GIVEN_UP = ENDED_STATUSES.filter((status) => status !== "succeeded");

function isAlike(job: Job, { files, suffix, created_at }: JobState): boolean {
  if (Object.keys(job.metadata ?? {}).length > 0) return false;
  const isLater =
    job.created_at == null || job.created_at * 1000 >= Date.parse(created_at) - limits.clockSkewMilliseconds;
  const hasSuffix = job.suffix == null || job.suffix === (suffix ?? "");
  return (
    job.training_file === files.training.file_id &&
    job.validation_file === files.validation.file_id &&
    isLater &&
    hasSuffix
  );
}
