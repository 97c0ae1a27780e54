/**
 * Reads datasets as files: an environment's own source, as FinQA's JSON, or rows with a `reference_answer` as JSON Lines or as a JSON list. Never
 * throws for what is in a file or that it is not there: that becomes a row with a problem, so that a report names them all.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import { JsonObject } from "../contract/wire.ts";
import { environments } from "../environments/index.ts";
import { filesOf } from "./sources.ts";
import { messageOf } from "./user-error.ts";

/**
 * A row as the grader gets it, with the question that the model is asked; or what is wrong with it. `name` finds it again: its
 * id, or where it stands.
 */
export type DatasetRow = { name: string; question: string; item: JsonObject } | { name: string; problem: string };

/**
 * The dataset files that a path means: of a directory an environment's source, as FinQA's splits, and the .jsonl files in it, else the path itself,
 * for `readDatasetFile` to report when there is no such file.
 */
export async function findDatasetFiles(path: string): Promise<string[]> {
  const sources = environments.flatMap(({ dataset }) => dataset.sources);
  const splits = await Promise.all(sources.map((source) => filesOf(source, path)));
  const files = [...new Set([...splits.flat(), ...(await jsonLinesFiles(path))])];
  return files.length > 0 ? files : [path];
}

/** The files of rows in a folder; none of anything else. */
export async function jsonLinesFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith(".jsonl")).toSorted();
  return files.map((name) => join(folder, name));
}

/** The rows of all files that the paths mean, each file once. */
export async function readDatasetRows(paths: readonly string[]): Promise<DatasetRow[]> {
  const files = new Set((await Promise.all(paths.map(findDatasetFiles))).flat());
  return (await Promise.all([...files].map(readDatasetFile))).flat();
}

/** The rows of one file, at least one. */
export async function readDatasetFile(path: string): Promise<DatasetRow[]> {
  return (await readRecords(path)).map((record) => ("problem" in record ? record : toRow(record)));
}

/** One record of a file as it stands there, in whatever format; `name` says where. Or what is wrong with it. */
export type FileRecord = { name: string; record: JsonObject } | { name: string; problem: string };

/** The records of one file, at least one. */
async function readRecords(path: string): Promise<FileRecord[]> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    return [problem(basename(path), `cannot be read as a dataset: ${messageOf(error)}`)];
  }
  return parseRecords(content, basename(path));
}

/** @param name how the file is called where it holds nothing */
export function parseRecords(content: string, name: string): FileRecord[] {
  const records = parseDataset(content.replace(/^\uFEFF/, ""));
  return records.length > 0 ? records : [problem(name, "has no rows")];
}

/** A text that starts a list is one JSON document; anything else is a row a line. */
function parseDataset(content: string): FileRecord[] {
  if (!/^\s*\[/.test(content)) return parseLines(content);
  const list = parseJson(content);
  if (!list.ok) return [problem("the JSON list", list.problem)];
  return Array.isArray(list.value) ? list.value.map((row: unknown, at) => toRecord(row, `record ${at + 1}`)) : [];
}

/** The records of JSON Lines and nothing else, as a trainer takes them; none of an empty text. */
export function parseLines(content: string): FileRecord[] {
  return content.split("\n").flatMap((line, at) => {
    if (line.trim() === "") return [];
    const row = parseJson(line);
    return [row.ok ? toRecord(row.value, `line ${at + 1}`) : problem(`line ${at + 1}`, row.problem)];
  });
}

function toRecord(value: unknown, place: string): FileRecord {
  const record = JsonObject.safeParse(value);
  return record.success ? { name: place, record: record.data } : problem(place, "is not a JSON object");
}

function toRow({ name: place, record }: { name: string; record: JsonObject }): DatasetRow {
  const sources = environments.flatMap(({ dataset }) => dataset.sources);
  const source = sources.find((one) => one.recognises(record));
  if (source === undefined) {
    const { question, item } = readLine(record);
    return { name: typeof item["id"] === "string" ? `${place} (${item["id"]})` : place, question, item };
  }
  const row = source.read(record);
  return row.ok ? { name: row.id, question: row.question, item: row.item } : problem(place, row.problem);
}

/** A line of JSON Lines: its last message is the question, or its field `question`; what a trainer keeps for itself is no item. */
export function readLine(line: JsonObject): { question: string; item: JsonObject } {
  const { messages, tools: _, ...item } = line;
  const { question } = item;
  return { question: lastMessage(messages) ?? (typeof question === "string" ? question : ""), item };
}

const Messages = z.array(z.object({ content: z.string().nullish() })).min(1);

/** The content of the last message, which a trainer's rows have the question in. */
function lastMessage(messages: unknown): string | undefined {
  return Messages.safeParse(messages).data?.at(-1)?.content ?? undefined;
}

type Json = { ok: true; value: unknown } | { ok: false; problem: string };

function parseJson(text: string): Json {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // The reason would quote what stands there, which may be the reference.
    return { ok: false, problem: "is not JSON" };
  }
}

const problem = (name: string, text: string): { name: string; problem: string } => ({ name, problem: text });
