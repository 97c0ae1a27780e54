/** Records of a source → rows that a dataset is chosen from, in an order of their own. Pure. */
import { createHash } from "node:crypto";
import type { JsonObject } from "../../contract/wire.ts";
import type { DatasetSource, LabelCheck } from "../../environments/dataset-source.ts";
import type { Environment } from "../../environments/environment.ts";
import { type FileRecord, readLine } from "../dataset-file.ts";

export interface Row {
  id: string;
  question: string;
  /** What the trainer sends as `item`, with `id` and `question`. */
  item: JsonObject;
  /** What the answer is in, as the environment counts it: documents, or the repository. */
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
export function toRows(
  records: readonly FileRecord[],
  source: DatasetSource | undefined,
  environment: Environment,
  seed: string,
): Rows {
  const rows: Row[] = [];
  const unreadable: Unreadable[] = [];
  const row: MakeRow = (id, question, item, label) => {
    return { id, question, item, label, paths: environment.dataset.unitsOf(item), order: hash(seed, id, item) };
  };
  for (const record of records) {
    const read = "problem" in record ? record : toRow(record.name, record.record, source, row);
    if ("problem" in read) unreadable.push(read);
    else rows.push(read);
  }
  return { rows: inOrder(rows), unreadable };
}

export function inOrder(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (a.order < b.order ? -1 : Number(a.order > b.order)));
}

type MakeRow = (id: string, question: string, item: JsonObject, label: LabelCheck) => Row;

function toRow(name: string, record: JsonObject, source: DatasetSource | undefined, row: MakeRow): Row | Unreadable {
  const read = source ? sourceRow(name, record, source, row) : lineRow(record, row);
  return "problem" in read || read.question.trim() !== "" ? read : { name, problem: "has no question" };
}

function sourceRow(name: string, record: JsonObject, source: DatasetSource, row: MakeRow): Row | Unreadable {
  if (!source.recognises(record))
    return { name, problem: `is not in the format of ${source.name}; rows that have a question take --source jsonl` };
  const read = source.read(record);
  return read.ok ? row(read.id, read.question, read.item, read.label) : { name, problem: read.problem };
}

function lineRow(record: JsonObject, row: MakeRow): Row {
  const { question, item } = readLine(record);
  const { id: given, ...others } = item;
  const id = typeof given === "string" && given !== "" ? given : hash(question, others).slice(0, 16);
  return row(id, question, { id, question, ...others }, { state: "alone" });
}

/** SHA-256 over the JSON of all values. */
export function hash(...values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex");
}
