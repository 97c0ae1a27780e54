/** What can be wrong with several rows together: ids used twice, questions asked twice. Pure. */
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../../environments/environment.ts";
import { gradeText } from "../../environments/grade-text.ts";
import type { Check, Finding } from "./check.ts";
import type { Row } from "./rows.ts";
import { isFigure, similarPairs, wordsOf } from "./similar.ts";

/** Comes before all others: whatever is told of a row is told by its id. */
export const sameId: Check = {
  name: "same_id",
  trouble: "Rows have the same id.",
  fix: "drop",
  rule: "The first of them in the dataset's own order is kept.",
  find: (rows) =>
    severalWith(rows, ({ id }) => id).map((group) => ({
      rows: group,
      note: `${group.length} rows`,
      instead: group.slice(0, 1),
    })),
};

/** Come after those of single rows: what is left out anyway is no duplicate of anything. */
export const pairChecks: readonly Check[] = [
  {
    name: "contradiction",
    trouble: "The same question has different answers.",
    fix: "drop",
    rule: "All are left out: what is asked does not say which of them is meant.",
    find: (rows, { environment }) =>
      severalWith(rows, sameQuestion(environment))
        .filter((group) => !haveOneAnswer(group, environment))
        .map((group): Finding => ({ rows: group, note: describe(group, environment), instead: [] })),
  },
  {
    name: "duplicate",
    trouble: "The same question has the same answer more than once.",
    fix: "merge",
    rule: "The first in the dataset's own order is kept, with the evidence of all.",
    find: (rows, { environment }) =>
      severalWith(rows, sameQuestion(environment))
        .filter((group) => haveOneAnswer(group, environment))
        .map((group) => merge(group, environment)),
  },
  {
    name: "near_duplicate",
    trouble: "Questions differ in a few words and have the same answer.",
    fix: "merge",
    rule: `As duplicates. Same figures, and at least ${limits.datasetSimilarity * 100} % of all words of both in common (Jaccard).`,
    find: (rows, { environment }) => nearDuplicates(rows, environment).map((group) => merge(group, environment)),
  },
];

/** The words of a question, without case and punctuation. */
const wording = ({ question }: Row) => wordsOf(question).join(" ");

/** The same for rows that the agent is asked and given the same for. */
const sameQuestion =
  ({ dataset }: Environment) =>
  (row: Row) =>
    `${dataset.given(row.item)}\n${wording(row)}`;

function severalWith(rows: readonly Row[], key: (row: Row) => string): Row[][] {
  return [...Map.groupBy(rows, key).values()].filter((group) => group.length > 1);
}

/** Groups of rows that are near-duplicates of one another, directly or by way of others. */
function nearDuplicates(rows: readonly Row[], environment: Environment): Row[][] {
  const words = rows.map(({ question }) => new Set(wordsOf(question)));
  const figures = words.map((set) => [...set].filter(isFigure).toSorted().join(" "));
  const pairs = similarPairs(words, limits.datasetSimilarity).filter(
    ([a, b]) =>
      figures[a] === figures[b] &&
      wording(rows[a]!) !== wording(rows[b]!) &&
      environment.dataset.given(rows[a]!.item) === environment.dataset.given(rows[b]!.item) &&
      haveOneAnswer([rows[a]!, rows[b]!], environment),
  );
  const groupOf = new Map<number, Set<number>>();
  for (const [a, b] of pairs) {
    const joined = new Set([a, b, ...(groupOf.get(a) ?? []), ...(groupOf.get(b) ?? [])]);
    for (const place of joined) groupOf.set(place, joined);
  }
  return [...new Set(groupOf.values())].map((places) => [...places].toSorted((a, b) => a - b).map((at) => rows[at]!));
}

/** Whether each reference is the first one's, or, given as the answer to the other row, is paid enough for that. */
function haveOneAnswer([first, ...others]: readonly Row[], environment: Environment): boolean {
  const { reference, sameAnswerFrom } = environment.dataset;
  const isSame = (row: Row, other: Row) => reference(row.item) === reference(other.item);
  const isPaid = (row: Row, other: Row) =>
    (gradeText(environment, row.item, reference(other.item) ?? "").score ?? 0) >= sameAnswerFrom;
  return (
    first !== undefined && others.every((other) => isSame(first, other) || isPaid(first, other) || isPaid(other, first))
  );
}

/** One row for the first of the group. */
function merge(group: readonly Row[], environment: Environment): Finding {
  const [first, ...others] = group;
  const { merge: merged, unitsOf } = environment.dataset;
  const item = first && merged([first.item, ...others.map((row) => row.item)]);
  const instead = first && item && { ...first, item, paths: unitsOf(item) };
  return { rows: group, note: describe(group, environment), instead: instead ? [instead] : [] };
}

function describe(group: readonly Row[], { dataset }: Environment): string {
  return group
    .map(({ question, item }) => `${JSON.stringify(question)} ${JSON.stringify(dataset.reference(item)) ?? "none"}`)
    .filter((text, at, all) => all.indexOf(text) === at)
    .join("; ");
}
