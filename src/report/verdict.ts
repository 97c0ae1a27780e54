/** What a rehearsal's checks come to, in words, for pages and terminals alike. Pure. */
import type { Rehearsal, RehearsalCheck } from "../contract/rehearsal.ts";
import { counted, duration } from "./numbers.ts";

/** `untried`: there was no occasion to break the promise, so nothing was shown. */
export type CheckState = "kept" | "broken" | "untried";

export interface Verdict {
  /** The worst of the checks' states; `untried` only where nothing at all was shown. */
  state: CheckState;
  headline: string;
  /** What limits it, as sentences. */
  notes: string[];
}

export function checkState({ violations, occasions }: RehearsalCheck): CheckState {
  if (violations > 0) return "broken";
  return occasions > 0 ? "kept" : "untried";
}

export function verdictOf(rehearsal: Rehearsal): Verdict {
  const states = rehearsal.checks.map(checkState);
  const count = (state: CheckState) => states.filter((found) => found === state).length;
  const [kept, broken, untried] = [count("kept"), count("broken"), count("untried")];
  const state = broken > 0 ? "broken" : kept > 0 ? "kept" : "untried";
  return { state, headline: headline(kept, broken, untried), notes: notes(rehearsal, state, untried) };
}

function headline(kept: number, broken: number, untried: number): string {
  if (broken > 0) return `${broken} of ${counted(kept + broken + untried, "promise")} broken`;
  if (kept === 0) return "Nothing was shown";
  if (untried > 0) return `${kept} of ${counted(kept + untried, "promise")} kept, ${untried} not tried`;
  return kept === 1 ? "The promise was kept" : `All ${kept} promises kept`;
}

function notes({ rollouts, interrupted, milliseconds }: Rehearsal, state: CheckState, untried: number): string[] {
  const found: string[] = [];
  if (interrupted) found.push(`Interrupted after ${duration(milliseconds)}: this is what was known by then.`);
  if (rollouts.graded === 0) found.push("No rollout was graded, so no score was checked.");
  if (rollouts.unfinished > 0 && !interrupted)
    found.push(
      `${counted(rollouts.unfinished, "rollout")} ended without a grade and were not discarded: the agent failed.`,
    );
  if (untried > 0 && state !== "untried") found.push("A promise without an occasion to be broken shows nothing.");
  return found;
}
