/** A folder's files and links, without what its .gitignore files leave out. Follows no link. */
import type { Stats } from "node:fs";
import { lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { type Gathered, Gathering } from "../../corpus/repository/source.ts";
import { pathsNotIgnored } from "./git.ts";

const OWNER_EXECUTES = 0o100;

/** @throws UserError when the git program fails, CorpusError when the folder is too large a repository */
export async function gatherFolder(folder: string): Promise<Gathered> {
  const gathering = new Gathering();
  for (const path of await pathsNotIgnored(folder)) {
    if (path.endsWith("/")) gathering.leaveOut(path, null, "a repository of its own");
    else await gatherPath(gathering, folder, path);
  }
  return gathering.finish();
}

async function gatherPath(gathering: Gathering, folder: string, path: string): Promise<void> {
  const file = join(folder, path);
  try {
    const found = await lstat(file);
    if (found.isSymbolicLink()) gathering.add({ kind: "link", path, target: await readlink(file) });
    else if (!found.isFile()) gathering.leaveOut(path, null, "neither a file nor a link");
    else if (gathering.wants(path, found.size)) gathering.add(await readSource(file, path, found));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    gathering.leaveOut(path, null, `cannot be read (${String(error.code)})`);
  }
}

async function readSource(file: string, path: string, { mode }: Stats) {
  const content = new Uint8Array(await readFile(file));
  return { kind: "file", path, content, executable: (mode & OWNER_EXECUTES) !== 0 } as const;
}
