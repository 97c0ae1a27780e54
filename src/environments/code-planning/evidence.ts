/**
 * Which of the files that are to be edited the rollout's own calls have shown. An observation beside the score. Pure; never throws,
 * and gives nothing of the row away but the calls.
 *
 * - `page`: such a file was opened.
 * - `answer`: the path of one stands in what a call put out, as in a list or beside a match.
 * - `unknown`: neither, but the question names one itself; or the row has no usable list.
 * - `none`: nothing of them was seen, so a right answer was memorised, leaked or guessed.
 */
import type { Evidence } from "../../contract/ledger.ts";
import type { GradeInput } from "../environment.ts";
import { REPOSITORY_ROOT } from "../workspace/paths.ts";
import { planIfAny } from "./item.ts";
import { openedFiles } from "./trajectory.ts";

export function evidence({ item, ledger }: GradeInput): Evidence {
  const plan = planIfAny(item);
  if (plan === undefined) return { source: "unknown", calls: [] };
  const opened = openedFiles(ledger);
  const opening = inOrder([...plan.edited].flatMap((path) => opened.get(path) ?? []));
  if (opening.length > 0) return { source: "page", calls: opening };
  const answered = (ledger?.calls ?? []).filter(({ outcome }) => outcome === "ok");
  const showing = answered.filter(({ output }) => namesAny(output, plan.edited)).map(({ sequence }) => sequence);
  if (showing.length > 0) return { source: "answer", calls: showing };
  const isAsked = [...plan.edited].some((path) => isMentioned(path, plan.question));
  return { source: isAsked ? "unknown" : "none", calls: [] };
}

/** Whether one of the paths stands in the text whole, and from the repository's root. */
function namesAny(text: string, paths: ReadonlySet<string>): boolean {
  return [...paths].some((path) => names(text, path, isFromRoot));
}

/** Whether the path stands in a text of a person's, who may have it in an address or a trace of another machine. */
export function isMentioned(path: string, text: string): boolean {
  return names(text, path, () => true);
}

function names(text: string, path: string, isStart: (before: string) => boolean): boolean {
  for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + 1)) {
    const before = text.slice(Math.max(0, at - REPOSITORY_ROOT.length - 1), at);
    const after = text.slice(at + path.length, at + path.length + 2);
    if (isStart(before) && !/[\w.-]$/.test(before) && !/^(?:[\w-]|\.\w)/.test(after)) return true;
  }
  return false;
}

/** A "/" before is that of "./" or of the repository's place, where it is one at all. */
function isFromRoot(before: string): boolean {
  if (!before.endsWith("/")) return true;
  return before === `${REPOSITORY_ROOT}/` || /(?:^|[^.])\.\/$/.test(before);
}

const inOrder = (calls: readonly number[]): number[] => [...new Set(calls)].toSorted((a, b) => a - b);
