/** Writes rows to a file of their own, which goes when the tests end. Test material. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** The path of a JSON Lines file of these values. */
export async function dataset(rows: readonly unknown[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "edgegym-attack-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "rows.jsonl");
  await writeFile(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  return path;
}
