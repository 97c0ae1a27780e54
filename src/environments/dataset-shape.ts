/** What an environment says of its dataset's rows, and what `edgegym prepare` and `check-grader` treat them by. Data and pure functions. */
import type { Fix } from "../contract/dataset.ts";
import type { JsonObject } from "../contract/wire.ts";
import type { DatasetSource } from "./dataset-source.ts";

export interface DatasetShape {
  /** The folder of the project that sample rows are in. */
  sample: string;
  /** What grader and tools read of an item, by field, in words for a person who writes rows. */
  fields: Readonly<Record<string, string>>;
  /** The published formats that its items come in, the usual one first; rows as JSON Lines are taken everywhere. */
  sources: readonly DatasetSource[];
  /** Whether a source has two accounts of an answer, which are held against each other. */
  hasSecondAccounts: boolean;
  /** A row's reference as the text of an answer, whether it can be graded or not; undefined where there is none. */
  reference: (item: JsonObject) => string | undefined;
  /** From which score on the reference of one row, as the answer to another, makes the two have one answer. */
  sameAnswerFrom: number;
  /** What the agent is given beside the question: questions are the same only with the same of it. */
  given: (item: JsonObject) => string;
  /** What an answer is found in, which no row of training shares with one of validation. */
  unit: "document" | "repository";
  unitsOf: (item: JsonObject) => string[];
  /** One item for several with the same question and answer. At least one is given. */
  merge: (items: readonly [JsonObject, ...JsonObject[]]) => JsonObject;
  /** What else can be wrong with one of its rows. */
  checks: readonly RowCheck[];
}

/** One thing that can be wrong with a row by itself. */
export interface RowCheck {
  name: string;
  /** What it cannot be tried without. */
  needs?: keyof Known;
  trouble: string;
  fix: Fix;
  rule: string;
  /** What exactly is wrong, for a person to read; undefined where nothing is, or it cannot be told. Pure. */
  problem: (row: CheckedRow, known: Known) => string | undefined;
}

export interface CheckedRow {
  question: string;
  item: JsonObject;
}

/** What could be looked up of the places that answers are found in; undefined where there was nothing to look into. */
export interface Known {
  /** Whether the corpus has a document of this path. */
  hasDocument: ((path: string) => boolean) | undefined;
  /** Whether there is a clone of the repository with that commit, and which of the row's files exist there. */
  commit: ((repo: string, commit: string) => KnownCommit) | undefined;
}

/** `exists` is asked only for paths that some row names as edited at this commit. */
export type KnownCommit = { state: "no_clone" | "no_commit" } | { state: "there"; exists: (path: string) => boolean };
