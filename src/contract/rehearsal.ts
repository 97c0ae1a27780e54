/**
 * What a rehearsal found: `rehearsal.json`, and what its reports are drawn from. Never holds a token, an item's content, an
 * output or an answer.
 */
import * as z from "zod";

/** One promise of the service, held against all that was sent and answered. */
export const RehearsalCheck = z.object({
  /** `lost`, `duplicated`, `wrong_scores`, … */
  name: z.string(),
  /** What must hold, as a sentence that fits a line. */
  promise: z.string(),
  /** Times that it did not hold. */
  violations: z.int(),
  /** Times that it could have been broken: without any, nothing was shown. */
  occasions: z.int(),
  /** The first few violations: ids and what was expected, never content. */
  examples: z.array(z.string()),
});
export type RehearsalCheck = z.infer<typeof RehearsalCheck>;

const milliseconds = z.number();

/** Latencies of answered requests of one kind. */
const RehearsalLatency = z.object({
  /** A tool's name, or `grade`. */
  kind: z.string(),
  requests: z.int(),
  p50: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
  most: milliseconds,
});

export const Rehearsal = z.object({
  schema: z.literal(1),
  run: z.string(),
  url: z.string(),
  environment: z.string(),
  /** The corpus index that the deployment serves; null where its health does not say. */
  index_version: z.string().nullable(),
  /** The words of the command that plays this again, without tokens. */
  command: z.array(z.string()),
  agent: z.string(),
  seed: z.string(),
  /** The kinds of trouble that were made, and how often each; empty without chaos. */
  chaos: z.record(z.string(), z.int()),
  /** Whether the worker was this rehearsal's own, with faults injected. */
  own_worker: z.boolean(),
  started_at: z.iso.datetime(),
  milliseconds,
  /** Ended before its plan was carried out. */
  interrupted: z.boolean(),
  rollouts: z.object({
    planned: z.int(),
    graded: z.int(),
    /** Given up after the retries were used up, as a trainer does. */
    discarded: z.int(),
    /** Neither, because the rehearsal was interrupted or its agent failed. */
    unfinished: z.int(),
  }),
  calls: z.object({
    /** Different calls that agents decided on. */
    decided: z.int(),
    /** Requests that carried them, with retries and duplicates. */
    deliveries: z.int(),
    /** Calls that stand in a ledger, once. */
    executed: z.int(),
  }),
  /** Answers by status, `no answer` where there was none. */
  statuses: z.record(z.string(), z.int()),
  checks: z.array(RehearsalCheck),
  latencies: z.array(RehearsalLatency),
  /** How late the rehearsal's own program was at worst but for 1 % of the time: every latency has that in it. */
  client_delay_milliseconds: milliseconds,
  /** Requests a second over the whole time. */
  requests_per_second: z.number(),
  /** Graded rollouts by score, as text: `0`, `0.5`, `1`. */
  scores: z.record(z.string(), z.int()),
  /** What happened in each second from the start. */
  seconds: z.array(
    z.object({
      second: z.int(),
      answers: z.int(),
      faults: z.int(),
      p50: milliseconds,
      started: z.int(),
      ended: z.int(),
    }),
  ),
  /** The bursts in which rollouts started; `step` counts from 1. */
  steps: z.array(z.object({ step: z.int(), rollouts: z.int(), discarded: z.int(), milliseconds })),
  /** Items discarded more often than chance would have it: selective discards shift what is trained on. */
  discard_bias: z.object({
    /** The share of rollouts that were discarded. */
    share: z.number(),
    items_tested: z.int(),
    items: z.array(z.object({ item: z.string(), rollouts: z.int(), discarded: z.int(), p_value: z.number() })),
  }),
});
export type Rehearsal = z.infer<typeof Rehearsal>;
