/** Counts the rows of a job's dataset in its files. Never looks into a row. */
import { basename } from "node:path";
import { findDatasetFiles, readDatasetFile } from "../dataset-file.ts";
import { UserError } from "../user-error.ts";

export interface DatasetSize {
  train: number;
  val: number;
  /** What was counted as what, one line a file. */
  counted: string[];
}

type Part = "training" | "validation" | "test";

/** What a file is by its name: `val.jsonl`, `validation-2.jsonl`, `dev.json`; a job does not use a test file; any other trains. */
function partOf(path: string): Part {
  const words = basename(path)
    .toLowerCase()
    .split(/[^a-z]+/);
  if (words.some((word) => ["val", "valid", "validation", "dev", "eval"].includes(word))) return "validation";
  return words.includes("test") ? "test" : "training";
}

/**
 * @param paths dataset files, or directories with FinQA's splits or .jsonl files
 * @throws UserError when none of them has a row
 */
export async function countDataset(paths: readonly string[]): Promise<DatasetSize> {
  const files = new Set((await Promise.all(paths.map(findDatasetFiles))).flat());
  const rows: Record<Part, number> = { training: 0, validation: 0, test: 0 };
  const counted: string[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const found = await readDatasetFile(file);
    const broken = found.flatMap((row) => ("problem" in row ? [`${row.name} ${row.problem}`] : []));
    const good = found.length - broken.length;
    const part = partOf(file);
    rows[part] += good;
    const left = broken.length === 0 ? "" : `, ${broken.length} left out (${broken[0]})`;
    counted.push(`${file}: ${good} ${part} rows${left}`);
    if (good === 0) problems.push(...broken.slice(0, 1));
  }
  const { training: train, validation: val } = rows;
  if (train + val > 0) return { train, val, counted };
  throw new UserError(
    `--data ${paths.join(" ")}: no row to train on or to validate with: ${problems.join("; ") || counted.join("; ")}`,
  );
}
