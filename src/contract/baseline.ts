/**
 * What a baseline found: `baseline.json`, what `edgegym baseline --json` prints and its reports are drawn from. Every figure is of
 * graded rollouts alone, unless it says otherwise. Holds no answer and no output.
 */
import * as z from "zod";
import { ResultsManifest } from "./results.ts";

/** An estimate with a 95 % interval: of drawings of the items, or of what is believed after them (src/report/statistics). */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Estimate = z.infer<typeof Estimate>;

/** How a number is spread over rollouts or requests. */
export const Spread = z.object({
  count: z.int(),
  mean: z.number(),
  p50: z.number(),
  p95: z.number(),
  most: z.number(),
});
export type Spread = z.infer<typeof Spread>;

export const ItemFigures = z.object({
  item: z.string(),
  /** Of its graded attempts, in their order. */
  scores: z.array(z.number()),
  mean: z.number(),
  /** Standard deviation of these attempts themselves (divided by their number). */
  sigma: z.number(),
  best: z.number(),
  mean_calls: z.number(),
});
export type ItemFigures = z.infer<typeof ItemFigures>;

export const ToolFigures = z.object({
  tool: z.string(),
  calls: z.int(),
  per_rollout: z.number(),
  mistakes: z.int(),
  over_budget: z.int(),
  /** Answered with a 4xx, which the model was shown. */
  refused: z.int(),
  /** Tries that failed, of which a later one was answered. */
  healed_faults: z.int(),
  /** Calls right after one of the same tool. */
  repeats: z.int(),
  milliseconds: Spread,
});
export type ToolFigures = z.infer<typeof ToolFigures>;

/** `ready`: as it should be. `not_yet`: something is to be done first. `unknown`: nothing was there to judge by. */
export const ReadinessState = z.enum(["ready", "not_yet", "unknown"]);
export type ReadinessState = z.infer<typeof ReadinessState>;

export const ReadinessCheck = z.object({
  name: z.string(),
  state: ReadinessState,
  /** What was found, as a sentence. */
  finding: z.string(),
  /** What to do, as a sentence; null where nothing is. */
  advice: z.string().nullable(),
});
export type ReadinessCheck = z.infer<typeof ReadinessCheck>;

/** What a training job would find at one compute multiplier. */
const SignalForecast = z.object({
  multiplier: z.number(),
  /** Rollouts of an item in a step. */
  copies: z.int(),
  /** The share of groups whose rollouts do not all succeed or all fail. */
  share: Estimate,
  /** Rollouts of one epoch over as many items as the baseline's. */
  epoch_rollouts: z.int(),
});

export const Baseline = z.object({
  schema: z.literal(1),
  manifest: ResultsManifest,
  /** Ended before all was attempted, by Ctrl-C or because nothing was answered any more. */
  interrupted: z.boolean(),
  stopped: z.string().nullable(),
  rollouts: z.object({
    planned: z.int(),
    graded: z.int(),
    /** Left out of every figure of the model's. */
    faulted: z.int(),
    agent_failed: z.int(),
    unattempted: z.int(),
    /** Tries that were left out and made up for by a later start. */
    repeated: z.int(),
  }),
  /** Why rollouts were left out, and how many; the commonest first. */
  failures: z.array(z.object({ reason: z.string(), rollouts: z.int() })),
  /** Items with a graded attempt, by mean score, then by the best one, then by name. */
  items: z.array(ItemFigures),
  /** Each item counts once. Null without a graded rollout. */
  mean_score: Estimate.nullable(),
  /** Of k attempts, for each k over the same items: those with as many graded attempts as the largest k. */
  best_of: z.array(
    z.object({
      k: z.int(),
      items: z.int(),
      best: Estimate,
      pass: Estimate,
      /** The best of k less the mean, item by item. */
      gain: Estimate,
    }),
  ),
  /** Of items with two graded attempts or more. */
  always: z.object({
    items: z.int(),
    zero: z.int(),
    one: z.int(),
    /** All attempts alike, at another score than 0 and 1. */
    same: z.int(),
    /** Attempts that differ: only these teach. */
    varied: z.int(),
  }),
  /** Graded rollouts by score, as text. */
  scores: z.record(z.string(), z.int()),
  calls: z.object({
    /** A rollout's calls. */
    spread: Spread,
    /** Rollouts by their number of calls, as text. */
    histogram: z.record(z.string(), z.int()),
    /** Calls made at once, on average of the turns with any. */
    per_turn: z.number(),
    tools: z.array(ToolFigures),
    /** The commonest sequences, as `search x2 > cat + list`, with the mean score of those rollouts. */
    sequences: z.array(z.object({ sequence: z.string(), rollouts: z.int(), mean_score: z.number() })),
    /** Calls of the tool that the call before was of. */
    repeats: z.int(),
  }),
  /** Null for agents that are no model, and for services that do not count. Of all lines, whatever their ending. */
  tokens: z
    .object({
      input: Spread,
      cached_input: Spread,
      output: Spread,
      reasoning: Spread,
      /** Of all rollouts; null without prices. */
      cost: z.number().nullable(),
      /** Of one, on average of all; null without prices, and in files from before it was kept. */
      cost_per_rollout: z.number().nullable().default(null),
    })
    .nullable(),
  milliseconds: z.object({ answer: Spread, model: Spread, tools: Spread, grading: Spread }),
  /** How the model's answers ended; empty for agents that are no model. */
  answer_endings: z.record(z.string(), z.int()),
  /** Where the answers can have come from, by the ledgers (contract/ledger.ts): counts of graded rollouts and of those with a full score. */
  evidence: z.record(z.string(), z.object({ rollouts: z.int(), full_scores: z.int() })),
  /** Null without items attempted twice. */
  forecast: z
    .object({
      /** The likeliest distribution of items' success rates: Beta(a, b). */
      a: z.number(),
      b: z.number(),
      multipliers: z.array(SignalForecast),
    })
    .nullable(),
  readiness: z.object({ ready: z.boolean(), checks: z.array(ReadinessCheck) }),
});
export type Baseline = z.infer<typeof Baseline>;
