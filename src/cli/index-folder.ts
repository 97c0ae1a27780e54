/** A built index on disk: written so that an interrupted build leaves none, and reused where the documents are the same. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Manifest } from "../contract/manifest.ts";
import type { BuiltIndex } from "../corpus/build.ts";

const MANIFEST = "manifest.json";

/** The manifest of a complete index that this version of the project can use, or undefined. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return Manifest.safeParse(JSON.parse(await readFile(join(folder, MANIFEST), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Replaces the index in `folder`: the old manifest goes first and the new one comes last. */
export async function writeIndex(folder: string, { manifest, files }: BuiltIndex): Promise<void> {
  await mkdir(folder, { recursive: true });
  await rm(join(folder, MANIFEST), { force: true });
  for (const name of await readdir(folder)) if (name.endsWith(".bin")) await rm(join(folder, name));
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
}
