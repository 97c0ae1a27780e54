/** What has to be so for a dataset to be made at all; else what the user can mend. Pure. */
import type { DatasetSource } from "../../environments/dataset-source.ts";
import type { Environment } from "../../environments/environment.ts";
import { findEnvironment, NO_ENVIRONMENT } from "../../environments/index.ts";
import { UserError } from "../user-error.ts";
import type { Checked } from "./check.ts";
import type { Row, Rows } from "./rows.ts";
import type { Split } from "./split.ts";

/** Rows with the documented fields, a line each, of any origin. */
const JSONL = "jsonl";

/** @throws UserError when there is no environment of this name */
export function requireEnvironment(name: string): Environment {
  const environment = findEnvironment(name);
  if (environment) return environment;
  throw new UserError(`--env ${name}: ${NO_ENVIRONMENT}`);
}

/**
 * The source by its name; without one the environment's own, where it has one. `source` is undefined for JSON Lines.
 * @throws UserError for a name that the environment does not take
 */
export function requireSource(
  { dataset: { sources } }: Environment,
  asked: string | undefined,
): { name: string; source: DatasetSource | undefined } {
  const name = asked ?? sources[0]?.name ?? JSONL;
  const source = sources.find((one) => one.name === name);
  if (source !== undefined || name === JSONL) return { name, source };
  const names = [...sources.map((one) => one.name), JSONL].join(", ");
  throw new UserError(`--source ${name}: this environment takes ${names}.`);
}

/** An option that nothing would come of is a slip. @throws UserError */
export function requirePlaces({ name, dataset }: Environment, given: { index?: string; repos?: string }): void {
  if (given.index !== undefined && dataset.unit !== "document")
    throw new UserError(`--index: the answers of ${name} are in no index. Its clones go with --repos.`);
  if (given.repos !== undefined && dataset.unit !== "repository")
    throw new UserError(`--repos: the answers of ${name} are in no repository. Its index goes with --index.`);
}

/** @throws UserError when there is no row, with the reason of the first record that is none */
export function requireRows({ rows, unreadable: [first] }: Rows, from: readonly string[]): void {
  if (rows.length > 0) return;
  throw new UserError(`--from ${from.join(" ")}: no row is in it. The first record: ${first?.name} ${first?.problem}.`);
}

/** What took the most rows, with one of them. */
function leftOut(checked: readonly Checked[]): string[] {
  const counted = checked.flatMap(({ check, findings: [first, ...others] }) =>
    check.fix === "drop" && first ? [{ trouble: check.trouble, note: first.note, count: 1 + others.length }] : [],
  );
  const most = counted.toSorted((a, b) => b.count - a.count).slice(0, 3);
  return most.map(({ trouble, note, count }) => `${count} x ${trouble.replace(/\.$/, "")}: ${note}.`);
}

const UNITS = { document: "documents", repository: "repository" } as const;

/** @throws UserError when a file would be empty: trainers want both */
export function requireBoth(
  { train, val }: Split,
  usable: readonly Row[],
  from: readonly string[],
  { dataset: { unit } }: Environment,
  checked: readonly Checked[],
): void {
  if (train.length > 0 && val.length > 0) return;
  if (usable.length === 0)
    throw new UserError(`--from ${from.join(" ")}: no row is left. ${leftOut(checked).join(" ")}`);
  throw new UserError(
    `--from ${from.join(" ")}: ${usable.length} usable rows, and all share their ${UNITS[unit]}: that makes no two files.`,
  );
}
