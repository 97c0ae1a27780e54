/** What a check of a dataset is, and what becomes of its findings. Pure. */
import type { Fix } from "../../contract/dataset.ts";
import type { Known } from "../../environments/dataset-shape.ts";
import type { Environment } from "../../environments/environment.ts";
import { inOrder, type Row } from "./rows.ts";

/** One thing that is wrong with a row, or with several together. Within one check no row is in two findings. */
export interface Finding {
  rows: readonly Row[];
  note: string;
  /** What the fix puts in their place; nothing, where they are left out. */
  instead: readonly Row[];
}

export interface CheckContext {
  environment: Environment;
  known: Known;
}

export interface Check {
  name: string;
  /** What it cannot be tried without. */
  needs?: keyof Known;
  trouble: string;
  fix: Fix;
  rule: string;
  find(rows: readonly Row[], context: CheckContext): Finding[];
}

export interface Checked {
  check: Check;
  wasTried: boolean;
  findings: Finding[];
}

/**
 * All checks, one after the other: with `fix`, each sees what those before it left.
 * @returns the rows to choose from, in their order, and what was found
 */
export function runChecks(
  checks: readonly Check[],
  rows: readonly Row[],
  context: CheckContext,
  fix: boolean,
): { rows: Row[]; checked: Checked[] } {
  let remaining = [...rows];
  const checked = checks.map((check) => {
    const wasTried = check.needs === undefined || context.known[check.needs] !== undefined;
    const findings = wasTried ? check.find(remaining, context) : [];
    if (fix && check.fix !== "tell") remaining = withFixes(remaining, findings);
    return { check, wasTried, findings };
  });
  return { rows: remaining, checked };
}

function withFixes(rows: readonly Row[], findings: readonly Finding[]): Row[] {
  const gone = new Set(findings.flatMap((finding) => finding.rows));
  return inOrder([...rows.filter((row) => !gone.has(row)), ...findings.flatMap(({ instead }) => instead)]);
}
