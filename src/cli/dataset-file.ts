/**
 * Reads datasets as files: FinQA's own JSON, or rows with a `reference_answer` as JSON Lines or as a JSON list. Never
 * throws for what is in a file or that it is not there: that becomes a row with a problem, so that a report names them all.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import { JsonObject } from "../contract/wire.ts";
import { FinqaRecord, referenceAnswer } from "../environments/finqa/dataset.ts";
import { finqaFiles } from "./sources.ts";
import { messageOf } from "./user-error.ts";

/**
 * A row as the grader gets it, with the question that the model is asked; or what is wrong with it. `name` finds it again: its
 * id, or where it stands.
 */
export type DatasetRow = { name: string; question: string; item: JsonObject } | { name: string; problem: string };

/**
 * The dataset files that a path means: of a directory FinQA's splits and the .jsonl files in it, else the path itself,
 * for `readDatasetFile` to report when there is no such file.
 */
export async function findDatasetFiles(path: string): Promise<string[]> {
  const splits = await finqaFiles(path).catch((): string[] => []);
  const names = await readdir(path).catch((): string[] => []);
  const rows = names.filter((name) => name.endsWith(".jsonl")).toSorted();
  const files = [...splits, ...rows.map((name) => join(path, name))];
  return files.length > 0 ? files : [path];
}

/** The rows of one file, at least one. */
export async function readDatasetFile(path: string): Promise<DatasetRow[]> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    return [problem(basename(path), `cannot be read as a dataset: ${messageOf(error)}`)];
  }
  const rows = parseDataset(content.replace(/^\uFEFF/, ""));
  return rows.length > 0 ? rows : [problem(basename(path), "has no rows")];
}

/** A text that starts a list is one JSON document; anything else is a row a line. */
function parseDataset(content: string): DatasetRow[] {
  if (!/^\s*\[/.test(content)) return parseLines(content);
  const list = parseJson(content);
  if (!list.ok) return [problem("the JSON list", list.problem)];
  return Array.isArray(list.value) ? list.value.map((row: unknown, at) => toRow(row, `record ${at + 1}`)) : [];
}

function parseLines(content: string): DatasetRow[] {
  return content.split("\n").flatMap((line, at) => {
    if (line.trim() === "") return [];
    const row = parseJson(line);
    return [row.ok ? toRow(row.value, `line ${at + 1}`) : problem(`line ${at + 1}`, row.problem)];
  });
}

function toRow(value: unknown, place: string): DatasetRow {
  const row = JsonObject.safeParse(value);
  if (!row.success) return problem(place, "is not a JSON object");
  if ("qa" in row.data) return finqaRow(row.data, place);
  const { messages, ...item } = row.data;
  const name = typeof item["id"] === "string" ? `${place} (${item["id"]})` : place;
  const { question } = item;
  return { name, question: lastMessage(messages) ?? (typeof question === "string" ? question : ""), item };
}

const Messages = z.array(z.object({ content: z.string().nullish() })).min(1);

/** The content of the last message, which a trainer's rows have the question in. */
function lastMessage(messages: unknown): string | undefined {
  return Messages.safeParse(messages).data?.at(-1)?.content ?? undefined;
}

function finqaRow(value: unknown, place: string): DatasetRow {
  const record = FinqaRecord.safeParse(value);
  if (!record.success) {
    const issue = record.error.issues[0];
    return problem(place, `is not a FinQA record: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  const { id, filename, qa } = record.data;
  const { question, program } = qa;
  const answer = { reference_answer: referenceAnswer(record.data), evidence_paths: [filename] };
  return { name: id, question, item: { id, question, ...answer, ...(program != null && { program }) } };
}

type Json = { ok: true; value: unknown } | { ok: false; problem: string };

function parseJson(text: string): Json {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, problem: `is not JSON: ${messageOf(error)}` };
  }
}

const problem = (name: string, text: string): DatasetRow => ({ name, problem: text });
