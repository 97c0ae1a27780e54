/** What the calls of a rollout gave it to read, and of which page. Pure. */
import * as z from "zod";
import type { Ledger, LedgerCall } from "../../contract/ledger.ts";
import type { CallText } from "../../grading/occurrences.ts";
import { withoutNote } from "../output.ts";
import { plainPath } from "./tools/path.ts";
import { hitsOf } from "./tools/search.ts";

/** A page's text as `cat` showed it, or the passages of it that a search showed. */
export interface Reading extends CallText {
  tool: "cat" | "search";
  /** The page's path; undefined where the output does not say it, or the ledger no longer does. */
  path: string | undefined;
}

/** What the calls that were answered showed, in their order; nothing without a ledger. Lists show no figures. */
export function readingsOf(ledger: Ledger | null): Reading[] {
  const calls = ledger?.calls ?? [];
  return calls.flatMap((call) => {
    if (call.outcome !== "ok") return [];
    if (call.tool === "cat") return openedPage(call);
    return call.tool === "search" ? foundPages(call) : [];
  });
}

/** The paths of the pages the rollout has seen with `cat`. */
export function openedPages(ledger: Ledger | null): string[] {
  return readingsOf(ledger).flatMap(({ tool, path }) => (tool === "cat" && path !== undefined ? path : []));
}

function openedPage(call: LedgerCall): Reading {
  return { tool: "cat", call: call.sequence, path: pathOf(call.arguments), text: answerOf(call) };
}

function foundPages(call: LedgerCall): Reading[] {
  return hitsOf(answerOf(call)).map((hit) => ({ tool: "search", call: call.sequence, ...hit }));
}

/** The output without the note of where it was cut, which repeats the model's own words. */
function answerOf({ output, cut }: LedgerCall): string {
  return cut ? withoutNote(output) : output;
}

const CatArguments = z.object({ path: z.string() });

/** The path in a call's recorded arguments; none where the ledger has cut them. */
function pathOf(recorded: string): string | undefined {
  try {
    const args = CatArguments.safeParse(JSON.parse(recorded));
    return args.success ? plainPath(args.data.path) : undefined;
  } catch {
    return undefined;
  }
}
