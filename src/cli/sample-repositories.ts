/**
 * The bundled repositories of `code-planning`, built as `edgegym index --source repo` builds others: what `npm start` and a rehearsal's
 * own worker serve. Read without the git program, which nothing else that serves needs.
 */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type BuiltRepository, buildRepository } from "../corpus/repository/build.ts";
import { type Gathered, Gathering } from "../corpus/repository/source.ts";
import { sampleRepositories } from "./project.ts";

/** The commit that all of them are at, as the sample's rows say it. */
const COMMIT = "v1";

/** Quicker built than looked up: a few dozen small files. */
export async function buildSampleRepositories(): Promise<BuiltRepository[]> {
  const entries = await readdir(sampleRepositories, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.map(async (name) => buildRepository(await gather(join(sampleRepositories, name)), `sample/${name}`, COMMIT)),
  );
}

/** Files alone: the sample has nothing else. */
async function gather(folder: string): Promise<Gathered> {
  const gathering = new Gathering();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))) {
    const path = relative(folder, file).split(sep).join("/");
    const executable = ((await lstat(file)).mode & OWNER_EXECUTES) !== 0;
    gathering.add({ kind: "file", path, content: new Uint8Array(await readFile(file)), executable });
  }
  return gathering.finish();
}

const OWNER_EXECUTES = 0o100;
