/** Reads the documents of a corpus from disk, in the formats that `edgegym index` takes. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Document } from "../corpus/document.ts";
import { folderDocument, isDocumentPath } from "../corpus/sources/documents.ts";
import { finqaDocuments } from "../corpus/sources/finqa.ts";
import type { DatasetSource } from "../environments/dataset-source.ts";
import { finqaSource } from "../environments/finqa/dataset.ts";
import { messageOf, UserError } from "./user-error.ts";

export const sourceKinds = ["finqa", "documents"] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** @throws UserError when nothing usable is there, or a file is not as its format says */
export async function readSource(kind: SourceKind, folder: string): Promise<Document[]> {
  await requireFolder(folder);
  return kind === "finqa" ? readFinqa(folder) : readFolder(folder);
}

/** FinQA's files in a folder, or in the `dataset` folder of a checkout of its repository. */
export async function finqaFiles(folder: string): Promise<string[]> {
  await requireFolder(folder);
  const found = await filesOf(finqaSource, folder);
  if (found.length > 0) return found;
  throw new UserError(
    `${folder} has none of FinQA's files (${finqaSource.files.join(", ")}), nor has its folder dataset.`,
  );
}

/** The files of a published dataset in a folder or in its folder `dataset`, in the order that the source names them. */
export async function filesOf({ files }: Pick<DatasetSource, "files">, folder: string): Promise<string[]> {
  for (const place of [folder, join(folder, "dataset")]) {
    const names: string[] = await readdir(place).catch(() => []);
    const found = files.filter((name) => names.includes(name));
    if (found.length > 0) return found.map((name) => join(place, name));
  }
  return [];
}

/** The first of the folders that has FinQA's files, and so pages; a prepared dataset has only rows. */
export async function firstWithPages(folders: readonly string[]): Promise<string | undefined> {
  const found = await Promise.all(folders.map((folder) => filesOf(finqaSource, folder)));
  return folders.find((_, at) => (found[at] ?? []).length > 0);
}

/** @throws UserError naming the file that is missing or no JSON */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof SyntaxError ? "not JSON" : messageOf(error)}`);
  }
}

async function readFinqa(folder: string): Promise<Document[]> {
  const documents: Document[] = [];
  for (const file of await finqaFiles(folder)) documents.push(...finqaDocuments(await readJson(file), file));
  return documents;
}

async function readFolder(folder: string): Promise<Document[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const documents: Document[] = [];
  for (const file of files.filter(isDocumentPath)) {
    const path = relative(folder, file).split(sep).join("/");
    documents.push(folderDocument(path, await readFile(file, "utf8")));
  }
  if (documents.length > 0) return documents;
  throw new UserError(`${folder} has no .md, .txt or .json file.`);
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new UserError(`${folder} is not a folder.`);
}
