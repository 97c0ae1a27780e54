/**
 * `edgegym check-grader`: shows that a dataset can be graded, by giving each row's own reference as the answer. Needs no
 * worker. Never prints or exits itself; its report shows references, which only the person with the dataset sees.
 */
import { limits } from "../contract/limits.ts";
import type { Environment } from "../environments/environment.ts";
import { type DatasetRow, findDatasetFiles, readDatasetFile } from "./dataset-file.ts";
import { gradeText } from "../environments/grade-text.ts";

export interface GraderCheck {
  /** Lines for a terminal. */
  report: string;
  /** 0 when every row scores 1, else 1: a row that cannot be graded would answer the trainer with a fault. */
  exitCode: 0 | 1;
}

/** @param options.data dataset files, or directories with a source's files, as FinQA's splits, or .jsonl files */
export async function checkGrader(options: {
  environment: Environment;
  data: readonly string[];
}): Promise<GraderCheck> {
  const found = await Promise.all(options.data.map(findDatasetFiles));
  const sections: string[] = [];
  const failures: Failure[] = [];
  let rows = 0;
  for (const file of new Set(found.flat())) {
    const ofFile = await readDatasetFile(file);
    const failed = ofFile.flatMap((row) => failureOf(row, options.environment));
    sections.push(`${file}: ${ofFile.length - failed.length} of ${ofFile.length} score 1`, ...failed.map(describe));
    failures.push(...failed);
    rows += ofFile.length;
  }
  return {
    report: [...sections, ...summary(rows, failures)].join("\n"),
    exitCode: failures.length > 0 || rows === 0 ? 1 : 0,
  };
}

interface Failure {
  name: string;
  /** The reference as an answer; undefined where there is no row. */
  reference: string | undefined;
  reason: string;
}

function failureOf(row: DatasetRow, environment: Environment): Failure[] {
  if ("problem" in row) return [{ name: row.name, reference: undefined, reason: row.problem }];
  const reference = environment.dataset.reference(row.item);
  const { score, explanation } = gradeText(environment, row.item, reference ?? "");
  if (score === 1) return [];
  return [{ name: row.name, reference, reason: score === null ? explanation : `scores ${score}: ${explanation}` }];
}

function describe({ name, reference, reason }: Failure): string {
  const written = JSON.stringify(reference) ?? "";
  const shown = written.length > limits.quotedCharacters ? `${written.slice(0, limits.quotedCharacters)}…` : written;
  return ["", name, shown, reason].filter((part, at) => at === 0 || part !== "").join("  ");
}

function summary(rows: number, failures: readonly Failure[]): string[] {
  if (failures.length === 0) return [`All ${rows} rows score 1 against their own reference.`];
  const byReason = Map.groupBy(failures, ({ reason }) => reason);
  const counts = [...byReason]
    .map(([reason, group]) => ({ reason, count: group.length }))
    .toSorted((a, b) => b.count - a.count);
  return [
    `${failures.length} of ${rows} rows cannot be used. By reason:`,
    ...counts.map(({ reason, count }) => `${String(count).padStart(6)}  ${reason}`),
  ];
}
