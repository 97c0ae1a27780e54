/** What a deployment is checked with in tests: an item of the bundled sample, a run of its own. */
import { join } from "node:path";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { readItems } from "../../../src/cli/items.ts";
import { Prober } from "../../../src/cli/train/probe.ts";
import type { WireOptions } from "../../../src/cli/train/wire-check.ts";

const sample = join(import.meta.dirname, "../../../corpus-index/sample/dev.json");

export const prober = (url: string) => new Prober(url, new AbortController().signal);

let runs = 0;

export async function wireOptions(given: { url: string; trainer: string; admin: string }): Promise<WireOptions> {
  const { items } = await readItems([sample]);
  const [item] = items;
  if (!item) throw new Error("The sample has no item.");
  const { url, trainer, admin } = given;
  return {
    prober: prober(url),
    deployment: { url, tokens: { TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin } },
    environment: finqa,
    item: item.row,
    run: `rehearsal-wire-${process.pid}-${Date.now().toString(36)}-${++runs}`,
    signal: new AbortController().signal,
  };
}
