/** The two files of a job as they are uploaded, with their rows. Never judges a row. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DatasetManifest } from "../../contract/dataset.ts";
import { limits } from "../../contract/limits.ts";
import { type FileRecord, parseLines } from "../dataset-file.ts";
import { MANIFEST } from "../prepare/files.ts";
import { parse } from "../rollouts/wire.ts";
import { isSystemError, messageOf, UserError } from "../user-error.ts";

export interface JobFile {
  path: string;
  /** Without its folder. */
  name: string;
  content: Uint8Array<ArrayBuffer>;
  sha256: string;
  records: FileRecord[];
}

export interface JobDataset {
  training: JobFile;
  validation: JobFile;
  /** Of each file, what stands beside it; undefined where nothing does, null where it cannot be read. */
  manifests: { training: DatasetManifest | null | undefined; validation: DatasetManifest | null | undefined };
}

export interface DatasetOptions {
  /** A folder that `edgegym prepare` wrote. */
  data?: string;
  train?: string;
  val?: string;
}

/** @throws UserError for options that do not say which two files, and for a file that cannot be read */
export async function readJobDataset(options: DatasetOptions): Promise<JobDataset> {
  const { train, val } = pathsOf(options);
  const [training, validation] = [await readJobFile(train), await readJobFile(val)];
  const manifests = { training: await manifestBeside(train), validation: await manifestBeside(val) };
  return { training, validation, manifests };
}

function pathsOf({ data, train, val }: DatasetOptions): { train: string; val: string } {
  if (data !== undefined && train === undefined && val === undefined)
    return { train: join(data, "train.jsonl"), val: join(data, "val.jsonl") };
  if (data === undefined && train !== undefined && val !== undefined) return { train, val };
  throw new UserError("Give either --data with a folder that edgegym prepare wrote, or both --train and --val.");
}

async function readJobFile(path: string): Promise<JobFile> {
  try {
    const found = await stat(path);
    // What is no file, as a pipe or a device, may have no end.
    if (!found.isFile()) throw new UserError(`${path} is not a file. edgegym prepare makes both files.`);
    const { size } = found;
    if (size > limits.datasetFileBytes)
      throw new UserError(`${path} has ${size} bytes; a service takes ${limits.datasetFileBytes} at most.`);
    const content = new Uint8Array(await readFile(path));
    const name = basename(path);
    const sha256 = createHash("sha256").update(content).digest("hex");
    return { path, name, content, sha256, records: parseLines(textOf(content, path)) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UserError(`${path} cannot be read: ${messageOf(error)}. edgegym prepare makes both files.`);
  }
}

/** With its byte order mark, if there is one: a trainer reads that as a part of the first row. @throws UserError */
function textOf(content: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new UserError(`${path} is not UTF-8, as a trainer needs it. edgegym prepare makes both files.`);
  }
}

async function manifestBeside(path: string): Promise<DatasetManifest | null | undefined> {
  const text = await readFile(join(dirname(path), MANIFEST), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (parse(text, DatasetManifest) ?? null);
}
