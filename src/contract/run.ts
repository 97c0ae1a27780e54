/**
 * What `GET /runs`, `GET /runs/{run}`, `GET /runs/{run}/rollouts` and `POST /runs/{run}/rebuild` are asked and answer. Never holds a question, an answer, an output or
 * arguments; trace ids stand for rollouts to look into.
 */
import * as z from "zod";
import { limits } from "./limits.ts";

const time = z.iso.datetime();
const count = z.int();
const counts = z.record(z.string(), count);
const estimate = z
  .number()
  .nullable()
  .describe("An estimate, within 5 % of the value: from buckets that grow by a tenth.");

/** Where a rollout stands, as far as its ledger can tell: a discard happens at the trainer. */
export const RolloutStatus = z.enum(["open", "graded", "discarded", "abandoned"]);
export type RolloutStatus = z.infer<typeof RolloutStatus>;

/** How many rollouts stand where. What looks like a discard was refused, or has a fault that nothing healed. */
export const RolloutCounts = z.object({
  total: count,
  open: count,
  graded: count,
  discarded: count,
  /** Idle for half an hour without any of these. */
  abandoned: count,
});
export type RolloutCounts = z.infer<typeof RolloutCounts>;

export const AlarmKind = z.enum([
  "faults",
  "abandoned",
  "mistakes",
  "score_too_good",
  "score_collapse",
  "identical_answers",
  "claims_disagree",
  "unauthorized_rollouts",
  "no_evidence",
]);
export type AlarmKind = z.infer<typeof AlarmKind>;

/** Objects keep alarms as rows: a field that is added later needs a default, or rows of before cannot be read. */
export const RunAlarm = z.object({
  kind: AlarmKind,
  /** For `mistakes`, the kind of mistake; else "". */
  subject: z.string(),
  raised_at: time,
  /** Null for an alarm that still stands. */
  cleared_at: time.nullable(),
  /** What was measured when it was raised; null in alarms from before it was kept. */
  raised_value: z.number().nullable().default(null),
  /** What is measured now, or was when it was cleared; `message` says the same in words. */
  value: z.number(),
  /**
   * What `value` is held against as long as it stands: the threshold that raised it. It clears below `limits.alarmClearsAt` of
   * this, and `score_collapse`, whose values are low, above as much more.
   */
  threshold: z.number(),
  message: z.string(),
  what_to_do: z.string(),
});
export type RunAlarm = z.infer<typeof RunAlarm>;

/** What is posted to `ALERT_WEBHOOK_URL`: once for each raise and each clear, and again where no answer came, under the same id. */
export const AlarmPush = RunAlarm.extend({
  id: z.string(),
  /** "" for an alarm of no run. */
  run: z.string(),
  state: z.enum(["raised", "cleared"]),
  /** The whole as one line, which chat services show. */
  text: z.string(),
});
export type AlarmPush = z.infer<typeof AlarmPush>;

/** What no ledger has. Counted per isolate and sent at most once: approximate, and lost with an isolate or a rebuild. */
export const Signals = z.object({
  /** Attempts without a valid token, and those of them that carry a trace id: a trainer's own. */
  unauthorized: count,
  unauthorized_with_trace_id: count,
  /** Other requests that were answered 4xx, by kind. */
  refused: counts,
  /** Faults that no ledger has, by boundary. */
  faults: counts,
  /** Calls and gradings that were answered and stand in no ledger, for want of ids. */
  unrecorded: count,
  /** Requests that did not arrive whole, since their client was gone: answered 5xx, which nobody reads, and no fault of ours. */
  cut_off: count,
});
export type Signals = z.infer<typeof Signals>;

export const RunTool = z.object({
  tool: z.string(),
  calls: count,
  latency_milliseconds: z
    .object({ p50: estimate, p95: estimate, p99: estimate, most: estimate })
    .describe(
      "Of answered calls, measured inside the worker: until the output is there, without the ledger's hop and the way to the trainer. Deployed, without computing: Cloudflare's clock stands still meanwhile.",
    ),
  output_characters: z.object({ mean: z.number(), p50: estimate, p95: estimate, most: estimate }),
  cut: count,
  cut_share: z.number(),
});
export type RunTool = z.infer<typeof RunTool>;

/** Rollouts that were opened within one stretch of time. */
export const RunTrendPoint = z.object({
  from: time,
  rollouts: count,
  graded: count,
  score_mean: z.number().nullable(),
  calls: count,
  calls_by_tool: counts,
  mistakes: count,
  faults: count,
});
export type RunTrendPoint = z.infer<typeof RunTrendPoint>;

/** Counts are exact once all messages have arrived, at the latest half an hour after a rollout's last call. */
export const RunReport = z.object({
  run: z.string(),
  first_activity_at: time.nullable(),
  last_activity_at: time.nullable(),
  rollouts: RolloutCounts,
  /** Whether the run has as many rollouts as it can count; further ones are in the ledgers only. */
  full: z.boolean(),
  scores: z.object({
    /** Rollouts with a grade; each counts with its latest. */
    graded: count,
    sum: z.number(),
    mean: z.number().nullable(),
    /** Rollouts that scored 0, and 1, to the hundredth. */
    zero: count,
    one: count,
    /** From `from` up to, but for the last, not including `to`. */
    histogram: z.array(z.object({ from: z.number(), to: z.number(), rollouts: count })),
  }),
  /** Different samples that were graded, and gradings refused. */
  grades: count,
  refusals: count,
  calls: z.object({
    total: count,
    per_rollout: z.object({ mean: z.number().nullable(), p50: count.nullable(), most: count.nullable() }),
    over_budget: count,
  }),
  tools: z.array(RunTool),
  mistakes: z.array(z.object({ kind: z.string(), calls: count, rollouts: count })),
  faults: z.object({
    /** Calls that faulted at least once, those that nothing healed, and the rollouts they are of. */
    calls: count,
    unhealed: count,
    rollouts: count,
    /** Faulted deliveries, by the boundary of their call's latest fault. */
    by_boundary: counts,
  }),
  evidence: z.object({
    /** Graded rollouts by where their answer can have come from. */
    by_source: counts,
    /** Correct answers whose evidence was looked for, those without any, and examples of these. */
    correct: count,
    correct_never_read: count,
    examples: z.array(z.string()),
  }),
  claims: z.object({
    /** Graded rollouts whose sample names its calls; those that name calls which the ledger lacks, and examples of these. */
    rollouts: count,
    disagreeing: count,
    /** Calls, as the ledgers' grades count them. */
    unrecorded: count,
    unclaimed: count,
    examples: z.array(z.string()),
  }),
  trend: z.object({ point_milliseconds: count, points: z.array(RunTrendPoint) }),
  signals: Signals,
  /** Those that stand first, then the latest. */
  alarms: z.array(RunAlarm),
});
export type RunReport = z.infer<typeof RunReport>;

/** A run as the list shows it; a few seconds old. */
export const RunEntry = z.object({
  run: z.string(),
  first_activity_at: time.nullable(),
  last_activity_at: time.nullable(),
  rollouts: RolloutCounts,
  score_mean: z.number().nullable(),
  calls: count,
  /** The alarms that stand, as `mistakes:unknown_path`. */
  alarms: z.array(z.string()),
});
export type RunEntry = z.infer<typeof RunEntry>;

export const RunList = z.object({
  /** By latest activity. */
  runs: z.array(RunEntry),
  /**
   * Of no run: `unauthorized_rollouts` for calls with a trace id and without a valid token, none of which is for a run in the
   * directory, as a job makes them whose token is wrong from its start. The latest raise; posted once an hour at most.
   */
  alarms: z.array(RunAlarm),
  /** Requests without a valid token for a run that there is not, and those that reached no route. */
  elsewhere: Signals,
});
export type RunList = z.infer<typeof RunList>;

/** What is conspicuous about a rollout, as the alarms call it: a right answer that rests on nothing read, calls miscounted. */
export const RolloutFlag = AlarmKind.extract(["no_evidence", "claims_disagree"]);
export type RolloutFlag = z.infer<typeof RolloutFlag>;

/** A rollout as a list shows it; all else is in its ledger, `GET /rollouts/{trace_id}?run=NAME`. */
export const RolloutEntry = z.object({
  trace_id: z.string(),
  /** The row's own `id`; null for rows without one. */
  item: z.string().nullable(),
  status: RolloutStatus,
  /** The latest; null without a grade. */
  score: z.number().nullable(),
  calls: count,
  /** Calls that were mistakes, those over budget among them. */
  mistakes: count,
  /** Faulted deliveries, healed or not. */
  faults: count,
  flags: z.array(RolloutFlag),
  opened_at: time,
  /** When a call, a grading or a refusal last came. */
  last_seen_at: time,
});
export type RolloutEntry = z.infer<typeof RolloutEntry>;

const LIMIT_RULE = `a whole number from 1 to ${limits.rolloutsListedMost} is needed`;

/** The query of a list of rollouts. */
export const RolloutsQuery = z.object({
  status: RolloutStatus.optional().describe("Only rollouts that stand there"),
  limit: z.coerce
    .number(LIMIT_RULE)
    .int(LIMIT_RULE)
    .min(1, LIMIT_RULE)
    .max(limits.rolloutsListedMost, LIMIT_RULE)
    .default(limits.rolloutsListed)
    .describe("Rollouts on one page at most"),
  cursor: z.string().optional().describe("What the page before answered; nothing for the first page"),
});
export type RolloutsQuery = z.infer<typeof RolloutsQuery>;

export const RolloutPage = z.object({
  /** By when they were opened, the latest first; a rollout that is opened meanwhile moves none of them to another page. */
  rollouts: z.array(RolloutEntry),
  /** For the next page; null on the last. */
  cursor: z.string().nullable(),
});
export type RolloutPage = z.infer<typeof RolloutPage>;

export const RebuildRequest = z.object({
  /** What the step before answered; null or nothing for the first. */
  cursor: z.string().max(4_096).nullish(),
});
export type RebuildRequest = z.infer<typeof RebuildRequest>;

export const RebuildReply = z.object({
  /** Archived ledgers read in this step; those of them that told the run something new; and those that are not readable. */
  read: count,
  restored: count,
  unreadable: count,
  /** For the next step; null after the last. */
  cursor: z.string().nullable(),
});
export type RebuildReply = z.infer<typeof RebuildReply>;
