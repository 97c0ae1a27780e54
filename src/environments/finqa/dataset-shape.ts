/** What FinQA's rows are, and what can be wrong with them. Pure. */
import * as z from "zod";
import type { JsonObject } from "../../contract/wire.ts";
import type { CheckedRow, DatasetShape, RowCheck } from "../dataset-shape.ts";
import type { Environment } from "../environment.ts";
import { gradeText } from "../grade-text.ts";
import { attackTarget } from "./attack-target.ts";
import { finqaSource } from "./dataset.ts";

const Paths = z.array(z.string()).catch([]);
const pathsOf = (item: JsonObject) => Paths.parse(item["evidence_paths"]);

/** @param grading the environment's own grader and options */
export function datasetShape(grading: Pick<Environment, "grade" | "options">): DatasetShape {
  return {
    sample: "corpus-index/sample",
    fields: {
      reference_answer: "The answer: a number with its unit, as $ 56 million or 12.5%, or yes or no.",
      evidence_paths:
        "Paths of the pages that it stands on; only for the credit that evidenceCredit gives, and for reports.",
    },
    sources: [finqaSource],
    hasSecondAccounts: true,
    reference,
    // The lowest score of a value that counts as close.
    sameAnswerFrom: 0.5,
    given: () => "",
    unit: "document",
    unitsOf: pathsOf,
    merge: withAllPaths,
    checks: [yesNo, inQuestion(grading), noDocument],
  };
}

function reference({ reference_answer: written }: JsonObject): string | undefined {
  if (written === undefined || written === null) return undefined;
  return typeof written === "string" ? written : JSON.stringify(written);
}

/** The first item, with the evidence of all: whoever reads any of the documents can find the answer. */
function withAllPaths(items: readonly [JsonObject, ...JsonObject[]]): JsonObject {
  const paths = [...new Set(items.flatMap(pathsOf))];
  return { ...items[0], ...(paths.length > 0 && { evidence_paths: paths }) };
}

const yesNo: RowCheck = {
  name: "yes_no",
  trouble: "The answer is yes or no.",
  fix: "drop",
  rule: "Left out: a guess is paid half of the time.",
  problem: ({ item }) => {
    const word = attackTarget(item)?.word;
    return word === undefined ? undefined : `reference ${word}`;
  },
};

function inQuestion(grading: Pick<Environment, "grade" | "options">): RowCheck {
  return {
    name: "in_question",
    trouble: "The answer stands in the question.",
    fix: "drop",
    rule: "Left out: repeating it would be paid.",
    problem: (row) => quotedAnswer(row, grading),
  };
}

const noDocument: RowCheck = {
  name: "no_document",
  trouble: "No document to find the answer in.",
  fix: "drop",
  rule: "Left out: the agent cannot find it, and what cannot be told apart by document cannot be split.",
  problem: ({ item }, { hasDocument }) => {
    const paths = pathsOf(item);
    if (paths.length === 0) return "has no evidence_paths";
    const missing = hasDocument && paths.find((path) => !hasDocument(path));
    return missing === undefined ? undefined : `the index has no ${missing}`;
  },
};

/** The longest value that is written in a question has a currency, a number and a magnitude. */
const WORDS_OF_A_VALUE = 3;

/** What of the question, given as the answer, would be paid 1. Yes and no are another check's. */
function quotedAnswer(
  { question, item }: CheckedRow,
  grading: Pick<Environment, "grade" | "options">,
): string | undefined {
  const target = attackTarget(item);
  if (target?.word !== undefined) return undefined;
  const words = question
    .split(/\s+/)
    .map((word) => word.replaceAll(/^[("']+|[)"',;:?!]+$|\.$/g, ""))
    .filter(Boolean);
  const spans = words.flatMap((_, start) =>
    Array.from({ length: WORDS_OF_A_VALUE }, (__, more) => words.slice(start, start + more + 1).join(" ")),
  );
  // Where the reference is a number, only what has a digit can be it.
  const candidates = target?.quantity === undefined ? spans : spans.filter((span) => /\d/.test(span));
  const found = [...new Set(candidates)].find((span) => gradeText(grading, item, span).score === 1);
  return found === undefined ? undefined : `${JSON.stringify(found)} in ${JSON.stringify(question)}`;
}
