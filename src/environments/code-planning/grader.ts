/**
 * Scores a final answer of `code-planning`: F1 of the files named against those that were really edited, and what the deployment's
 * options add or take off for the way there. Pure. A row that cannot be graded is a fault, never a score.
 */
import type { Grade, Ledger } from "../../contract/ledger.ts";
import { gradeFiles } from "../../grading/files.ts";
import type { GradeInput } from "../environment.ts";
import { type Plan, planOf, rootsOf } from "./item.ts";
import type { Options } from "./options.ts";
import { openedFiles, secondsTaken } from "./trajectory.ts";

/**
 * Sequence: row → F1 → credit → penalties. An answer that is no list gets neither credit nor penalty.
 * @throws Fault("item") when the row's `edited_files` is missing or unusable, naming the field and the reason
 */
export function grade({ item, answer, ledger }: GradeInput, options: Options): Grade {
  const plan = planOf(item);
  const graded = gradeFiles(answer, plan.edited, rootsOf(plan));
  if (graded.value === null) return graded;
  return penalised(credited(graded, plan, ledger, options), ledger, options);
}

/** Lifts what is below it, so that naming a right file among too many is never paid less than naming none. */
function credited(graded: Grade, { edited }: Plan, ledger: Ledger | null, { readCredit }: Options): Grade {
  if (graded.score >= readCredit || edited.isDisjointFrom(new Set(openedFiles(ledger).keys()))) return graded;
  return {
    ...graded,
    score: readCredit,
    explanation: `${withoutPoint(graded)}; credit for opening a file that is to be edited.`,
    sub_scores: { ...graded.sub_scores, read_credit: readCredit },
  };
}

/** Penalties together take half of the score at most: finding what is to be edited stays worth more than being quick. */
const MOST_TAKEN = 0.5;

function penalised(graded: Grade, ledger: Ledger | null, options: Options): Grade {
  const callsOver = Math.max(0, (ledger?.calls_counted ?? 0) - options.softCalls);
  const minutesOver = Math.max(0, Math.floor((secondsTaken(ledger) ?? 0) / 60 - options.softMinutes));
  const calls = callsOver * options.callPenalty;
  const time = minutesOver * options.minutePenalty;
  if (calls + time === 0) return graded;
  const taken = Math.min(calls + time, graded.score * MOST_TAKEN);
  const reasons = [calls > 0 && `${callsOver} calls over`, time > 0 && `${minutesOver} minutes over`].filter(Boolean);
  return {
    ...graded,
    score: graded.score - taken,
    explanation: `${withoutPoint(graded)}; less ${taken.toFixed(3)} for ${reasons.join(" and ")}.`,
    sub_scores: { ...graded.sub_scores, call_penalty: calls, time_penalty: time },
  };
}

const withoutPoint = ({ explanation }: Grade) => explanation.replace(/\.$/, "");
