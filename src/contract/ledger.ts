/**
 * The ledger of one rollout: what `GET /rollouts/{trace_id}` answers and what is archived to R2. Never holds a reference answer.
 */
import * as z from "zod";

/** How a call ended. `fault` is ours and heals when the same call later succeeds; the others are final. */
export const Outcome = z.enum(["ok", "mistake", "over_budget", "fault"]);
export type Outcome = z.infer<typeof Outcome>;

export const LedgerCall = z.object({
  /** 1 for the rollout's first call; the order in which calls reached the ledger. */
  sequence: z.int(),
  call_id: z.string(),
  tool: z.string(),
  /** The arguments as JSON text, or as the model wrote them where they are no JSON; cut when very long. */
  arguments: z.string(),
  outcome: Outcome,
  /** The output exactly as sent; "" for a fault. */
  output: z.string(),
  /** Whether the tool had more to say than the environment's output limit. */
  cut: z.boolean(),
  /** Faults on the way to the outcome, and the boundary of the latest. */
  faults: z.int(),
  fault_boundary: z.string().nullable(),
  received_at: z.iso.datetime(),
  milliseconds: z.number(),
});
export type LedgerCall = z.infer<typeof LedgerCall>;

/** A grader's verdict on one sample. */
export const Grade = z.object({
  score: z.number(),
  /** The answer as the grader understood it, normalised; null when it understood none. */
  value: z.string().nullable(),
  /** The answer as given, cut when long. */
  answer: z.string(),
  /** One sentence: why this score. */
  explanation: z.string(),
  sub_scores: z.record(z.string(), z.number()),
});
export type Grade = z.infer<typeof Grade>;

export const LedgerGrade = Grade.extend({ graded_at: z.iso.datetime(), milliseconds: z.number() });
export type LedgerGrade = z.infer<typeof LedgerGrade>;

/** A grading that was refused, so that the trainer discards the rollout, and why. */
export const Refusal = z.object({ reason: z.string(), refused_at: z.iso.datetime() });
export type Refusal = z.infer<typeof Refusal>;

export const Ledger = z.object({
  trace_id: z.string(),
  run: z.string(),
  environment: z.string(),
  opened_at: z.iso.datetime(),
  closed_at: z.iso.datetime().nullable(),
  /** Calls that count against the budget, and the budget. */
  calls_counted: z.int(),
  budget: z.int(),
  calls: z.array(LedgerCall),
  grades: z.array(LedgerGrade),
  refusals: z.array(Refusal),
});
export type Ledger = z.infer<typeof Ledger>;
