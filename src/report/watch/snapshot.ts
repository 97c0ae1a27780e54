/** All that is known of a job at one moment, put together from what was asked and kept. Pure. */
import { ENDED_STATUSES, type Job, type JobCheckpoint, type JobEvent } from "../../contract/fine-tuning.ts";
import type { JobState } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import type { RolloutEntry, RunReport } from "../../contract/run.ts";
import type { WatchCheckpoint, WatchGroups, WatchSnapshot, WatchSource } from "../../contract/watch.ts";
import { figuresOf, stepsOf, timeOf } from "./figures.ts";
import { groupsOf } from "./groups.ts";
import { hintsOf } from "./hints.ts";

export interface Known {
  state: JobState & { job_id: string };
  /** As the service last told it; undefined before it has. */
  job: Job | undefined;
  events: readonly JobEvent[];
  checkpoints: readonly JobCheckpoint[];
  run: RunReport | undefined;
  /** Graded rollouts of the run, the latest, and whether they are all that there are. */
  rollouts: { entries: readonly RolloutEntry[]; isWhole: boolean } | undefined;
  service: WatchSource;
  monitor: WatchSource;
}

const LOG_CHARACTERS = 300;

export function snapshotOf(known: Known, takenAt: Date): WatchSnapshot {
  const { steps, total_steps } = stepsOf(known.events);
  const snapshot: WatchSnapshot = {
    schema: 1,
    name: known.state.name,
    taken_at: takenAt.toISOString(),
    job: { ...jobOf(known), total_steps },
    service: known.service,
    monitor: known.monitor,
    steps,
    checkpoints: checkpointsOf(
      known.checkpoints,
      (step) => steps.find((one) => one.step === step)?.valid_reward ?? null,
    ),
    log: logOf(known.events),
    run: known.run ?? null,
    groups: groups(
      known,
      steps.map(({ at }) => Date.parse(at)),
    ),
    hints: [],
  };
  return { ...snapshot, hints: hintsOf(snapshot) };
}

function jobOf({ state, job }: Known): Omit<WatchSnapshot["job"], "total_steps"> {
  const moment = (seconds: number | null | undefined) => (typeof seconds === "number" ? timeOf(seconds) : null);
  const failure = [job?.error?.code, job?.error?.message].filter(Boolean).join(": ");
  return {
    id: state.job_id,
    base_url: state.provider.base_url,
    model: state.model,
    fine_tuned_model: job?.fine_tuned_model ?? null,
    status: job?.status ?? null,
    ended: job !== undefined && ENDED_STATUSES.includes(job.status),
    created_at: moment(job?.created_at) ?? state.created_at,
    finished_at: moment(job?.finished_at),
    estimated_finish: moment(job?.estimated_finish),
    error: failure === "" ? null : failure.slice(0, LOG_CHARACTERS),
  };
}

/** By step. A checkpoint's own metrics have the say; else what its step's event said. */
function checkpointsOf(
  checkpoints: readonly JobCheckpoint[],
  rewardOf: (step: number) => number | null,
): WatchCheckpoint[] {
  const found = checkpoints.flatMap(({ id, created_at, step_number: step, metrics, fine_tuned_model_checkpoint }) => {
    if (!Number.isSafeInteger(step)) return [];
    const own = figuresOf({ id, created_at, data: { ...metrics, step } })?.step.valid_reward;
    const valid_reward = own ?? rewardOf(step);
    return [{ step, at: timeOf(created_at), model: fine_tuned_model_checkpoint, valid_reward }];
  });
  const sorted = found.toSorted((a, b) => a.step - b.step);
  const highest = Math.max(...sorted.flatMap(({ valid_reward }) => valid_reward ?? []));
  const best = sorted.findIndex(({ valid_reward }) => valid_reward === highest);
  return sorted.map((checkpoint, at) => ({ ...checkpoint, best: at === best }));
}

function logOf(events: readonly JobEvent[]): WatchSnapshot["log"] {
  return events
    .filter((event) => figuresOf(event) === undefined && (event.message ?? "") !== "")
    .toSorted((a, b) => a.created_at - b.created_at)
    .slice(-limits.watchLogEntries)
    .map(({ created_at, level, message }) => ({
      at: timeOf(created_at),
      level: level ?? "info",
      message: (message ?? "").slice(0, LOG_CHARACTERS),
    }));
}

/** Validations play an item as often as the job says; such groups are none of a step's. */
function groups({ state, rollouts }: Known, ends: readonly number[]): WatchGroups | null {
  if (!rollouts) return null;
  const samples = state.hyperparameters.eval_samples;
  const least = Math.max(limits.watchGroupRollouts, typeof samples === "number" ? samples + 1 : 0);
  return groupsOf(rollouts.entries, { ends, least, isWhole: rollouts.isWhole });
}
