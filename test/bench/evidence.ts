/**
 * How well the ledger's evidence tells rollouts that read their item's page from those that did not, and what it costs:
 * `node src/cli/launch.js node test/bench/evidence.ts`
 *   --data DIR   FinQA's files or a checkout of its repository (default: the bundled sample)
 */
import { parseArgs } from "node:util";
import { sampleSource } from "../../src/cli/project.ts";
import { UserError } from "../../src/cli/user-error.ts";
import type { LedgerCall } from "../../src/contract/ledger.ts";
import { limits } from "../../src/contract/limits.ts";
import { findNumbers } from "../../src/grading/occurrences.ts";
import { readsItsPage, readsOthers, readWorld, sharesOf, type World } from "../environments/finqa/evidence-shares.ts";
import { interleave, table } from "./measure.ts";

const { values } = parseArgs({ options: { data: { type: "string", default: sampleSource } } });
try {
  const world = await readWorld(values.data);
  console.log(`${world.items.length} items, answered with their reference, over ${world.pages.size} pages\n`);
  console.log(`${shares(world)}\n\n${cost(world)}`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function shares(world: World): string {
  const company = (path: string) => `${path.split("/", 1)[0]}/`;
  const attempts: [string, (path: string, name: string) => LedgerCall[]][] = [
    ["its page", (path) => readsItsPage(world, path)],
    ["2 other pages", (path, name) => readsOthers(world, path, name, 2)],
    ["8 other pages", (path, name) => readsOthers(world, path, name, 8)],
    ["2 others of the company", (path, name) => readsOthers(world, path, name, 2, company(path))],
  ];
  const rows: [string, string[]][] = [
    ["", []],
    [", no program", ["program"]],
    [", no evidence_paths", ["evidence_paths"]],
  ];
  const lines = attempts.flatMap(([read, calls]) =>
    rows.map(([row, without]) => {
      const { answer, operands, page, none, unknown } = sharesOf(world, calls, without);
      return [`${read}${row}`, ...[answer, operands, page, none, unknown].map(percent)];
    }),
  );
  return table([["read", "answer", "operands", "page", "none", "unknown"], ...lines]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

/** The ten pages with most digits, each repeated to a whole output. */
function cost({ pages }: World): string {
  const digits = (text: string) => text.match(/\d/g)?.length ?? 0;
  const whole = [...pages.values()].map((text) =>
    text.repeat(Math.ceil(limits.outputCharacters / text.length)).slice(0, limits.outputCharacters),
  );
  const densest = whole.toSorted((a, b) => digits(b) - digits(a)).slice(0, limits.callsPerRollout);
  const texts = densest.map((text, at) => ({ call: at + 1, text }));
  const { find } = interleave({ find: () => findNumbers(texts) });
  return `Finding the numbers of the ${texts.length} densest outputs of ${limits.outputCharacters} characters: ${find.toFixed(2)} ms`;
}
