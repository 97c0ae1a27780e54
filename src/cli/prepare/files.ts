/** A prepared dataset on disk: each file whole or not at all, the manifest last, so that a folder without one holds no dataset. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NamedFile } from "../../contract/dataset.ts";
import { UserError } from "../user-error.ts";

export const MANIFEST = "manifest.json";
/** In the order that they are written in. */
export const OUTPUTS = ["train.jsonl", "val.jsonl", "audit.json", "audit.html"] as const;

/** Each file's content. */
export type Outputs = Readonly<Record<(typeof OUTPUTS)[number], string>>;

export function describeFile(name: string, content: string | Uint8Array): NamedFile {
  return { name, bytes: Buffer.byteLength(content), sha256: createHash("sha256").update(content).digest("hex") };
}

/**
 * Makes the folder what its files are to be. An interrupted run leaves it without a manifest; the next one completes it.
 * @returns whether anything had to be written
 * @throws UserError for a folder with something else in it
 */
export async function writeDataset(folder: string, outputs: Outputs, manifest: string): Promise<boolean> {
  await requireOwn(folder);
  const contents = { ...outputs, [MANIFEST]: manifest };
  const names = [...OUTPUTS, MANIFEST] as const;
  const found = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => undefined)));
  if (names.every((name, at) => found[at] === contents[name])) return false;
  await rm(join(folder, MANIFEST), { force: true });
  for (const name of names) {
    await writeFile(join(folder, temporary(name)), contents[name]);
    await rename(join(folder, temporary(name)), join(folder, name));
  }
  return true;
}

const temporary = (name: string) => `.${name}.part`;

/** What other commands read as the dataset is all that may be in its folder. */
async function requireOwn(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const own: readonly string[] = [...OUTPUTS, MANIFEST];
  const foreign = (await readdir(folder)).find((name) => !own.includes(name) && !name.startsWith("."));
  if (foreign === undefined) return;
  throw new UserError(
    `${folder} has ${foreign} in it, which is no part of a dataset. Choose another folder for --out.`,
  );
}
