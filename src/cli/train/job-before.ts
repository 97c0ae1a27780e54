/** What became of a job that was begun before under the same name. Creates nothing. */
import type { JobState } from "../../contract/job.ts";
import type { TrainReport, TrainResult } from "../../contract/preflight.ts";
import type { TrainerService } from "../jobs/service.ts";
import { UserError } from "../user-error.ts";
import { adoptJob } from "./create.ts";

interface Found {
  result: (typeof TrainResult)["enum"]["adopted" | "exists"];
  state: JobState;
  status: string | null;
}

/**
 * The job that there is, or undefined where one may be created.
 * @param options.service null where nobody can be asked
 * @param options.hash of the request that is wanted now
 * @throws UserError for a job that was begun with another request; and when one was sent, no job of it is found, and it was not
 * said that another may be created
 */
export async function jobBefore(
  state: JobState,
  {
    service,
    runs,
    hash,
    createAgain,
  }: { service: TrainerService | null; runs: string; hash: string; createAgain: boolean },
): Promise<TrainReport | undefined> {
  if (state.phase === "refused") return undefined;
  if (service !== null && service.baseUrl !== state.provider.base_url)
    throw new UserError(
      `The job ${state.name} was begun at ${state.provider.base_url}, not at ${service.baseUrl}. Give that --base-url, or another --name.`,
    );
  const found = await findAt(state, service, runs);
  if (found && state.request_sha256 !== hash)
    throw new UserError(
      `There is already the job ${state.name}: ${found.state.job_id ?? ""}. It was begun with other files or other choices than these (its job.json has them). Nothing was created: give another --name.`,
    );
  if (found) return reportOf(found);
  if (createAgain) return undefined;
  throw new UserError(
    `The request for the job ${state.name} was sent at ${state.created_at} without an answer, and ${state.provider.base_url} lists no job of it. Look there once more in a few minutes; if there is none for sure, start again with --create-again.`,
  );
}

async function findAt(state: JobState, service: TrainerService | null, runs: string): Promise<Found | undefined> {
  if (state.phase === "created") {
    const { job_id: id } = state;
    // Its status is a courtesy: that there is a job is known without the service.
    const job = service && id !== null ? await service.job(id).catch(noStatus) : undefined;
    return { result: "exists", state, status: job?.status ?? null };
  }
  const adopted = service && (await adoptJob(service, state, runs));
  return adopted ? { result: "adopted", state: adopted.state, status: adopted.job.status } : undefined;
}

function noStatus(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}

const reportOf = ({ result, state, status }: Found): TrainReport => ({
  schema: 1,
  name: state.name,
  result,
  preflight: null,
  request: null,
  job: state,
  status,
});
