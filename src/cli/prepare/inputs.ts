/** Reads what a dataset is made from, whole files at a time, and says which they were. Never writes. */
import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { NamedFile } from "../../contract/dataset.ts";
import type { DatasetSource } from "../../environments/dataset-source.ts";
import { type FileRecord, jsonLinesFiles, parseRecords } from "../dataset-file.ts";
import { shown } from "../project.ts";
import { filesOf } from "../sources.ts";
import { messageOf, UserError } from "../user-error.ts";
import { describeFile, OUTPUTS } from "./files.ts";
import { readHistory } from "./history.ts";

export interface Input {
  file: NamedFile;
  records: FileRecord[];
}

/**
 * @param from files, or folders with some; clones, for a source that is their history
 * @param source whose files they are; undefined for JSON Lines
 * @param out the folder that will be written
 * @throws UserError for what cannot be read, or would be overwritten
 */
export async function readInputs(
  from: readonly string[],
  source: DatasetSource | undefined,
  out: string,
): Promise<Input[]> {
  if (source?.origin === "history") return Promise.all(from.map((clone) => readHistory(clone)));
  const found = await Promise.all(from.map((path) => inputFiles(path, source)));
  const paths = [...new Set(found.flat().map((path) => resolve(path)))];
  const overwritten = paths.find((path) => OUTPUTS.some((name) => path === resolve(out, name)));
  if (overwritten === undefined) return Promise.all(paths.map(readInput));
  throw new UserError(`${shown(overwritten)} would be read and written: choose another folder for --out.`);
}

async function inputFiles(path: string, source: DatasetSource | undefined): Promise<string[]> {
  const files = await (source && source.files.length > 0 ? filesOf(source, path) : jsonLinesFiles(path));
  if (files.length > 0) return files;
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (!isFolder) return [path];
  throw new UserError(
    `--from ${shown(path)}: has ${source && source.files.length > 0 ? `none of ${source.files.join(", ")}` : "no .jsonl file"}.`,
  );
}

async function readInput(path: string): Promise<Input> {
  const name = basename(path);
  try {
    const content = await readFile(path);
    return { file: describeFile(name, content), records: parseRecords(content.toString("utf8"), name) };
  } catch (error) {
    throw new UserError(`--from ${shown(path)}: cannot be read as a dataset: ${messageOf(error)}`);
  }
}
