/** What can be wrong with several rows together: ids used twice, questions asked twice. Pure. */
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../../environments/environment.ts";
import { gradeText } from "../grade-text.ts";
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
    rule: "All are left out: the question alone does not say which document is meant.",
    find: (rows, { environment }) =>
      severalWith(rows, wording)
        .filter((group) => !haveOneAnswer(group, environment))
        .map((group): Finding => ({ rows: group, note: describe(group), instead: [] })),
  },
  {
    name: "duplicate",
    trouble: "The same question has the same answer more than once.",
    fix: "merge",
    rule: "The first in the dataset's own order is kept, with the evidence of all.",
    find: (rows, { environment }) =>
      severalWith(rows, wording)
        .filter((group) => haveOneAnswer(group, environment))
        .map(merge),
  },
  {
    name: "near_duplicate",
    trouble: "Questions differ in a few words and have the same answer.",
    fix: "merge",
    rule: `As duplicates. Same figures, and at least ${limits.datasetSimilarity * 100} % of all words of both in common (Jaccard).`,
    find: (rows, { environment }) => nearDuplicates(rows, environment).map(merge),
  },
];

/** The words of a question, without case and punctuation. */
const wording = ({ question }: Row) => wordsOf(question).join(" ");

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
      haveOneAnswer([rows[a]!, rows[b]!], environment),
  );
  const groupOf = new Map<number, Set<number>>();
  for (const [a, b] of pairs) {
    const joined = new Set([a, b, ...(groupOf.get(a) ?? []), ...(groupOf.get(b) ?? [])]);
    for (const place of joined) groupOf.set(place, joined);
  }
  return [...new Set(groupOf.values())].map((places) => [...places].toSorted((a, b) => a - b).map((at) => rows[at]!));
}

/** Whether each reference is the first one's, or, given as the answer to the other row, is paid something. */
function haveOneAnswer([first, ...others]: readonly Row[], environment: Environment): boolean {
  const isSame = (row: Row, other: Row) => row.item["reference_answer"] === other.item["reference_answer"];
  const isPaid = (row: Row, other: Row) =>
    (gradeText(environment, row.item, String(other.item["reference_answer"])).score ?? 0) > 0;
  return (
    first !== undefined && others.every((other) => isSame(first, other) || isPaid(first, other) || isPaid(other, first))
  );
}

/** One row for the first of the group: whoever reads any of its documents can find the answer. */
function merge(group: readonly Row[]): Finding {
  const [first] = group;
  const paths = [...new Set(group.flatMap((row) => row.paths))];
  const instead = first && {
    ...first,
    paths,
    item: { ...first.item, ...(paths.length > 0 && { evidence_paths: paths }) },
  };
  return { rows: group, note: describe(group), instead: instead ? [instead] : [] };
}

function describe(group: readonly Row[]): string {
  return group
    .map(({ question, item }) => `${JSON.stringify(question)} ${JSON.stringify(item["reference_answer"])}`)
    .filter((text, at, all) => all.indexOf(text) === at)
    .join("; ");
}
