/** The items of a dataset: the rows that can be attempted. */
import type { Item } from "./agents/agent.ts";
import { readDatasetRows } from "./dataset-file.ts";
import { UserError } from "./user-error.ts";

export interface Items {
  items: Item[];
  /** What is wrong with the rows that are none. */
  problems: string[];
}

/** @param paths dataset files, or directories with some. @throws UserError when there is no item at all */
export async function readItems(paths: readonly string[]): Promise<Items> {
  const rows = await readDatasetRows(paths);
  const problems = rows.flatMap((row) => ("problem" in row ? [`${row.name} ${row.problem}`] : []));
  const items = rows.flatMap((row): Item[] => {
    if ("problem" in row) return [];
    const { id } = row.item;
    return [{ name: typeof id === "string" ? id : row.name, question: row.question, row: row.item }];
  });
  if (items.length > 0) return { items, problems };
  throw new UserError(`No dataset row is in ${paths.join(", ")}. ${problems.slice(0, 3).join("; ")}`);
}
