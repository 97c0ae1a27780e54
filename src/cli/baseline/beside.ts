/** What other commands found that bears on a baseline: an attack on the grader, the audit of a prepared dataset. */
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AttackResult } from "../../contract/attack.ts";
import { Audit } from "../../contract/dataset.ts";
import type { KnownBeside } from "../../report/baseline/readiness.ts";
import { parse } from "../rollouts/wire.ts";
import { findDatasetFiles } from "../dataset-file.ts";
import { messageOf, UserError } from "../user-error.ts";

/** @throws UserError for a file that is no result of an attack */
export async function readAttack(path: string | undefined): Promise<AttackResult | null> {
  if (path === undefined) return null;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UserError(`--attack ${path}: cannot be read: ${messageOf(error)}`);
  });
  const result = parse(text, AttackResult);
  if (result) return result;
  throw new UserError(`--attack ${path}: not what edgegym attack --json prints.`);
}

const PARTS = ["train", "val"] as const;
/** Checks whose findings are wrong or doubtful labels. */
const OF_LABELS = ["label_conflict", "contradiction", "ungradable"];

/**
 * Labels that are doubted in `train.jsonl` and `val.jsonl`, as far as they are among the data; null without their audit.
 * @param data dataset files, or folders with some
 */
export async function readLabels(data: readonly string[]): Promise<KnownBeside["labels"]> {
  const files = new Set((await Promise.all(data.map(findDatasetFiles))).flat());
  const found = await Promise.all([...files].map(labelsOf));
  const known = found.filter((labels) => labels !== null);
  if (known.length === 0) return null;
  return {
    rows: known.reduce((sum, { rows }) => sum + rows, 0),
    doubted: known.reduce((sum, { doubted }) => sum + doubted, 0),
  };
}

async function labelsOf(path: string): Promise<KnownBeside["labels"]> {
  const part = PARTS.find((name) => basename(path) === `${name}.jsonl`);
  if (part === undefined) return null;
  const text = await readFile(join(dirname(path), "audit.json"), "utf8").catch(() => "");
  const audit = parse(text, Audit);
  if (!audit) return null;
  const checks = audit.checks.filter(({ name }) => OF_LABELS.includes(name));
  return { rows: audit[part].rows, doubted: checks.reduce((sum, { left }) => sum + left[part], 0) };
}
