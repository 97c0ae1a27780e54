/**
 * `edgegym prepare`: a published dataset, or rows as JSON Lines → the two files of a training job, with an audit. Never prints but
 * progress, never asks a network.
 */
import { join } from "node:path";
import type { Audit, DatasetManifest } from "../../contract/dataset.ts";
import { limits } from "../../contract/limits.ts";
import type { Corpus } from "../../corpus/corpus.ts";
import type { Known } from "../../environments/dataset-shape.ts";
import type { Environment } from "../../environments/environment.ts";
import { auditPage } from "../../report/audit.ts";
import { openIndex } from "../open-index.ts";
import type { Progress } from "../progress.ts";
import { inProject, shown } from "../project.ts";
import { versionsOf } from "../versions.ts";
import { leftIn, toAudit } from "./audit.ts";
import { runChecks } from "./check.ts";
import { describeFile, MANIFEST, type Outputs, OUTPUTS, writeDataset } from "./files.ts";
import { knownCommits } from "./clones.ts";
import { readInputs } from "./inputs.ts";
import { toJsonLines } from "./lines.ts";
import { pairChecks, sameId } from "./pair-checks.ts";
import { requireBoth, requireEnvironment, requirePlaces, requireRows, requireSource } from "./requirements.ts";
import { rowChecks } from "./row-checks.ts";
import { type Row, type Rows, toRows } from "./rows.ts";
import { type Split, splitByDocument } from "./split.ts";

export interface PrepareOptions {
  env: string;
  /** The environment's own format without it. */
  source?: string;
  from: string[];
  /** A built index to look documents up in. */
  index?: string;
  /** A folder of clones to look commits and files up in. */
  repos?: string;
  /** Rows; Infinity for all that validation leaves. */
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
  /** 1 with `strict` when anything is left that a rule speaks of. */
  exitCode: 0 | 1;
}

/** Sequence: read → check, split, look up → describe → write. @throws UserError for what the user can mend */
export async function prepare(options: PrepareOptions, progress: Progress): Promise<Prepared> {
  const environment = requireEnvironment(options.env);
  const { name, source } = requireSource(environment, options.source);
  const folder = options.out ?? inProject("runs", `dataset-${environment.name}`);
  requirePlaces(environment, options);
  const inputs = await readInputs(options.from, source, folder);
  const index = options.index === undefined ? undefined : await openIndex(options.index);

  const records = inputs.flatMap((file) => file.records);
  progress.update("check", 0, records.length);
  const input = toRows(records, source, environment, options.seed);
  requireRows(input, options.from);
  const known: Known = {
    hasDocument: index && ((path) => index.corpus.has(path)),
    commit: options.repos === undefined ? undefined : await knownCommits(options.repos, input.rows, progress),
  };
  const { split, audit } = await choose({ ...options, environment, name, input, index, known, progress });
  progress.stop();

  const outputs = {
    "train.jsonl": toJsonLines(split.train, environment),
    "val.jsonl": toJsonLines(split.val, environment),
    "audit.json": `${JSON.stringify(audit, null, 1)}\n`,
    "audit.html": auditPage(audit),
  };
  const versions = { ...(await versionsOf(environment)), index: index?.corpus.version ?? null };
  const files = inputs.map(({ file }) => file);
  const manifest = toManifest(audit, files, outputs, versions);
  const isNew = await writeDataset(folder, outputs, `${JSON.stringify(manifest, null, 1)}\n`);
  return { audit, manifest, files: whereTo(folder, isNew), exitCode: options.strict && !audit.passed ? 1 : 0 };
}

interface Choice extends Omit<PrepareOptions, "index"> {
  environment: Environment;
  /** Of the source. */
  name: string;
  input: Rows;
  index: { corpus: Corpus; canSearch: boolean } | undefined;
  known: Known;
  progress: Progress;
}

/** Sequence: check → split → look up → audit. */
async function choose(given: Choice): Promise<{ split: Split; audit: Audit }> {
  const { environment, input, index, seed, fix = false, train, val, progress } = given;
  const checks = [sameId, ...rowChecks(environment), ...pairChecks];
  const { rows: usable, checked } = runChecks(checks, input.rows, { environment, known: given.known }, fix);
  const asked = { train, val };
  const split = splitByDocument(usable, asked, seed);
  requireBoth(split, usable, given.from, environment, checked);
  const unfound = index?.canSearch ? await notFound([...split.train, ...split.val], index.corpus, progress) : null;
  const looked = { unfound, hasPlaces: Object.values(given.known).some((known) => known !== undefined) };
  const audit = toAudit({
    environment,
    source: given.name,
    seed,
    fix,
    asked,
    input,
    usable,
    checked,
    split,
    ...looked,
  });
  return { split, audit };
}

/** The rows for which a search for the question itself shows none of their documents. */
async function notFound(rows: readonly Row[], corpus: Corpus, progress: Progress): Promise<Row[]> {
  const missing: Row[] = [];
  for (const [done, row] of rows.entries()) {
    progress.update("search", done, rows.length);
    const hits = await corpus.search(row.question.slice(0, limits.queryCharacters), limits.datasetSearchPages);
    if (!hits.some(({ path }) => row.paths.includes(path))) missing.push(row);
  }
  return missing;
}

function toManifest(
  audit: Audit,
  inputs: DatasetManifest["inputs"],
  outputs: Outputs,
  versions: DatasetManifest["versions"],
): DatasetManifest {
  const { environment, source, seed, asked, fixed, rows, train, val, checks } = audit;
  return {
    schema: 1,
    environment,
    source,
    seed,
    options: { ...asked, fix: fixed },
    inputs,
    outputs: OUTPUTS.map((name) => describeFile(name, outputs[name])),
    counts: { read: rows.read, train: train.rows, val: val.rows, left: leftIn(checks) },
    versions,
  };
}

function whereTo(folder: string, isNew: boolean): string[] {
  const names = [...OUTPUTS, MANIFEST];
  if (isNew) return names.map((name) => `written: ${shown(join(folder, name))}`);
  return [`nothing changed: ${shown(folder)} has all ${names.length} files as they would be written`];
}
