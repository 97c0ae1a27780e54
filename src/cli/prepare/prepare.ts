/**
 * `edgegym prepare`: a published dataset, or rows as JSON Lines → the two files of a training job, with an audit. Never prints but
 * progress, never asks a network.
 */
import type { Audit, DatasetManifest } from "../../contract/dataset.ts";
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../../environments/environment.ts";
import { findEnvironment, NO_ENVIRONMENT } from "../../environments/index.ts";
import { auditPage } from "../../report/audit.ts";
import { openIndex } from "../open-index.ts";
import type { Progress } from "../progress.ts";
import { inProject, shown } from "../project.ts";
import { UserError } from "../user-error.ts";
import { versionsOf } from "../versions.ts";
import { leftIn, toAudit } from "./audit.ts";
import { runChecks } from "./check.ts";
import { describeFile, MANIFEST, OUTPUTS, writeDataset } from "./files.ts";
import { readInputs, requireRows } from "./inputs.ts";
import { toJsonLines } from "./lines.ts";
import { pairChecks, sameId } from "./pair-checks.ts";
import { rowChecks } from "./row-checks.ts";
import { type Row, toRows } from "./rows.ts";
import { type Split, splitByDocument } from "./split.ts";

/** Rows with the documented fields, a line each, of any origin. */
const JSONL = "jsonl";

export interface PrepareOptions {
  env: string;
  /** The environment's own format without it. */
  source?: string;
  from: string[];
  /** A built index to look documents up in. */
  index?: string;
  /** Rows; Infinity for all that are left. */
  train: number;
  val: number;
  seed: string;
  out?: string;
  fix?: boolean;
  strict?: boolean;
}

export interface Prepared {
  audit: Audit;
  manifest: DatasetManifest;
  /** Lines that say where the files are, or that nothing changed. */
  files: string[];
  /** 1 with `--strict` when anything is left that a rule speaks of. */
  exitCode: 0 | 1;
}

/** Sequence: read → check → split → look up → audit → write. @throws UserError for what the user can mend */
export async function prepare(options: PrepareOptions, progress: Progress): Promise<Prepared> {
  const { seed, fix = false, train, val } = options;
  const environment = requireEnvironment(options.env);
  const name = requireSource(environment, options.source);
  const source = name === JSONL ? undefined : environment.source;
  const folder = options.out ?? inProject("runs", `dataset-${environment.name}`);
  const inputs = await readInputs(options.from, source, folder);
  const index = options.index === undefined ? undefined : await openIndex(options.index);

  const records = inputs.flatMap((file) => file.records);
  progress.update("check", 0, records.length);
  const input = toRows(records, source, seed);
  requireRows(input, options.from);
  const hasDocument = index && ((path: string) => index.corpus.has(path));
  const { rows: usable, checked } = runChecks(
    [sameId, ...rowChecks, ...pairChecks],
    input.rows,
    { environment, hasDocument },
    fix,
  );
  const asked = { train, val };
  const split = splitByDocument(usable, asked, seed);
  requireBoth(split, usable, options.from);
  const chosen = [...split.train, ...split.val];
  const search = index?.canSearch ? index.corpus : undefined;
  const unfound = search ? await notFound(chosen, search, progress) : null;
  const hasIndex = index !== undefined;
  const audit = toAudit({
    environment,
    source: name,
    seed,
    fix,
    asked,
    input,
    usable,
    checked,
    split,
    unfound,
    hasIndex,
  });
  progress.stop();

  const contents = {
    "train.jsonl": toJsonLines(split.train, environment),
    "val.jsonl": toJsonLines(split.val, environment),
    "audit.json": `${JSON.stringify(audit, null, 1)}\n`,
    "audit.html": auditPage(audit),
  };
  const manifest: DatasetManifest = {
    schema: 1,
    environment: environment.name,
    source: name,
    seed,
    options: { train: audit.asked.train, val, fix },
    inputs: inputs.map(({ file }) => file),
    outputs: OUTPUTS.map((name) => describeFile(name, contents[name])),
    counts: { read: audit.rows.read, train: split.train.length, val: split.val.length, left: leftIn(audit.checks) },
    versions: { ...(await versionsOf(environment)), index: index?.corpus.version ?? null },
  };
  const isNew = await writeDataset(folder, { ...contents, [MANIFEST]: `${JSON.stringify(manifest, null, 1)}\n` });
  return { audit, manifest, files: whereTo(folder, isNew), exitCode: options.strict && !audit.passed ? 1 : 0 };
}

function requireEnvironment(name: string): Environment {
  const environment = findEnvironment(name);
  if (environment) return environment;
  throw new UserError(`--env ${name}: ${NO_ENVIRONMENT}`);
}

function requireSource({ source }: Environment, asked: string | undefined): string {
  const known = [...(source ? [source.name] : []), JSONL];
  const name = asked ?? known[0] ?? JSONL;
  if (known.includes(name)) return name;
  throw new UserError(`--source ${name}: this environment takes ${known.join(", ")}.`);
}

function requireBoth({ train, val }: Split, usable: readonly Row[], from: readonly string[]): void {
  if (train.length > 0 && val.length > 0) return;
  throw new UserError(
    `--from ${from.join(" ")}: ${usable.length} usable rows, and they share their documents: that makes no two files.`,
  );
}

/** The rows for which a search for the question itself shows none of their documents. */
async function notFound(
  rows: readonly Row[],
  corpus: { search(query: string, topK: number): Promise<{ path: string }[]> },
  progress: Progress,
): Promise<Row[]> {
  const missing: Row[] = [];
  for (const [done, row] of rows.entries()) {
    progress.update("search", done, rows.length);
    const hits = await corpus.search(row.question.slice(0, limits.queryCharacters), limits.datasetSearchPages);
    if (!hits.some(({ path }) => row.paths.includes(path))) missing.push(row);
  }
  return missing;
}

function whereTo(folder: string, isNew: boolean): string[] {
  const names = [...OUTPUTS, MANIFEST];
  if (!isNew) return [`nothing changed: ${shown(folder)} has all ${names.length} files as they would be written`];
  return names.map((name) => `written: ${shown(`${folder}/${name}`)}`);
}
