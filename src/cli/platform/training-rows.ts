/** A dataset file as a trainer reads it. Problems name a line and a field, never what stands there. Pure. */
import { limits } from "../../contract/limits.ts";
import { TrainingRow } from "../../contract/fine-tuning.ts";

/** The rows, or the first thing that is wrong. */
export function readRows(content: Buffer): { rows: TrainingRow[] } | { problem: string } {
  const rows: TrainingRow[] = [];
  for (const [at, line] of content.toString("utf8").split("\n").entries()) {
    if (line.trim() === "") continue;
    const row = readRow(line);
    if ("problem" in row) return { problem: `Line ${at + 1}: ${row.problem}.` };
    rows.push(row.row);
  }
  if (rows.length >= limits.datasetFileRows) return { rows };
  return { problem: `The file has ${rows.length} rows; it needs ${limits.datasetFileRows} at least.` };
}

function readRow(line: string): { row: TrainingRow } | { problem: string } {
  if (Buffer.byteLength(line) > limits.datasetRowBytes)
    return { problem: `it is longer than ${limits.datasetRowBytes} bytes` };
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { problem: "it is not JSON" };
  }
  const row = TrainingRow.safeParse(json);
  if (row.success) return { row: row.data };
  const [issue] = row.error.issues;
  const where = issue?.path.join(".") || "the row";
  return { problem: `${where}: ${issue?.message ?? "it has another shape"}` };
}
