/** A built index on disk: written so that an interrupted build leaves none, and reused where the documents are the same. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Manifest } from "../contract/manifest.ts";
import type { BuiltIndex } from "../corpus/build.ts";
import { UserError } from "./user-error.ts";

const MANIFEST = "manifest.json";
/** What an index is made of, and what a build keeps beside it. */
const OWN_FILE = /^(index|documents-\d+)\.bin$/;
const KEPT_FILES = new Set([MANIFEST, "embeddings.jsonl"]);

/** Makes the folder. @throws UserError when it has a file that no index has: a build replaces what is there */
export async function requireOwn(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const foreign = (await readdir(folder)).find((name) => !OWN_FILE.test(name) && !KEPT_FILES.has(name));
  if (foreign === undefined) return;
  throw new UserError(`${folder} has ${foreign} in it, which is no part of an index. Choose another folder for --out.`);
}

/** The manifest of a complete index that this version of the project can use, or undefined. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return Manifest.safeParse(JSON.parse(await readFile(join(folder, MANIFEST), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** A complete index. @throws UserError when there is none that this version of the project can use */
export async function readIndex(folder: string): Promise<BuiltIndex> {
  const manifest = await readManifest(folder);
  if (!manifest) throw new UserError(`${folder} has no complete index of this version: build it with edgegym index.`);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { name } of manifest.files) files.set(name, new Uint8Array(await readFile(join(folder, name))));
  return { manifest, files };
}

/**
 * Replaces the index in `folder`: the old manifest goes first and the new one comes last.
 * @throws UserError for a folder with something else in it
 */
export async function writeIndex(folder: string, { manifest, files }: BuiltIndex): Promise<void> {
  await requireOwn(folder);
  await rm(join(folder, MANIFEST), { force: true });
  for (const name of await readdir(folder)) if (OWN_FILE.test(name)) await rm(join(folder, name));
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
}
