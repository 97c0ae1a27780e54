/** What can be wrong with a row by itself. Pure. */
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../../environments/environment.ts";
import { gradeText } from "../grade-text.ts";
import type { Check, CheckContext, Finding } from "./check.ts";
import { toLine } from "./lines.ts";
import type { Row } from "./rows.ts";

export const rowChecks: readonly Check[] = [
  rowCheck({
    name: "label_conflict",
    trouble: "The label is not what its program computes.",
    fix: "drop",
    rule: "Left out: which of the two is right, nobody has said.",
    problem: ({ label }) => (label.state === "disagrees" ? label.note : undefined),
  }),
  {
    name: "label_rounded",
    trouble: "The label is the computed value, rounded.",
    fix: "prefer",
    rule: "The computed value in the label's units becomes the reference, so that an exact answer is paid 1.",
    find: (rows) => rows.flatMap(preferExact),
  },
  rowCheck({
    name: "label_alone",
    trouble: "There is one account of the answer, not two.",
    fix: "tell",
    rule: "Kept: nothing speaks against it, and nothing for it.",
    problem: ({ label, item }) =>
      label.state === "alone" ? `reference ${JSON.stringify(item["reference_answer"]) ?? "none"}` : undefined,
  }),
  rowCheck({
    name: "ungradable",
    trouble: "The reference, given as the answer, does not score 1.",
    fix: "drop",
    rule: "Left out: all its rollouts would be discarded, or paid wrongly.",
    problem: ungradable,
  }),
  rowCheck({
    name: "yes_no",
    trouble: "The answer is yes or no.",
    fix: "drop",
    rule: "Left out: a guess is paid half of the time.",
    problem: ({ item }, { environment }) => {
      const word = environment.attackTarget?.(item)?.word;
      return word === undefined ? undefined : `reference ${word}`;
    },
  }),
  rowCheck({
    name: "in_question",
    trouble: "The answer stands in the question.",
    fix: "drop",
    rule: "Left out: repeating it would be paid.",
    problem: (row, { environment }) => quotedAnswer(row, environment),
  }),
  rowCheck({
    name: "no_document",
    trouble: "No document to find the answer in.",
    fix: "drop",
    rule: "Left out: the agent cannot find it, and what cannot be told apart by document cannot be split.",
    problem: ({ paths }, { hasDocument }) => {
      if (paths.length === 0) return "has no evidence_paths";
      const missing = hasDocument && paths.find((path) => !hasDocument(path));
      return missing === undefined ? undefined : `the index has no ${missing}`;
    },
  }),
  rowCheck({
    name: "too_large",
    trouble: "The row is too large for a trainer or for our routes.",
    fix: "drop",
    rule: `Left out: over ${limits.datasetRowBytes} bytes, or ${limits.datasetMessageCharacters} characters of messages.`,
    problem: tooLarge,
  }),
];

type RowCheck = Omit<Check, "find"> & { problem: (row: Row, context: CheckContext) => string | undefined };

function rowCheck({ problem, ...check }: RowCheck): Check {
  return {
    ...check,
    find: (rows, context) =>
      rows.flatMap((row): Finding[] => {
        const note = problem(row, context);
        return note === undefined ? [] : [{ rows: [row], note, instead: [] }];
      }),
  };
}

function preferExact(row: Row): Finding[] {
  const { label, item } = row;
  if (label.state !== "rounded") return [];
  const exact: Row = { ...row, item: { ...item, reference_answer: label.exact } };
  return [{ rows: [row], note: `${label.note}: exactly ${label.exact}`, instead: [exact] }];
}

function ungradable({ item }: Row, { environment }: CheckContext): string | undefined {
  const reference = item["reference_answer"];
  const { score, explanation } = gradeText(environment, item, String(reference));
  if (score === 1) return undefined;
  return `reference ${JSON.stringify(reference) ?? "none"}: ${score === null ? explanation : `scores ${score}`}`;
}

/** The longest value that is written in a question has a currency, a number and a magnitude. */
const WORDS_OF_A_VALUE = 3;

/** What of the question, given as the answer, would be paid 1. Yes and no are another check's. */
function quotedAnswer({ question, item }: Row, environment: Environment): string | undefined {
  const target = environment.attackTarget?.(item);
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
  const found = [...new Set(candidates)].find((span) => gradeText(environment, item, span).score === 1);
  return found === undefined ? undefined : `${JSON.stringify(found)} in ${JSON.stringify(question)}`;
}

function tooLarge(row: Row, { environment }: CheckContext): string | undefined {
  const line = toLine(row, environment);
  const bytes = Buffer.byteLength(JSON.stringify(line));
  if (bytes > limits.datasetRowBytes) return `${bytes} bytes`;
  const characters = line.messages.reduce((sum, { content }) => sum + content.length, 0);
  return characters > limits.datasetMessageCharacters ? `${characters} characters of messages` : undefined;
}
