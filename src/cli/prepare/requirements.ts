/** What has to be so for a dataset to be made at all; else what the user can mend. Pure. */
import type { DatasetSource } from "../../environments/dataset-source.ts";
import type { Environment } from "../../environments/environment.ts";
import { findEnvironment, NO_ENVIRONMENT } from "../../environments/index.ts";
import { UserError } from "../user-error.ts";
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
  { source }: Environment,
  asked: string | undefined,
): { name: string; source: DatasetSource | undefined } {
  const name = asked ?? source?.name ?? JSONL;
  if (name === JSONL) return { name, source: undefined };
  if (name === source?.name) return { name, source };
  throw new UserError(`--source ${name}: this environment takes ${source ? `${source.name}, ` : ""}${JSONL}.`);
}

/** @throws UserError when there is no row, with the reason of the first record that is none */
export function requireRows({ rows, unreadable: [first] }: Rows, from: readonly string[]): void {
  if (rows.length > 0) return;
  throw new UserError(`--from ${from.join(" ")}: no row is in it. The first record: ${first?.name} ${first?.problem}.`);
}

/** @throws UserError when a file would be empty: trainers want both */
export function requireBoth({ train, val }: Split, usable: readonly Row[], from: readonly string[]): void {
  if (train.length > 0 && val.length > 0) return;
  throw new UserError(
    `--from ${from.join(" ")}: ${usable.length} usable rows, and all share their documents: that makes no two files.`,
  );
}
