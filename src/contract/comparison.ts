/**
 * What differs between two or more results on the same items: `comparison.json`, what `edgegym compare --json` prints and its
 * reports are drawn from. The first result is the one that the others are held against. Lists "of each result" are in the results'
 * order; lists of changes lack the first. Holds no question, no answer and no output.
 */
import * as z from "zod";
import { Estimate } from "./baseline.ts";
import { ResultsManifest } from "./results.ts";

/**
 * `better`, `worse`: a difference beyond chance, the wanted way or the other. `changed`: beyond chance, where neither way is
 * wanted. `unclear`: not to be told from chance. `same`: no item differs.
 */
const Finding = z.enum(["better", "worse", "changed", "unclear", "same"]);
export type Finding = z.infer<typeof Finding>;

/** A figure of a result less that of the first, item by item. */
export const Change = z.object({
  difference: Estimate,
  /** Of the two-sided sign-flip test (src/report/statistics/sign-flip.ts). */
  p: z.number(),
  /** The same with Holm's correction for all tests of its family. */
  corrected_p: z.number(),
  method: z.enum(["exact", "monte_carlo"]),
  /** The smallest p that the test could have given. */
  resolution: z.number(),
  /** The smallest true difference that these items would show in four of five comparisons; null where they could not say. */
  detectable: z.number().nullable(),
  finding: Finding,
});
export type Change = z.infer<typeof Change>;

/** What a figure is counted in. */
const Unit = z.enum(["score", "share", "milliseconds", "tokens", "number"]);

/** The mean over items of each item's mean over its graded attempts. */
export const Figure = z.object({
  name: z.string(),
  /** For calls of one tool: which. */
  tool: z.string().nullable(),
  unit: Unit,
  /** Which way is better; null where neither is. */
  wanted: z.enum(["more", "less"]).nullable(),
  /** Items behind it. */
  items: z.int(),
  /** Of each result. */
  values: z.array(Estimate),
  changes: z.array(Change),
});
export type Figure = z.infer<typeof Figure>;

/** The score on items whose questions are of one kind. */
const KindFigures = z.object({
  kind: z.string(),
  items: z.int(),
  values: z.array(Estimate),
  changes: z.array(Change),
});

/** One of the results that are compared. */
const ComparedResult = z.object({
  /** The name of its folder; different for each. */
  label: z.string(),
  manifest: ResultsManifest,
  rollouts: z.object({
    planned: z.int(),
    graded: z.int(),
    /** Never scored, and left out. */
    faulted: z.int(),
    agent_failed: z.int(),
    unattempted: z.int(),
  }),
  /** Items with a graded attempt that are not among the common ones, and their mean score here; null without one. */
  left_out: z.object({ items: z.int(), mean_score: z.number().nullable() }),
  /** The last line of its file was cut, as by an interruption, and left out. */
  cut: z.boolean(),
});
export type ComparedResult = z.infer<typeof ComparedResult>;

/** An item before and after, by the mean of its graded attempts. */
const ItemChange = z.object({
  item: z.string(),
  kind: z.string().nullable(),
  scores: z.tuple([z.array(z.number()), z.array(z.number())]),
  /** Of the mean score, and of the mean number of calls. */
  score: z.number(),
  calls: z.number(),
  /** The attempts that show it best: the best one on the better side, the worst one on the other. */
  attempts: z.tuple([z.int(), z.int()]),
});
export type ItemChange = z.infer<typeof ItemChange>;

/** A result held against the first, item by item. */
const Pair = z.object({
  label: z.string(),
  /** Every common item, by its change of the score, the worst first; then by name. */
  items: z.array(ItemChange),
});

export const Comparison = z.object({
  schema: z.literal(1),
  command: z.array(z.string()),
  results: z.array(ComparedResult),
  /** What is not the same, though a comparison of models alone would have it so; the values of each result. */
  different: z.array(z.object({ what: z.string(), values: z.array(z.string()) })),
  /** Items with a graded attempt in every result: those that are compared. */
  items: z.int(),
  /** Items of a name in all results whose questions are not the same; left out. */
  other_questions: z.int(),
  /** Attempts of the figures that are of k attempts: the most that half of the items have in every result. */
  k: z.int(),
  /** The score first, which is a family of tests of its own; all the others are another one. */
  figures: z.array(Figure),
  /** A family of tests of their own. Empty where the environment knows no kinds. */
  kinds: z.array(KindFigures),
  pairs: z.array(Pair),
  /** A tool called right after another, or itself, for each rollout; each item counts once. */
  bigrams: z.array(z.object({ from: z.string(), to: z.string(), per_rollout: z.array(z.number()) })),
  /** The commonest sequences, as `search x2 > cat + list`: the share of rollouts, and their mean score; null where there is none. */
  sequences: z.array(
    z.object({ sequence: z.string(), shares: z.array(z.number()), mean_scores: z.array(z.number().nullable()) }),
  ),
});
export type Comparison = z.infer<typeof Comparison>;
