/** Which results are to be compared: folders by name or path, read line by line. */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { limits } from "../../contract/limits.ts";
import { isRunName } from "../../contract/run-name.ts";
import { ResultsManifest, RolloutResult } from "../../contract/results.ts";
import { type Attempt, attemptOf } from "../../report/comparison/attempt.ts";
import type { GivenResult } from "../../report/comparison/compare.ts";
import { linesOf } from "../lines.ts";
import { inProject, shown } from "../project.ts";
import { parse } from "../rollouts/wire.ts";
import { UserError } from "../user-error.ts";

/** An attempt, and where its line is in the file: outputs are read when they are shown. */
interface FoundAttempt extends Attempt {
  start: number;
  bytes: number;
}

export interface Input extends GivenResult {
  attempts: FoundAttempt[];
  /** Of the lines. */
  file: string;
}

const RESULTS = "results.jsonl";

/** @param progress told how many rollouts of which result are read @throws UserError for what holds no results, or one twice */
export async function readInputs(
  given: readonly string[],
  progress: (label: string, read: number, of: number) => void,
): Promise<Input[]> {
  if (given.length < 2) throw new UserError("A comparison is of two results or more: edgegym compare BEFORE AFTER.");
  if (given.length > limits.comparedResults)
    throw new UserError(`A comparison is of ${limits.comparedResults} results at most, not ${given.length}.`);
  const folders: string[] = [];
  for (const name of given) folders.push(await findFolder(name, folders));
  const labels = labelsOf(folders);
  const inputs: Input[] = [];
  for (const [at, folder] of folders.entries()) inputs.push(await readInput(folder, labels[at] ?? folder, progress));
  return inputs;
}

/** A name is first one of runs/. */
async function findFolder(name: string, before: readonly string[]): Promise<string> {
  const places = isRunName(name) ? [inProject("runs", name), resolve(name)] : [resolve(name)];
  for (const place of places) {
    const found = await stat(join(place, RESULTS)).catch(() => undefined);
    if (!found?.isFile()) continue;
    const folder = await realpath(place);
    if (!before.includes(folder)) return folder;
    throw new UserError(`${name} is the same folder as one before: nothing can differ.`);
  }
  throw new UserError(
    `${name}: there are no results (${RESULTS}) at ${places.map(shown).join(" or ")}. ${await known()}`,
  );
}

/** Names that could have been meant. */
async function known(): Promise<string> {
  const names = await readdir(inProject("runs")).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => ((await stat(inProject("runs", name, RESULTS)).catch(() => undefined)) ? [name] : [])),
  );
  const results = found.flat().toSorted();
  if (results.length === 0) return "edgegym baseline makes some.";
  const more = results.length > NAMED ? ", …" : "";
  return `In runs/ there are: ${results.slice(0, NAMED).join(", ")}${more}.`;
}
const NAMED = 10;

/** The folders' own names; of equal ones, each but the first with its number. */
function labelsOf(folders: readonly string[]): string[] {
  const names = folders.map((folder) => basename(folder));
  return names.map((name, at) => {
    const earlier = names.slice(0, at).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name} (${earlier + 1})`;
  });
}

async function readInput(folder: string, label: string, progress: Parameters<typeof readInputs>[1]): Promise<Input> {
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => "");
  const manifest = parse(text, ResultsManifest);
  if (!manifest)
    throw new UserError(
      `${shown(folder)} has no manifest.json that can be read: what its results are of is not known.`,
    );
  const file = join(folder, RESULTS);
  const planned = manifest.dataset.items * manifest.attempts;
  const attempts: FoundAttempt[] = [];
  let cut = false;
  for await (const { text: line, number, end, whole } of linesOf(file)) {
    const result = parse(line, RolloutResult);
    const bytes = Buffer.byteLength(line);
    if (result) attempts.push({ ...attemptOf(result), start: end - bytes, bytes });
    else if (whole)
      throw new UserError(
        `${shown(file)}, line ${number}: not a result. Take the line out, or make the baseline anew.`,
      );
    else cut = true;
    progress(label, attempts.length, planned);
  }
  if (attempts.some(({ ending }) => ending === "graded")) return { label, manifest, attempts, cut, file };
  throw new UserError(`${shown(file)} has no graded rollout, so there is nothing to compare.`);
}
