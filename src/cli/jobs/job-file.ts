/**
 * `runs/{name}/job.json`, by which every command finds a job (contract/job.ts). Written whole or not at all. Never holds a token.
 */
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { JobState } from "../../contract/job.ts";
import { isRunName, RUN_NAME_RULE } from "../../contract/run-name.ts";
import { inProject, shown } from "../project.ts";
import { parse } from "../rollouts/wire.ts";
import { UserError } from "../user-error.ts";

const FILE = "job.json";
const runsFolder = inProject("runs");

export const jobFolder = (name: string, runs = runsFolder) => join(runs, name);

/** What is known of the job of this name; undefined where there is none. @throws UserError for a file that cannot be read */
export async function readJob(name: string, runs = runsFolder): Promise<JobState | undefined> {
  if (!isRunName(name)) throw new UserError(`--name ${name}: a run's name has ${RUN_NAME_RULE}`);
  const path = join(jobFolder(name, runs), FILE);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code)))
      return undefined;
    throw error;
  }
  const state = parse(text, JobState);
  if (state && state.name === name) return state;
  throw new UserError(`${shown(path)} is not the state of the job ${name}: was it changed by hand, or moved?`);
}

/**
 * The job that a command is about. @param name of its folder in runs/; without it the only job that there is
 * @throws UserError when there is none, or it is not clear which
 */
export async function findJob(name: string | undefined, runs = runsFolder): Promise<JobState> {
  const names = await jobNames(runs);
  const known = names.length === 0 ? "There is none yet: edgegym train begins one." : `There are: ${names.join(", ")}.`;
  const wanted = name ?? (names.length === 1 ? names[0] : undefined);
  if (wanted === undefined)
    throw new UserError(names.length === 0 ? `No job. ${known}` : `--name has to say which job. ${known}`);
  const state = await readJob(wanted, runs);
  if (state) return state;
  throw new UserError(`There is no job ${wanted}. ${known}`);
}

/** Names of all jobs, in order. */
export async function jobNames(runs = runsFolder): Promise<string[]> {
  const folders = await readdir(runs).catch((): string[] => []);
  const isJob = await Promise.all(
    folders.map(async (name) => isRunName(name) && (await readdir(join(runs, name)).catch(() => [""])).includes(FILE)),
  );
  return folders.filter((_, at) => isJob[at]).toSorted();
}

/** Through a temporary file: whoever reads meanwhile sees the state before or after. */
export async function writeJob(state: JobState, runs = runsFolder): Promise<void> {
  const [written, path] = await writtenBeside(state, runs);
  await rename(written, path);
}

/**
 * The first state of a job. Of two commands that begin the same name at once, one does: a job that may be there is not written over.
 * @param before what was there when it was decided to begin. @throws UserError when that is not what is there now
 */
export async function beginJob(state: JobState, before: JobState | undefined, runs = runsFolder): Promise<void> {
  const changed = new UserError(`The job ${state.name} was begun meanwhile. Start again to see what became of it.`);
  if (before) {
    const now = await readJob(state.name, runs);
    if (now?.phase !== before.phase || now.created_at !== before.created_at) throw changed;
    return writeJob(state, runs);
  }
  const [written, path] = await writtenBeside(state, runs);
  try {
    await link(written, path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") throw changed;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
}

async function writtenBeside(state: JobState, runs: string): Promise<[written: string, path: string]> {
  const folder = jobFolder(state.name, runs);
  const written = join(folder, `.${FILE}-${process.pid}`);
  await mkdir(folder, { recursive: true });
  await writeFile(written, `${JSON.stringify(JobState.parse(state), null, 1)}\n`);
  return [written, join(folder, FILE)];
}
