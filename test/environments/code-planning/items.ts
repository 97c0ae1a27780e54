/** Items of `code-planning`, the sample's and made ones, and ledgers of their rollouts. Test material. */
import { readDatasetFile } from "../../../src/cli/dataset-file.ts";
import type { JsonObject } from "../../../src/contract/wire.ts";
import { codePlanning } from "../../../src/environments/code-planning/index.ts";

export const sampleFolder = new URL("../../fixtures/repositories/", import.meta.url).pathname;

/** The sample's rows. */
export async function sampleItems(): Promise<{ name: string; question: string; item: JsonObject }[]> {
  const rows = await readDatasetFile(`${sampleFolder}items.jsonl`);
  return rows.map((row) => {
    if ("problem" in row) throw new Error(`${row.name} ${row.problem}`);
    return row;
  });
}

export const anItem = (edited_files: unknown, others: JsonObject = {}): JsonObject => ({
  id: "item",
  question: "Make it so.",
  repo: "owner/name",
  base_commit: "v1",
  edited_files,
  ...others,
});

/** The grade of an answer without options. */
export const gradeOf = (item: JsonObject, text: string, json: unknown = null) =>
  codePlanning.grade({ item, answer: { text, json }, ledger: null }, codePlanning.options.parse({}));
