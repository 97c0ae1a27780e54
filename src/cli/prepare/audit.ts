/** What was found and what is left of it, put together. Pure. */
import type { Audit, AuditCheck } from "../../contract/dataset.ts";
import { limits } from "../../contract/limits.ts";
import type { DatasetShape } from "../../environments/dataset-shape.ts";
import type { Environment } from "../../environments/environment.ts";
import { gradeText } from "../../environments/grade-text.ts";
import type { Check, Checked, Finding } from "./check.ts";
import type { Row, Rows } from "./rows.ts";
import { documentsOf, sharedDocuments, type Split } from "./split.ts";

export interface AuditInput {
  environment: Environment;
  source: string;
  seed: string;
  fix: boolean;
  /** Rows asked for; `train` may be Infinity. */
  asked: { train: number; val: number };
  input: Rows;
  /** The rows that were split. */
  usable: readonly Row[];
  checked: readonly Checked[];
  split: Split;
  /** Chosen rows whose documents a search for the question does not show; null where it was not tried. */
  unfound: readonly Row[] | null;
  /** Whether there was an index, or clones, to look into. */
  hasPlaces: boolean;
}

export function toAudit(given: AuditInput): Audit {
  const { environment, source, seed, fix, asked, input, usable, split } = given;
  const checks = [
    unreadable(input),
    ...given.checked.map((one) => toAuditCheck(one, given)),
    ...splitChecks(split, environment.dataset),
    ...(environment.dataset.unit === "document" ? [unfoundCheck(given)] : []),
  ];
  return {
    schema: 1,
    environment: environment.name,
    unit: environment.dataset.unit,
    source,
    seed,
    fixed: fix,
    rows: {
      read: input.rows.length + input.unreadable.length,
      usable: usable.length,
      spare: split.spare.length,
    },
    labels: countLabels(input.rows, environment),
    checks,
    asked: { train: Number.isFinite(asked.train) ? asked.train : null, val: asked.val },
    train: { rows: split.train.length, documents: documentsOf(split.train).size },
    val: { rows: split.val.length, documents: documentsOf(split.val).size },
    remarks: remarks(given),
    passed: leftIn(checks) === 0,
  };
}

/** Findings in the files that a rule speaks of. */
export function leftIn(checks: readonly AuditCheck[]): number {
  return checks
    .filter(({ fix }) => fix !== "tell")
    .reduce((sum, { left }) => sum + left.train + left.val + left.between, 0);
}

const NONE = { train: 0, val: 0, between: 0 };

function unreadable({ unreadable: records }: Rows): AuditCheck {
  return {
    name: "unreadable",
    trouble: "A record is no row of this source.",
    fix: "drop",
    rule: "Left out, with --fix and without.",
    found: records.length,
    left: NONE,
    examples: records
      .slice(0, limits.auditExamples)
      .map(({ name, problem }) => ({ rows: [name], note: shortened(problem) })),
  };
}

function toAuditCheck({ check, wasTried, findings }: Checked, { fix, split }: AuditInput): AuditCheck {
  const isFixed = fix && check.fix !== "tell";
  return {
    ...texts(check),
    found: wasTried ? findings.length : null,
    left: isFixed ? NONE : placesOf(findings, split),
    examples: examples(findings),
  };
}

const texts = ({ name, trouble, fix, rule }: Omit<Check, "find">) => ({ name, trouble, fix, rule });

function examples(findings: readonly Pick<Finding, "rows" | "note">[]): AuditCheck["examples"] {
  return findings.slice(0, limits.auditExamples).map(({ rows, note }) => ({
    rows: rows.slice(0, limits.auditExamples).map(({ id }) => id),
    note: shortened(note),
  }));
}

function shortened(note: string): string {
  const start = note.slice(0, limits.auditNoteCharacters).toWellFormed();
  return note.length > start.length ? `${start}…` : start;
}

/** Findings by where their rows are: one row in a file is a finding of that file, several are where two of them are. */
function placesOf(findings: readonly Pick<Finding, "rows">[], { train, val }: Split): AuditCheck["left"] {
  const [inTrain, inVal] = [new Set(train), new Set(val)];
  const counts = { ...NONE };
  for (const { rows } of findings) {
    const [ofTrain, ofVal] = [
      rows.filter((row) => inTrain.has(row)).length,
      rows.filter((row) => inVal.has(row)).length,
    ];
    if (ofTrain > 0 && ofVal > 0) counts.between++;
    else if (ofTrain >= Math.min(rows.length, 2)) counts.train++;
    else if (ofVal >= Math.min(rows.length, 2)) counts.val++;
  }
  return counts;
}

function splitChecks(split: Split, { unit }: DatasetShape): AuditCheck[] {
  const shared = sharedDocuments(split);
  const few = (["train", "val"] as const).filter((name) => split[name].length < limits.datasetFileRows);
  return [
    {
      name: `shared_${unit}`,
      trouble: `A ${unit} is needed by training and by validation.`,
      fix: "none",
      rule: "Never happens: whole groups of rows that share them go to one file.",
      found: shared.length,
      left: { ...NONE, between: shared.length },
      examples: shared.slice(0, limits.auditExamples).map((path) => ({ rows: [], note: path })),
    },
    {
      name: "few_rows",
      trouble: `A file has fewer than ${limits.datasetFileRows} rows.`,
      fix: "none",
      rule: "Trainers refuse such a file: more data is needed, or other sizes.",
      found: few.length,
      left: { train: Number(few.includes("train")), val: Number(few.includes("val")), between: 0 },
      examples: few.map((name) => ({ rows: [], note: `${name}.jsonl has ${split[name].length} rows` })),
    },
  ];
}

function unfoundCheck({ unfound, split }: AuditInput): AuditCheck {
  const findings = (unfound ?? []).map((row) => ({ rows: [row], note: row.question }));
  return {
    name: "not_found_by_search",
    trouble: `A search for the question shows none of its documents among ${limits.datasetSearchPages}.`,
    fix: "tell",
    rule: "Kept: an agent can search in better words. Of the chosen rows only.",
    found: unfound === null ? null : findings.length,
    left: placesOf(findings, split),
    examples: examples(findings),
  };
}

function countLabels(rows: readonly Row[], environment: Environment): Audit["labels"] {
  const counts = { agrees: 0, rounded: 0, disagrees: 0, alone: 0, rounded_unpaid: 0 };
  for (const { label, item } of rows) {
    counts[label.state]++;
    if (label.state === "rounded" && gradeText(environment, item, label.exact).score === 0) counts.rounded_unpaid++;
  }
  return counts;
}

const units = { document: "documents", repository: "repositories" } as const;
const NOT_LOOKED_UP = {
  document: "Documents were not looked up: --index names no index.",
  repository: "Whether commits and files are there was not looked up: --repos names no folder of clones.",
} as const;

/** Asking for far more rows than there are, to have them all, leaves hardly any to validate with: what to do instead. */
function roomFor({ train, val }: AuditInput["asked"], usable: readonly unknown[]): string {
  if (!Number.isFinite(train) || 2 * val > usable.length) return "";
  return ` --train all gives validation its ${val} rows, and training the rest.`;
}

function remarks({ asked, split, usable, hasPlaces, unfound, environment }: AuditInput): string[] {
  const { train, val, isShort } = split;
  const { unit } = environment.dataset;
  const wanted = Number.isFinite(asked.train) ? `${asked.train} and ${asked.val}` : `all and ${asked.val}`;
  const missed = train.length !== asked.train || val.length !== asked.val;
  const found: string[] = [];
  if (isShort)
    found.push(
      `${wanted} rows were asked for; ${usable.length} are there, so each file got its share.${roomFor(asked, usable)}`,
    );
  else if (missed && Number.isFinite(asked.train))
    found.push(
      `${wanted} rows were asked for; whole ${units[unit]} came as near as ${train.length} and ${val.length}.`,
    );
  if (!hasPlaces) found.push(NOT_LOOKED_UP[unit]);
  else if (unit === "document" && unfound === null)
    found.push("Nothing was searched for: the index needs a service for its queries.");
  return found;
}
