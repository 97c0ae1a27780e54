/** `edgegym compare` from its options to its files. Never prints but progress; plays and changes nothing. */
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Comparison } from "../../contract/comparison.ts";
import { limits } from "../../contract/limits.ts";
import { findEnvironment } from "../../environments/index.ts";
import { seededRandom } from "../../environments/random.ts";
import { comparisonCharts } from "../../report/comparison/charts.ts";
import { compare } from "../../report/comparison/compare.ts";
import { comparisonPage } from "../../report/comparison/page.ts";
import { chartFiles } from "../png.ts";
import type { Progress } from "../progress.ts";
import { inProject, shown } from "../project.ts";
import { UserError } from "../user-error.ts";
import { writeWhole } from "../whole-files.ts";
import { differentAspects, requireCommon, requireComparable } from "./comparable.ts";
import { readInputs } from "./inputs.ts";
import { readShown } from "./shown-items.ts";

export interface CompareOptions {
  /** The words that these options come from. */
  command: string[];
  /** Names of runs/, or paths; the first is what the others are held against. */
  results: string[];
  name?: string;
  otherGrader?: boolean;
  failIfWorse?: boolean;
}

export interface Outcome {
  comparison: Comparison;
  /** Where its files are, and their names. */
  folder: string;
  files: string[];
  /** 0 whatever is found; with `failIfWorse` 1 where a score is worse beyond chance. */
  exitCode: 0 | 1;
}

/** Sequence: results → comparable? → figures → traces → files. @throws UserError for what the user can mend */
export async function runCompare(options: CompareOptions, progress: Progress): Promise<Outcome> {
  const inputs = await readInputs(options.results, (label, read, of) => progress.update(label, read, of));
  requireComparable(inputs, options.otherGrader ?? false);
  const folder = await ownFolder(options.name ?? nameOf(inputs.map(({ label }) => label)));
  const comparison = compare({
    command: options.command,
    results: inputs,
    different: differentAspects(inputs),
    kindOf: kindOf(inputs[0]?.manifest.environment ?? ""),
    randoms: (name) => seededRandom("comparison", name),
  });
  requireCommon(comparison);
  const page = comparisonPage(comparison, await readShown(comparison, inputs));
  const { files: pictures, remark } = await chartFiles(comparisonCharts(comparison));
  if (remark !== null) progress.say(remark);
  const json = `${JSON.stringify(Comparison.parse(comparison), null, 1)}\n`;
  const files = await writeFiles(folder, { "comparison.json": json, "comparison.html": page, ...pictures });
  const isWorse = comparison.figures.some(
    ({ name, changes }) => name === "score" && changes.some(({ finding }) => finding === "worse"),
  );
  return { comparison, folder: shown(folder), files, exitCode: options.failIfWorse && isWorse ? 1 : 0 };
}

/** Undefined for an environment that tells no kinds apart, and for one of another version of the project. */
function kindOf(name: string) {
  const environment = findEnvironment(name);
  if (!environment?.questionKind) return undefined;
  return (question: string) => environment.questionKind?.(question) ?? "";
}

/** `compare-a-vs-b`, as far as a name may be long. */
function nameOf(labels: readonly string[]): string {
  const written = labels.map((label) => label.replaceAll(/[^A-Za-z0-9._-]+/g, "-"));
  return `compare-${written.join("-vs-")}`.slice(0, limits.runCharacters);
}

/** @throws UserError for a folder that holds results: comparisons are made of these, and never stand among them */
async function ownFolder(name: string): Promise<string> {
  const folder = inProject("runs", name);
  const results = await stat(join(folder, "results.jsonl")).catch(() => undefined);
  if (results) throw new UserError(`${shown(folder)} holds results of a baseline. Give the comparison another --name.`);
  return folder;
}

/** A comparison's files take the place of those of the one before of this name. */
async function writeFiles(folder: string, contents: Readonly<Record<string, string | Uint8Array>>): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const before = await readdir(folder);
  const pictures = before.filter((name) => /\.(?:svg|png)$/.test(name) && !(name in contents));
  if (before.includes("comparison.json")) for (const name of pictures) await rm(join(folder, name));
  return writeWhole(folder, contents);
}
