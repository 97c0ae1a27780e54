/**
 * Built repositories on disk: a folder whose files are named as their keys in the bucket. Packs are shared by the commits in it; a
 * commit's manifest is written last, so that an interrupted build leaves none.
 */
import { mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuiltRepository } from "../../corpus/repository/build.ts";
import { UserError } from "../user-error.ts";

const OWN_FOLDERS = new Set(["repos", "repo-packs"]);

/** Makes the folder. @throws UserError when something else is in it */
export async function requireOwnStore(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const foreign = (await readdir(folder)).find((name) => !OWN_FOLDERS.has(name));
  if (foreign === undefined) return;
  throw new UserError(
    `${folder} has ${foreign} in it, which is no part of an index of repositories. Choose another folder for --out.`,
  );
}

/** Writes what is not there yet; returns how many of the packs were. */
export async function storeRepository(folder: string, { objects }: BuiltRepository): Promise<number> {
  let shared = 0;
  for (const [key, content] of objects) {
    const file = join(folder, key);
    const there = await stat(file).catch(() => undefined);
    if (there?.size === content.length && key.startsWith("repo-packs/")) {
      shared++;
      continue;
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.part`, content);
    await rename(`${file}.part`, file);
  }
  return shared;
}
