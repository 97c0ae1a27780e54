/** Each item before and after, and which of its attempts show the change. Pure. */
import type { ItemChange } from "../../contract/comparison.ts";
import { difference } from "../statistics/describe.ts";
import type { GradedAttempt } from "./attempt.ts";
import { type CommonItem, meanCalls, meanScore } from "./common.ts";

/** What a question asks for, by the environment; without it nothing is known of kinds. */
export type QuestionKind = (question: string) => string;

/** @param at which result is held against the first */
export function itemChanges(items: readonly CommonItem[], at: number, kindOf: QuestionKind | undefined): ItemChange[] {
  const changes = items.map(({ item, question, sides }): ItemChange => {
    const [before = [], after = []] = [sides[0], sides[at]];
    const score = difference(meanScore(after), meanScore(before));
    return {
      item,
      kind: kindOf?.(question) ?? null,
      scores: [scoresOf(before), scoresOf(after)],
      score,
      calls: difference(meanCalls(after), meanCalls(before)),
      attempts: score < 0 ? [best(before), worst(after)] : [worst(before), best(after)],
    };
  });
  return changes.toSorted((a, b) => a.score - b.score || (a.item < b.item ? -1 : 1));
}

const scoresOf = (attempts: readonly GradedAttempt[]) => attempts.map(({ score }) => score);

const best = (attempts: readonly GradedAttempt[]) => extreme(attempts, (a, b) => a.score > b.score);
const worst = (attempts: readonly GradedAttempt[]) => extreme(attempts, (a, b) => a.score < b.score);

/** The number of the first attempt that no other one goes before. */
function extreme(attempts: readonly GradedAttempt[], before: (a: GradedAttempt, b: GradedAttempt) => boolean): number {
  const [first, ...rest] = attempts;
  if (!first) return 0;
  return rest.reduce((found, attempt) => (before(attempt, found) ? attempt : found), first).attempt;
}

/** Those that got worse, the worst first, or better, the best first; equal ones by name. */
export function changedItems(items: readonly ItemChange[], side: "worse" | "better"): ItemChange[] {
  if (side === "worse") return items.filter(({ score }) => score < 0);
  return items.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score || (a.item < b.item ? -1 : 1));
}

/** How many items are in each quadrant of Δ score against Δ calls, and on its axes. */
export interface Quadrants {
  /** By `better`, `equal` or `worse`, then by `fewer`, `same` or `more`. */
  count: (score: ScoreSide, calls: CallSide) => number;
}
export type ScoreSide = "better" | "equal" | "worse";
export type CallSide = "fewer" | "same" | "more";

export function quadrantsOf(items: readonly ItemChange[]): Quadrants {
  const counts = new Map<string, number>();
  for (const { score, calls } of items) {
    const place = `${scoreSide(score)} ${callSide(calls)}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return { count: (score, calls) => counts.get(`${score} ${calls}`) ?? 0 };
}

const scoreSide = (change: number): ScoreSide => (change > 0 ? "better" : change < 0 ? "worse" : "equal");
const callSide = (change: number): CallSide => (change < 0 ? "fewer" : change > 0 ? "more" : "same");
