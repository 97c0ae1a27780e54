/** Records of a source → rows that a dataset is chosen from, in an order of their own. Pure. */
import { createHash } from "node:crypto";
import type { JsonObject } from "../../contract/wire.ts";
import type { DatasetSource, LabelCheck } from "../../environments/dataset-source.ts";
import { type FileRecord, readLine } from "../dataset-file.ts";

export interface Row {
  id: string;
  question: string;
  /** What the trainer sends as `item`, with `id`, `question` and, where they are known, `evidence_paths`. */
  item: JsonObject;
  /** The documents that the answer is in. */
  paths: readonly string[];
  label: LabelCheck;
  /** Where it stands among all rows: a hash of the seed and of what the row is, never of where it stood. */
  order: string;
}

/** A record that is no row, and why. */
interface Unreadable {
  name: string;
  problem: string;
}

export interface Rows {
  rows: Row[];
  unreadable: Unreadable[];
}

/**
 * The rows in their order, which is the same however the records are ordered.
 * @param source the environment's own format, or undefined for JSON Lines with the documented fields
 */
export function toRows(records: readonly FileRecord[], source: DatasetSource | undefined, seed: string): Rows {
  const rows: Row[] = [];
  const unreadable: Unreadable[] = [];
  for (const record of records) {
    const read = "problem" in record ? record : toRow(record.name, record.record, source, seed);
    if ("problem" in read) unreadable.push(read);
    else rows.push(read);
  }
  return { rows: inOrder(rows), unreadable };
}

export function inOrder(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (a.order < b.order ? -1 : Number(a.order > b.order)));
}

function toRow(name: string, record: JsonObject, source: DatasetSource | undefined, seed: string): Row | Unreadable {
  const read = source ? sourceRow(name, record, source, seed) : lineRow(record, seed);
  return "problem" in read || read.question.trim() !== "" ? read : { name, problem: "has no question" };
}

function sourceRow(name: string, record: JsonObject, source: DatasetSource, seed: string): Row | Unreadable {
  if (!source.recognises(record)) return { name, problem: `is not in the format of ${source.name}` };
  const read = source.read(record);
  return read.ok ? row(read.id, read.question, read.item, read.label, seed) : { name, problem: read.problem };
}

function lineRow(record: JsonObject, seed: string): Row {
  const { question, item } = readLine(record);
  const { id: given, ...others } = item;
  const id = typeof given === "string" && given !== "" ? given : hash(question, others).slice(0, 16);
  return row(id, question, { id, question, ...others }, { state: "alone" }, seed);
}

function row(id: string, question: string, item: JsonObject, label: LabelCheck, seed: string): Row {
  const { evidence_paths: paths } = item;
  const isList = Array.isArray(paths) && paths.every((path) => typeof path === "string");
  return { id, question, item, label, paths: isList ? paths : [], order: hash(seed, id, item) };
}

/** SHA-256 over the JSON of all values. */
export function hash(...values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex");
}
