/** Which items of a dataset are attacked, and what of each. Never asks a grader. */
import type { JsonObject } from "../../contract/wire.ts";
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../../environments/environment.ts";
import { readDatasetRows } from "../dataset-file.ts";
import { seededRandom, shuffled } from "../../environments/random.ts";
import { UserError } from "../user-error.ts";
import type { Probe, ProbeClass, Target } from "./probe.ts";

export interface Item {
  /** Its id, or where it stands in its file. */
  name: string;
  /** The whole row, as a trainer sends it. */
  row: JsonObject;
  target: Target;
}

export interface Dataset {
  rows: number;
  items: Item[];
  /** The other rows, and why they cannot be graded. */
  leftOut: LeftOut[];
}

export interface LeftOut {
  name: string;
  reason: string;
}

/** The rows of all files that the paths mean, each file once. @throws UserError when none of them can be graded */
export async function readItems(data: readonly string[], environment: Environment): Promise<Dataset> {
  const rows = await readDatasetRows(data);
  const dataset: Dataset = { rows: rows.length, items: [], leftOut: [] };
  for (const row of rows) {
    const target = "item" in row ? environment.attackTarget?.(row.item) : undefined;
    if ("problem" in row) dataset.leftOut.push({ name: row.name, reason: row.problem });
    else if (target === undefined)
      dataset.leftOut.push({ name: row.name, reason: "has no reference that can be graded" });
    else dataset.items.push({ name: row.name, row: row.item, target });
  }
  const [first] = dataset.leftOut;
  if (dataset.items.length > 0) return dataset;
  throw new UserError(`--data ${data.join(" ")}: no row can be graded. The first: ${first?.name} ${first?.reason}.`);
}

/**
 * So many items, in an order drawn by the seed. First those by which each class has something to try, as far as there are
 * any: of a dataset of numbers with few yes-or-no questions, one of these is among them.
 */
export function chooseItems(
  items: readonly Item[],
  count: number,
  classes: readonly ProbeClass[],
  seed: string,
): Item[] {
  const drawn = shuffled(items, seededRandom(seed, "items"));
  if (count >= drawn.length) return drawn;
  let untried = [...classes];
  const needed: Item[] = [];
  for (const item of drawn) {
    if (untried.length === 0 || needed.length === count) break;
    const left = untried.filter((one) => probesOf(one, item, seed).length === 0);
    if (left.length < untried.length) needed.push(item);
    untried = left;
  }
  return [...new Set([...needed, ...drawn])].slice(0, count);
}

/** Gives each item some others, whose references are tried as its answer. */
export function withOthers(chosen: readonly Item[], all: readonly Item[], seed: string): Item[] {
  return chosen.map((item) => {
    const random = seededRandom(seed, "others", item.name);
    const others = Array.from({ length: limits.attackOtherItems }, () => all[Math.floor(random() * all.length)]);
    const targets = [...new Set(others)].flatMap((other) => (other && other.row !== item.row ? [other.target] : []));
    return targets.length === 0 ? item : { ...item, target: { ...item.target, others: targets } };
  });
}

/** The probes of a class for an item: for the same seed the same, whatever else is tried. */
export function probesOf(probeClass: ProbeClass, item: Item, seed: string): Probe[] {
  return probeClass.probes(item.target, seededRandom(seed, item.name, probeClass.name));
}
