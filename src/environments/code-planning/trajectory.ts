/** What of a rollout's ledger its grade may depend on: which files it has opened, how many calls it took, and how long. Pure. */
import * as z from "zod";
import type { Ledger, LedgerCall } from "../../contract/ledger.ts";
import { REPOSITORY_ROOT, resolvePath } from "../workspace/paths.ts";

const Arguments = z.object({ path: z.string().catch(""), command: z.string().catch(""), cwd: z.string().catch("") });

/**
 * The calls that opened a file, by the file: those of `read_file`, and those of `shell` whose command names it, from the directory
 * that it stands in. What a command does with a name, and names that a pattern or another command's output stands for, are not known.
 */
export function openedFiles(ledger: Ledger | null): Map<string, number[]> {
  const opened = new Map<string, number[]>();
  for (const call of ledger?.calls ?? [])
    for (const path of new Set(namesOf(call))) opened.set(path, [...(opened.get(path) ?? []), call.sequence]);
  return opened;
}

/** Nothing of a call that was not answered, or whose arguments the ledger has cut. */
function namesOf(call: LedgerCall): string[] {
  if (call.outcome !== "ok") return [];
  const { path, command, cwd } = argumentsOf(call);
  if (call.tool === "read_file") return inRepository([resolvePath(REPOSITORY_ROOT, path)]);
  return call.tool === "shell" ? inRepository(namesIn(command, resolvePath(REPOSITORY_ROOT, cwd))) : [];
}

function argumentsOf({ arguments: written }: LedgerCall): z.infer<typeof Arguments> {
  try {
    return Arguments.catch({ path: "", command: "", cwd: "" }).parse(JSON.parse(written));
  } catch {
    return { path: "", command: "", cwd: "" };
  }
}

/** The words of a command as paths, each from the directory that the last `cd` before it went to. */
function namesIn(command: string, start: string): string[] {
  let directory = start;
  let previous = "";
  const names: string[] = [];
  for (const word of command.split(/[\s;|&<>()"'`=]+/).filter(Boolean)) {
    if (previous === "cd") directory = resolvePath(directory, word);
    else names.push(resolvePath(directory, word));
    previous = word;
  }
  return names;
}

/** Of absolute paths, those below the repository's root, from there. */
function inRepository(paths: readonly string[]): string[] {
  const root = `${REPOSITORY_ROOT}/`;
  return paths.flatMap((path) => (path.startsWith(root) ? path.slice(root.length) : []));
}

/**
 * Seconds from the arrival of the first call to that of the last. So it holds the model's thinking, the trainer's own waiting and
 * our tools' time between these, and nothing before or after. Null where that is not the model's doing or cannot be told: a call met
 * a fault of ours, or there are fewer than two.
 */
export function secondsTaken(ledger: Ledger | null): number | null {
  const calls = ledger?.calls ?? [];
  if (calls.length < 2 || calls.some(({ faults }) => faults > 0)) return null;
  const arrivals = calls.map(({ received_at }) => Date.parse(received_at));
  return (Math.max(...arrivals) - Math.min(...arrivals)) / 1000;
}
