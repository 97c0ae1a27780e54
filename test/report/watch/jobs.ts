/** A training job as a service tells of it, and its run as the monitor does, for looking at views and testing them. */
import type { Job, JobCheckpoint, JobEvent } from "../../../src/contract/fine-tuning.ts";
import type { JobState } from "../../../src/contract/job.ts";
import type { RunAlarm, RunReport, RunTrendPoint } from "../../../src/contract/run.ts";
import type { WatchSource, WatchStep } from "../../../src/contract/watch.ts";
import { type Known, snapshotOf } from "../../../src/report/watch/snapshot.ts";
import { reportOf } from "../../../src/worker/run/report.ts";
import { signalsOf } from "../../../src/worker/run/signal-counts.ts";
import { Statistics } from "../../../src/worker/run/statistics.ts";
import { seeded } from "../../random.ts";
import { isoAt, START, summaryOf } from "../../worker/run/summaries.ts";

const sha256 = "0f".repeat(32);
const STEP_MILLISECONDS = 6 * 60_000;

export const stateOf = (fields: Partial<JobState> = {}): JobState & { job_id: string } => ({
  schema: 1,
  name: "finqa-7",
  command: ["npm", "run", "edgegym", "--", "train", "--name", "finqa-7"],
  phase: "created",
  created_at: isoAt(START),
  provider: { base_url: "https://example.openai.azure.com/openai/v1" },
  model: "qwen3.6-35b-a3b",
  environment: "finqa",
  request_sha256: sha256,
  files: {
    training: { name: "train.jsonl", bytes: 10, sha256, file_id: "file-1", rows: 1000 },
    validation: { name: "val.jsonl", bytes: 10, sha256, file_id: "file-2", rows: 100 },
  },
  grader: "endpoint",
  hyperparameters: { eval_samples: 2 },
  max_episode_steps: 10,
  seed: 7,
  suffix: null,
  versions: { prompt: "p", tools: "t", grader: "g" },
  deployment: { url: "https://edgegym.example.workers.dev", index_version: null },
  ...fields,
  job_id: fields.job_id ?? "ftjob-4711",
});

export const answering: WatchSource = { answered_at: isoAt(START + 60_000), failing_since: null, problem: null };

/** What OpenAI's service tells of a step, as its guide shows it. */
export function eventOf(
  step: number,
  figures: Partial<Record<"train" | "valid" | "tokens" | "calls", number>>,
): JobEvent {
  const { train, valid, tokens = 3000 - 40 * step, calls = 8 - step * 0.15 } = figures;
  return {
    id: `ftevent-${step}`,
    created_at: (START + step * STEP_MILLISECONDS) / 1000,
    level: "info",
    message: `Step ${step}/60`,
    type: "metrics",
    data: {
      step,
      total_steps: 60,
      train_mean_reward: train,
      full_valid_mean_reward: valid,
      scores: { train_reward_mean: train, valid_reward_mean: valid },
      usage: { samples: { train_reasoning_tokens_mean: tokens } },
      reasoning_tokens_mean: tokens,
      completion_tokens_mean: tokens * 1.1,
      mean_unresponsive_rewards: 0,
      errors: { graders: [{ name: "exact", type: "endpoint", train_other_error_count: step % 7 === 0 ? 1 : 0 }] },
      timing: { step: { sampling: 200, training: 120, eval: 30, full_iteration: 355 } },
      tool_calls_per_rollout: { search: calls * 0.5, list: calls * 0.2, cat: calls * 0.3 },
    },
  };
}

/** A job of so many steps, better from step to step, with faults and a dip where they are asked for. */
export function exampleEvents(steps: number, dipAt = -1): JobEvent[] {
  const random = seeded(1);
  const told = Array.from({ length: steps }, (_, at) => {
    const step = at + 1;
    const train = 0.45 + 0.2 * (1 - Math.exp(-step / 12)) + (random() - 0.5) * 0.08 - (step === dipAt ? 0.25 : 0);
    const valid = step % 5 === 0 ? 0.46 + 0.18 * (1 - Math.exp(-step / 12)) + (random() - 0.5) * 0.02 : undefined;
    return eventOf(step, { train, ...(valid !== undefined && { valid }) });
  });
  const begun = {
    id: "ftevent-0",
    created_at: START / 1000,
    level: "info",
    message: "Fine-tuning job started",
    type: "message",
  };
  return [begun, ...told];
}

export const exampleCheckpoints = (steps: number): JobCheckpoint[] =>
  Array.from({ length: Math.floor(steps / 5) }, (_, at) => ({
    id: `ftckpt-${at}`,
    created_at: (START + (at + 1) * 5 * STEP_MILLISECONDS + 20_000) / 1000,
    fine_tuned_model_checkpoint: `ft:qwen3.6-35b-a3b:example::ckpt-step-${(at + 1) * 5}`,
    step_number: (at + 1) * 5,
  }));

/** The monitor's half of the same time, with faults in the time of one step. */
export function exampleRun(steps: number, faultsAt = -1, fields: Partial<RunReport> = {}): RunReport {
  const random = seeded(2);
  const minutes = (steps * STEP_MILLISECONDS) / 60_000;
  const points = Array.from({ length: minutes }, (_, minute): RunTrendPoint => {
    const step = Math.floor((minute * 60_000) / STEP_MILLISECONDS) + 1;
    const rollouts = minute % 6 < 4 ? 128 : 20;
    const calls = Math.max(1, 8 - step * 0.15);
    const isFaulty = step === faultsAt;
    return {
      from: isoAt(START + minute * 60_000),
      rollouts,
      graded: rollouts,
      score_mean: 0.45 + 0.18 * (1 - Math.exp(-step / 12)) + (random() - 0.5) * 0.06 - (isFaulty ? 0.2 : 0),
      calls: Math.round(calls * rollouts),
      calls_by_tool: {
        cat: Math.round(calls * 0.3 * rollouts),
        list: Math.round(calls * 0.2 * rollouts),
        search: Math.round(calls * 0.5 * rollouts),
      },
      mistakes: Math.round(rollouts * 0.2 * Math.exp(-step / 10)),
      faults: isFaulty ? 40 : 0,
    };
  });
  const report = reportOf(Statistics.of([summaryOf()]), {
    run: "finqa-7",
    full: false,
    firstActivity: START,
    lastActivity: START + minutes * 60_000,
    unread: [],
    disagreeing: [],
    signals: signalsOf({}),
    alarms: [],
  });
  const total = points.reduce((sum, { rollouts }) => sum + rollouts, 0);
  const tools = ["cat", "list", "search"].map((tool, at) => ({
    tool,
    calls: 1000 * (at + 2),
    latency_milliseconds: { p50: 9 * (at + 1), p95: 40 * (at + 1), p99: 120 * (at + 1), most: 900 },
    output_characters: { mean: 2000, p50: 1900, p95: 7000, most: 8000 },
    cut: 10,
    cut_share: 0.01,
  }));
  return {
    ...report,
    rollouts: { total, open: 12, graded: total - 16, discarded: faultsAt < 0 ? 0 : 4, abandoned: 0 },
    calls: { ...report.calls, total: points.reduce((sum, { calls }) => sum + calls, 0) },
    tools,
    faults: {
      calls: faultsAt < 0 ? 0 : 240,
      unhealed: 0,
      rollouts: 0,
      by_boundary: faultsAt < 0 ? {} : { storage: 240 },
    },
    trend: { point_milliseconds: 60_000, points },
    ...fields,
  };
}

export const exampleAlarm: RunAlarm = {
  kind: "faults",
  subject: "",
  raised_at: isoAt(START + 12 * STEP_MILLISECONDS),
  cleared_at: null,
  raised_value: 0.5,
  value: 0.5,
  threshold: 0.05,
  message: "50 % of the latest rollouts met a fault.",
  what_to_do: "Look at the faults' boundary.",
};

function knownOf(fields: Partial<Known> = {}): Known {
  const job: Job = { id: "ftjob-4711", status: "running", created_at: START / 1000 };
  return {
    state: stateOf(),
    job,
    events: exampleEvents(20),
    checkpoints: exampleCheckpoints(20),
    run: exampleRun(20),
    rollouts: undefined,
    service: answering,
    monitor: answering,
    ...fields,
  };
}

export const exampleSnapshot = (fields: Partial<Known> = {}) =>
  snapshotOf(knownOf(fields), new Date(START + 21 * STEP_MILLISECONDS));

/** Of hints' borders: steps with these figures and nothing else. */
export function stepsWith(figures: readonly Partial<WatchStep>[]): WatchStep[] {
  return figures.map((fields, at) => ({
    step: at + 1,
    at: isoAt(START + (at + 1) * STEP_MILLISECONDS),
    train_reward: null,
    valid_reward: null,
    reasoning_tokens: null,
    valid_reasoning_tokens: null,
    completion_tokens: null,
    tool_calls: null,
    tools: [],
    grader_errors: null,
    unresponsive_rewards: null,
    seconds: { sampling: null, training: null, eval: null, full_iteration: null },
    other: [],
    ...fields,
  }));
}
