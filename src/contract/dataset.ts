/**
 * A prepared dataset: the lines of its two files, as trainers take them; its manifest; what an audit found in it. The audit and
 * the lines hold references of the user's own data, for the user's own eyes. Never behaviour.
 */
import * as z from "zod";
import { limits } from "./limits.ts";
import { JsonObject } from "./wire.ts";

/** A tool in the form of chat completions. */
export const ChatTool = z.object({
  type: z.literal("function"),
  function: z.object({ name: z.string(), description: z.string(), parameters: JsonObject }),
});
export type ChatTool = z.infer<typeof ChatTool>;

/** One line of `train.jsonl` or `val.jsonl`. Every key but these two becomes `item.*` in what the trainer sends. */
export const DatasetLine = z.looseObject({
  messages: z.tuple([
    z.object({ role: z.literal("developer"), content: z.string() }),
    /** The bare question. */
    z.object({ role: z.literal("user"), content: z.string() }),
  ]),
  tools: z.array(ChatTool).min(1),
});
export type DatasetLine = z.infer<typeof DatasetLine>;

/**
 * What `--fix` does about a finding: leaves its rows out, takes the better reference, makes one row of several. `none`: nothing can
 * be done here, and it counts as left. `tell`: it is worth knowing, and no fault by itself.
 */
export const Fix = z.enum(["drop", "prefer", "merge", "none", "tell"]);
export type Fix = z.infer<typeof Fix>;

const count = z.int().nonnegative();

/** One kind of trouble, and how much of it there is. */
export const AuditCheck = z.object({
  name: z.string(),
  /** What is wrong, as a sentence that fits a line. */
  trouble: z.string(),
  fix: Fix,
  /** What `--fix` does, as a sentence; why nothing is done, where nothing is. */
  rule: z.string(),
  /** Findings among all rows that got as far as this check; null where it was not tried. */
  found: count.nullable(),
  /** Findings that are still in the files: in one of them, or between the two. */
  left: z.object({ train: count, val: count, between: count }),
  /** The first few findings: the rows' ids, and what is the matter. */
  examples: z.array(z.object({ rows: z.array(z.string()), note: z.string() })).max(limits.auditExamples),
});
export type AuditCheck = z.infer<typeof AuditCheck>;

/** `documents` are what `unit` says. */
const SplitSize = z.object({ rows: count, documents: count });

export const Audit = z.object({
  schema: z.literal(1),
  environment: z.string(),
  /** What the two files were kept apart by; audits from before it was said are of documents. */
  unit: z.enum(["document", "repository"]).default("document"),
  source: z.string(),
  seed: z.string(),
  /** Whether `--fix` was given. */
  fixed: z.boolean(),
  rows: z.object({
    /** Records of the input. */
    read: count,
    /** Rows that the files were chosen from. */
    usable: count,
    /** Usable rows that no file needed. */
    spare: count,
  }),
  /** Labels held against a second account of the answer, by what came of it; all rows of a source without one are `alone`. */
  labels: z.object({
    agrees: count,
    rounded: count,
    disagrees: count,
    alone: count,
    /** Of the rounded ones, those for which the exact value, given as the answer, would be paid nothing. */
    rounded_unpaid: count,
  }),
  checks: z.array(AuditCheck),
  /** `train` is null where all rows that are left were asked for. */
  asked: z.object({ train: count.nullable(), val: count }),
  train: SplitSize,
  val: SplitSize,
  /** What a person has to know of how the files came about, as sentences. */
  remarks: z.array(z.string()),
  /** Whether nothing is left in the files that a rule speaks of. */
  passed: z.boolean(),
});
export type Audit = z.infer<typeof Audit>;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const NamedFile = z.object({ name: z.string(), bytes: count, sha256 });
export type NamedFile = z.infer<typeof NamedFile>;

/** `manifest.json`: written last, so that a folder without one holds no dataset. Has no time and no path: same input, same manifest. */
export const DatasetManifest = z.object({
  schema: z.literal(1),
  environment: z.string(),
  source: z.string(),
  seed: z.string(),
  options: z.object({ train: count.nullable(), val: count, fix: z.boolean() }),
  inputs: z.array(NamedFile).min(1),
  outputs: z.array(NamedFile).min(1),
  counts: z.object({ read: count, train: count, val: count, left: count }),
  versions: z.object({
    /** Of the developer prompt in each row. */
    prompt: sha256,
    /** Of the tools: what a model is told of them, and the code that runs them. */
    tools: sha256,
    /** Of the grader's code. */
    grader: sha256,
    /** Of the corpus index that documents were looked for in; null without one. */
    index: sha256.nullable(),
  }),
});
export type DatasetManifest = z.infer<typeof DatasetManifest>;
