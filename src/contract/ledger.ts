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
  /** What kind of mistake it was, as `unknown_path`; null for every other outcome, and in ledgers from before kinds were kept. */
  mistake: z.string().nullable().default(null),
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

/**
 * Where an answer can have come from: whether what it rests on occurred in the outputs of the rollout's own calls.
 * An observation beside the score, which it never changes.
 */
export const Evidence = z.object({
  /**
   * `answer`: its number, or the path of a file that it has to name, was read. `operands`: all numbers that the row's program computes
   * with were read. `page`: a page that holds the evidence, or a file that has to be named, was opened. `none`: none of these, so a correct answer was memorised, leaked or guessed.
   * `unknown`: the row says nothing to hold the calls against.
   */
  source: z.enum(["answer", "operands", "page", "none", "unknown"]),
  /** The calls (`sequence`) whose outputs held it. */
  calls: z.array(z.int()),
});
export type Evidence = z.infer<typeof Evidence>;

/** The calls that the trainer says the model made (`sample.output_tools`, or else its choices), held against the ledger. */
export const Claims = z.object({
  claimed: z.int(),
  /** Claimed calls of the environment's own tools that the ledger does not have. */
  unrecorded: z.int(),
  /** Calls of the ledger that the trainer does not claim; of a sample without `output_tools`, none. */
  unclaimed: z.int(),
});
export type Claims = z.infer<typeof Claims>;

export const LedgerGrade = Grade.extend({
  /** Null where the environment looks for none, and in ledgers from before it was kept. */
  evidence: Evidence.nullable().default(null),
  /** Null where the sample claims nothing. */
  claims: Claims.nullable().default(null),
  graded_at: z.iso.datetime(),
  milliseconds: z.number(),
});
export type LedgerGrade = z.infer<typeof LedgerGrade>;

/** A grading that was refused, so that the trainer discards the rollout, and why. */
export const Refusal = z.object({ reason: z.string(), refused_at: z.iso.datetime() });
export type Refusal = z.infer<typeof Refusal>;

export const Ledger = z.object({
  trace_id: z.string(),
  run: z.string(),
  environment: z.string(),
  /** The row's own `id`, by which attempts at the same item find each other; null for rows without one. */
  item: z.string().nullable().default(null),
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
