/** The rollouts that a comparison's page shows side by side, read from where they are in the files of results. */
import { type FileHandle, open } from "node:fs/promises";
import type { Comparison, ItemChange } from "../../contract/comparison.ts";
import { limits } from "../../contract/limits.ts";
import { RolloutResult } from "../../contract/results.ts";
import { changedItems } from "../../report/comparison/items.ts";
import { isGraded } from "../../report/latest.ts";
import type { ShownItems } from "../../report/comparison/page.ts";
import type { ShownItem } from "../../report/comparison/traces.ts";
import { parse } from "../rollouts/wire.ts";
import type { Input } from "./inputs.ts";

/** @param inputs those of the comparison, in its order; @returns of each pair */
export async function readShown(comparison: Comparison, inputs: readonly Input[]): Promise<ShownItems[]> {
  const files = await Promise.all(inputs.map(({ file }) => open(file)));
  try {
    const shown: ShownItems[] = [];
    for (const [at, { items }] of comparison.pairs.entries()) {
      const read = (side: "worse" | "better") =>
        readItems(changedItems(items, side).slice(0, limits.changedItemsShown), at + 1, inputs, files);
      shown.push({ worse: await read("worse"), better: await read("better") });
    }
    return shown;
  } finally {
    for (const file of files) await file.close();
  }
}

async function readItems(
  changes: readonly ItemChange[],
  at: number,
  inputs: readonly Input[],
  files: readonly FileHandle[],
): Promise<ShownItem[]> {
  const shown: ShownItem[] = [];
  for (const change of changes) {
    const [first, second] = change.attempts;
    const before = await readAttempt(change.item, first, inputs[0], files[0]);
    const after = await readAttempt(change.item, second, inputs[at], files[at]);
    // A file that was begun anew in the meantime has other lines.
    if (before && after) shown.push({ change, rollouts: [before, after] });
  }
  return shown;
}

async function readAttempt(item: string, attempt: number, input: Input | undefined, file: FileHandle | undefined) {
  const found = input?.attempts.find((one) => one.item === item && one.attempt === attempt && isGraded(one));
  if (!found || !file) return undefined;
  const buffer = Buffer.alloc(found.bytes);
  await file.read(buffer, 0, found.bytes, found.start);
  return parse(buffer.toString("utf8"), RolloutResult);
}
