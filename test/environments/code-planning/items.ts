/** Items of `code-planning`, the sample's and made ones, and ledgers of their rollouts. Test material. */
import { join } from "node:path";
import { readDatasetFile } from "../../../src/cli/dataset-file.ts";
import { gatherFolder } from "../../../src/cli/repository/folder.ts";
import type { JsonObject } from "../../../src/contract/wire.ts";
import { memoryRepository } from "../../../src/corpus/repository/memory.ts";
import type { Repository } from "../../../src/corpus/repository/repository.ts";
import { checkArguments } from "../../../src/environments/arguments.ts";
import { codePlanning } from "../../../src/environments/code-planning/index.ts";
import type { ToolUse } from "../../../src/environments/rehearsal.ts";
import { NOTHING_KEPT, RolloutFiles } from "../../../src/environments/workspace/files.ts";

export const sampleFolder = new URL("../../../corpus-index/sample-repositories/", import.meta.url).pathname;

/** The sample's rows. */
export async function sampleItems(): Promise<{ name: string; question: string; item: JsonObject }[]> {
  const rows = await readDatasetFile(`${sampleFolder}items.jsonl`);
  return rows.map((row) => {
    if ("problem" in row) throw new Error(`${row.name} ${row.problem}`);
    return row;
  });
}

/** The repositories of the sample, by name. */
export async function sampleRepositories(): Promise<Map<string, Repository>> {
  const repositories = new Map<string, Repository>();
  for (const name of ["tidylog", "larder", "pingboard"]) {
    const { entries } = await gatherFolder(join(sampleFolder, name));
    const files = entries.flatMap((entry) => (entry.kind === "file" ? [[entry.path, entry.content] as const] : []));
    repositories.set(`sample/${name}`, memoryRepository(Object.fromEntries(files), `sample/${name}`, "v1"));
  }
  return repositories;
}

/** What an agent is shown for a call on a fresh copy of the repository, in full; and whether that was a mistake. */
export async function runOn(repository: Repository | undefined, { tool: name, arguments: args }: ToolUse) {
  const tool = codePlanning.tools.find((one) => one.name === name);
  if (tool?.keeps !== "files" || repository === undefined) throw new Error(`no ${name}, or nothing to run it on`);
  const checked = checkArguments(tool, args);
  if (!checked.ok) return { outcome: "mistake", text: checked.message };
  const files = new RolloutFiles(repository, NOTHING_KEPT, { now: 0, pause: async () => {} });
  const answer = await tool.run(checked.arguments, { files });
  return answer.outcome === "ok" ? { ...answer, text: answer.text + (answer.ending ?? "") } : answer;
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
