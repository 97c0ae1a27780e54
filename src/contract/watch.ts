/**
 * What `edgegym watch` knows of a training job at one moment: `watch --once --json` prints it, and the terminal's view and the page
 * are made of it. The job's own figures and those of the deployment's run monitor, on one clock. Never holds a row, a sample or a token.
 */
import * as z from "zod";
import { RunReport } from "./run.ts";

const time = z.iso.datetime();
const figure = z.number().nullable();

/** Of one tool, in one step, as the service tells it. */
export const StepTool = z.object({
  tool: z.string(),
  /** Of a rollout, on average. */
  calls: figure,
  /** From the trainer's side: with the way to the deployment and back. */
  latency_seconds: figure,
  errors: figure,
});
export type StepTool = z.infer<typeof StepTool>;

/** A number that the service tells and that has no place of its own here. */
const OtherFigure = z.object({ name: z.string(), value: z.number() });

/** A step of the job. What the service does not tell is null: hosts tell different things, under different names. */
export const WatchStep = z.object({
  step: z.int(),
  /** When its event came: at the step's end. */
  at: time,
  /** Means over the step's rollouts, and over the validation rows where the step was followed by a validation. */
  train_reward: figure,
  valid_reward: figure,
  reasoning_tokens: figure,
  valid_reasoning_tokens: figure,
  completion_tokens: figure,
  /** Of a rollout, on average, over all tools. */
  tool_calls: figure,
  tools: z.array(StepTool),
  /** Samples that the service got no grade for, of all kinds. */
  grader_errors: figure,
  /** The share of rollouts without anything to be graded. */
  unresponsive_rewards: figure,
  seconds: z.object({ sampling: figure, training: figure, eval: figure, full_iteration: figure }),
  other: z.array(OtherFigure),
});
export type WatchStep = z.infer<typeof WatchStep>;

export const WatchCheckpoint = z.object({
  step: z.int(),
  at: time,
  /** By which it can be asked like any other model. */
  model: z.string(),
  valid_reward: figure,
  /** Of those with a validation reward the highest, the earliest of equal ones. */
  best: z.boolean(),
});
export type WatchCheckpoint = z.infer<typeof WatchCheckpoint>;

/** Whether one of the two that are asked answers. */
export const WatchSource = z.object({
  answered_at: time.nullable(),
  /** Null as long as it answers. */
  failing_since: time.nullable(),
  problem: z.string().nullable(),
});
export type WatchSource = z.infer<typeof WatchSource>;

/** Rollouts of one item in one step, of those that the monitor lists: an item teaches only where they score differently. */
export const WatchGroups = z.object({
  groups: z.int(),
  /** Groups whose rollouts all have one score; of them, those of 0 and of 1. */
  same: z.int(),
  zero: z.int(),
  one: z.int(),
});
export type WatchGroups = z.infer<typeof WatchGroups>;

export const HintKind = z.enum([
  "dip_with_faults",
  "exploring",
  "plateau",
  "gap",
  "too_good",
  "no_variance",
  "discards",
  "grader_errors",
  "alarm",
]);
export type HintKind = z.infer<typeof HintKind>;

/** Something to look at, with the figures that it is said for. */
export const WatchHint = z.object({
  kind: HintKind,
  /** What was found, in figures. */
  finding: z.string(),
  advice: z.string(),
});
export type WatchHint = z.infer<typeof WatchHint>;

export const WatchSnapshot = z.object({
  schema: z.literal(1),
  name: z.string(),
  taken_at: time,
  job: z.object({
    id: z.string(),
    base_url: z.string(),
    /** What was trained, and what became of it. */
    model: z.string(),
    fine_tuned_model: z.string().nullable(),
    /** The service's own word; null before its first answer. */
    status: z.string().nullable(),
    ended: z.boolean(),
    created_at: time,
    finished_at: time.nullable(),
    estimated_finish: time.nullable(),
    error: z.string().nullable(),
    total_steps: z.int().nullable(),
  }),
  service: WatchSource,
  monitor: WatchSource,
  steps: z.array(WatchStep),
  checkpoints: z.array(WatchCheckpoint),
  /** The latest of the job's log that are no step's figures, the oldest first. */
  log: z.array(z.object({ at: time, level: z.string(), message: z.string() })),
  /** What the deployment's monitor last said; null as long as it has said nothing. */
  run: RunReport.nullable(),
  groups: WatchGroups.nullable(),
  hints: z.array(WatchHint),
});
export type WatchSnapshot = z.infer<typeof WatchSnapshot>;
