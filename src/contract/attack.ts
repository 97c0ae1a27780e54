/**
 * What an attack on a grader found: what `edgegym attack --json` prints. Holds references and answers of the user's own data, for
 * the user's own eyes: it is no log, and nothing sends it anywhere.
 */
import * as z from "zod";

/** An answer that was sent and scored. */
export const AttackExample = z.object({
  /** The item's id, or where it stands in its file. */
  item: z.string(),
  /** The answer, or the sample as JSON where the answer is not its text; cut where it is long. */
  answer: z.string(),
  reference: z.string(),
  score: z.number(),
  /** The least and the most that it may be paid. */
  least: z.number(),
  most: z.number(),
  /** Why it may be paid something although it is an attack. */
  reason: z.string().optional(),
});
export type AttackExample = z.infer<typeof AttackExample>;

/**
 * `failed`: an answer was paid more than it may be, or a known-good one less than it must. `near_misses`: some were paid that by
 * chance are the reference, or close to it. `by_design`: paid, and the rubric says so. `not_tried`: no item has what the class needs.
 */
export const AttackVerdict = z.enum(["passed", "near_misses", "by_design", "failed", "not_tried"]);
export type AttackVerdict = z.infer<typeof AttackVerdict>;

export const AttackClassResult = z.object({
  family: z.string(),
  name: z.string(),
  description: z.string(),
  /** Why the rubric pays this class's answers, where it does. */
  by_design: z.string().optional(),
  verdict: AttackVerdict,
  /** Answers that were scored. */
  answers: z.int(),
  /** Scores paid; null without an answer. */
  highest: z.number().nullable(),
  lowest: z.number().nullable(),
  mean: z.number().nullable(),
  /** Answers that were paid 1. */
  paid_one: z.int(),
  failures: z.object({ count: z.int(), examples: z.array(AttackExample) }),
  /** Paid, and rightly so. */
  near_misses: z.object({ count: z.int(), examples: z.array(AttackExample) }),
});
export type AttackClassResult = z.infer<typeof AttackClassResult>;

/** An answer that got no score: a fault after all retries, or a refusal of the request. */
export const AttackProblem = z.object({
  item: z.string(),
  class: z.string(),
  /** Null where there was no HTTP answer. */
  status: z.int().nullable(),
  message: z.string(),
});
export type AttackProblem = z.infer<typeof AttackProblem>;

export const AttackResult = z.object({
  schema: z.literal(1),
  /** `attack`: answers that no honest model would be paid for. `honest`: answers that must be paid 1. */
  battery: z.enum(["attack", "honest"]),
  url: z.string(),
  environment: z.string(),
  seed: z.string(),
  items: z.object({
    /** Rows of the data. */
    rows: z.int(),
    chosen: z.int(),
    /** Rows that cannot be graded, by reason. */
    left_out: z.array(z.object({ reason: z.string(), rows: z.int() })),
  }),
  /** The references themselves, given as answers: a grader that does not pay them shows nothing by not paying for tricks. */
  control: AttackClassResult,
  classes: z.array(AttackClassResult),
  problems: z.array(AttackProblem),
  /** Ended before all was sent: by Ctrl-C, or because too many answers got no score. */
  interrupted: z.boolean(),
  stopped: z.boolean(),
  /** Whether every class that was tried passed, and nothing was in the way. */
  passed: z.boolean(),
});
export type AttackResult = z.infer<typeof AttackResult>;
