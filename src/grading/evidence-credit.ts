/**
 * Partial credit for having opened a page that holds the evidence, so that a rollout that found the page and then
 * calculated wrongly is worth more than one that found nothing. Never lifts a score that is not 0.
 */
import type { Grade } from "../contract/ledger.ts";

/**
 * Lifts a score of 0 to `credit` where the answer was understood as a single value and any evidence page was opened.
 * An empty answer, a sentence or several numbers earn nothing: what is credited is a wrong value, not the absence of one.
 * @param opened paths the rollout has successfully opened
 * @param evidence paths that hold the evidence; none, no credit
 * @param credit at least 0 (no credit) and below 0.5, the score of a close answer
 * @throws RangeError for any other credit
 */
export function evidenceCredit(
  grade: Grade,
  opened: Iterable<string>,
  evidence: readonly string[],
  credit: number,
): Grade {
  if (!(credit >= 0 && credit < 0.5)) throw new RangeError("evidence credit must be at least 0 and below 0.5");
  if (credit === 0 || grade.score !== 0 || grade.value === null) return grade;
  if (!Array.from(opened).some((path) => evidence.includes(path))) return grade;
  return {
    ...grade,
    score: credit,
    explanation: `${grade.explanation.replace(/\.$/, "")}; credit for opening a page with the evidence.`,
    sub_scores: { ...grade.sub_scores, answer: grade.score, evidence: credit },
  };
}
