/**
 * `edgegym job pause|resume|cancel`: asks the service to pause a job, to go on with it, or to end it for good. A request whose answer
 * was lost may have worked, and is then refused at its second try: so the job's status has the last word. Never prints.
 */
import type { Job } from "../../contract/fine-tuning.ts";
import { ServiceRefused, ServiceUnanswered } from "../jobs/service-failure.ts";
import { trainerService, type TrainerService } from "../jobs/service.ts";
import { UserError } from "../user-error.ts";
import { findCreatedJob } from "../jobs/created-job.ts";

export type Action = "pause" | "resume" | "cancel";

/** By which statuses it can be told that an action has worked; hosts have words of their own for what is under way. */
const DONE: Readonly<Record<Action, readonly string[]>> = {
  pause: ["pausing", "paused"],
  resume: ["resuming", "queued", "running"],
  cancel: ["cancelling", "cancelled"],
};

export interface ControlOptions {
  /** Of the job's folder in runs/; without it the only job. */
  name?: string | undefined;
  /** Without it nothing is cancelled. */
  yes?: boolean | undefined;
  /** The folder of all runs. */
  runs?: string;
}

/** What came of it, as a text. @throws UserError where it was refused, or nothing is known of what came */
export async function controlJob(action: Action, { name, yes = false, runs }: ControlOptions): Promise<string> {
  const state = await findCreatedJob(name, runs);
  const job = `the job ${state.name} (${state.job_id})`;
  if (action === "cancel" && !yes)
    throw new UserError(
      `This would end ${job} for good; its checkpoints stay. Say --yes to do it, or pause it: edgegym job pause --name ${state.name}.`,
    );
  const service = trainerService(state.provider.base_url);
  const { status } = await asked(action, service, state.job_id);
  return `${job[0]?.toUpperCase()}${job.slice(1)} is ${status}. ${next(action, state.name)}`;
}

async function asked(action: Action, service: TrainerService, id: string): Promise<Job> {
  try {
    return await service[action](id);
  } catch (error) {
    if (!(error instanceof ServiceRefused || error instanceof ServiceUnanswered)) throw error;
    const now = await service.job(id).catch(() => undefined);
    if (now && DONE[action].includes(now.status)) return now;
    const known = now
      ? `Its status is ${now.status}.`
      : "What came of it is not known: edgegym watch --once tells the job's status.";
    throw new UserError(`${error.message} ${known}`);
  }
}

function next(action: Action, name: string): string {
  switch (action) {
    case "pause":
      return `It goes on with: npm run edgegym -- job resume --name ${name}`;
    case "resume":
      return `Follow it with: npm run edgegym -- watch --name ${name}`;
    case "cancel":
      return "The checkpoints that it made stay.";
  }
}
