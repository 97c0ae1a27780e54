/** Which items two or more results have in common: only these can be compared. Pure. */
import { isGraded, latest } from "../latest.ts";
import { mean } from "../statistics/describe.ts";
import type { Attempt, GradedAttempt } from "./attempt.ts";

/** An item with its graded attempts in each result, of which every one has some. */
export interface CommonItem {
  item: string;
  question: string;
  sides: readonly (readonly GradedAttempt[])[];
}

export interface Common {
  items: CommonItem[];
  /** Of each result: how its attempts ended, and what it has beyond the common items. */
  results: { attempts: Attempt[]; leftOut: { items: number; mean_score: number | null } }[];
  otherQuestions: number;
}

/** @param results all lines of each result, in their order */
export function commonItems(results: readonly (readonly Attempt[])[]): Common {
  const counting = results.map(latest);
  const byItem = counting.map((attempts) => Map.groupBy(attempts.filter(isGraded), ({ item }) => item));
  const [first, ...others] = byItem;
  const shared = [...(first?.keys() ?? [])].filter((item) => others.every((groups) => groups.has(item)));
  const items = shared.map((item) => commonItem(item, byItem)).filter(hasOneQuestion);
  const names = new Set(items.map(({ item }) => item));
  return {
    items: items.toSorted((a, b) => (a.item < b.item ? -1 : 1)),
    results: counting.map((attempts, at) => ({ attempts, leftOut: leftOutOf(byItem[at] ?? new Map(), names) })),
    otherQuestions: shared.length - items.length,
  };
}

function commonItem(item: string, byItem: readonly Map<string, GradedAttempt[]>[]): CommonItem {
  const sides = byItem.map((groups) => (groups.get(item) ?? []).toSorted((a, b) => a.attempt - b.attempt));
  return { item, question: sides[0]?.[0]?.question ?? "", sides };
}

/** Items of another dataset may have the same names. */
const hasOneQuestion = ({ question, sides }: CommonItem) =>
  sides.every((attempts) => attempts.every((attempt) => attempt.question === question));

function leftOutOf(groups: ReadonlyMap<string, GradedAttempt[]>, names: ReadonlySet<string>) {
  const means = [...groups].filter(([item]) => !names.has(item)).map(([, attempts]) => meanScore(attempts));
  return { items: means.length, mean_score: means.length === 0 ? null : mean(means) };
}

export const meanScore = (attempts: readonly GradedAttempt[]) => mean(attempts.map(({ score }) => score));
export const meanCalls = (attempts: readonly GradedAttempt[]) => mean(attempts.map(({ tools }) => tools.length));

/** Of k attempts: the most that at least half of the items have in every result. */
export function attemptsInCommon(items: readonly CommonItem[]): number {
  const fewest = items.map(({ sides }) => Math.min(...sides.map(({ length }) => length))).toSorted((a, b) => b - a);
  return fewest[Math.ceil(fewest.length / 2) - 1] ?? 0;
}
