/**
 * How often each source of evidence is told of rollouts whose truth is known: they answer with the reference, having read the
 * item's page, or other pages that are not it. What the rule is measured by. Test material.
 */
import { type DatasetRow, findDatasetFiles, readDatasetFile } from "../../../src/cli/dataset-file.ts";
import { seededRandom, shuffled } from "../../../src/environments/random.ts";
import { readSource } from "../../../src/cli/sources.ts";
import type { Evidence, LedgerCall } from "../../../src/contract/ledger.ts";
import type { JsonObject } from "../../../src/contract/wire.ts";
import { FinqaRecord } from "../../../src/environments/finqa/dataset.ts";
import { evidence } from "../../../src/environments/finqa/evidence.ts";
import { parseReference } from "../../../src/grading/reference.ts";
import { callsFor, ledgerOf } from "./ledgers.ts";

type Source = Evidence["source"];
/** Of all rollouts, from 0 to 1. */
export type Shares = Record<Source, number>;

/** Items that can be graded, each with the path of its page, and the pages' texts by path. */
export interface World {
  items: { item: JsonObject; path: string }[];
  pages: Map<string, string>;
}

/** @param folder with FinQA's files */
export async function readWorld(folder: string): Promise<World> {
  const pages = new Map((await readSource("finqa", folder)).map(({ path, text }) => [path, text]));
  const files = await findDatasetFiles(folder);
  const rows = (await Promise.all(files.map(readDatasetFile))).flat();
  return { items: rows.flatMap(usable), pages };
}

function usable(row: DatasetRow): World["items"] {
  if ("problem" in row || !parseReference(row.item["reference_answer"]).ok) return [];
  const [path] = FinqaRecord.shape.id.array().parse(row.item["evidence_paths"]);
  return path === undefined ? [] : [{ item: row.item, path }];
}

/** The calls of a rollout that opens the item's page and reads it to its end. */
export function readsItsPage({ pages }: World, path: string): LedgerCall[] {
  return callsFor("cat", { path }, pages.get(path) ?? "");
}

/** The calls of a rollout that opens so many pages drawn from all others, or from those of the same company. */
export function readsOthers(world: World, path: string, name: string, count: number, company = ""): LedgerCall[] {
  const others = [...world.pages.keys()].filter((other) => other !== path && other.startsWith(company));
  const drawn = shuffled(others, seededRandom("evidence", name, count)).slice(0, count);
  return drawn.flatMap((other) => readsItsPage(world, other));
}

/** The shares among one rollout per item, of rows without some fields. */
export function sharesOf(
  world: World,
  callsOf: (path: string, name: string) => LedgerCall[],
  without: readonly string[] = [],
): Shares {
  const shares: Shares = { answer: 0, operands: 0, page: 0, none: 0, unknown: 0 };
  for (const { item, path } of world.items) {
    const row = Object.fromEntries(Object.entries(item).filter(([field]) => !without.includes(field)));
    const answer = { text: String(item["reference_answer"]), json: null };
    const ledger = ledgerOf(callsOf(path, String(item["id"])));
    shares[evidence({ item: row, answer, ledger }).source] += 1 / world.items.length;
  }
  return shares;
}
