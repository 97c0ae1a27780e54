/** What can be wrong with a row by itself, in whatever environment. Pure. */
import { limits } from "../../contract/limits.ts";
import type { RowCheck } from "../../environments/dataset-shape.ts";
import type { Environment } from "../../environments/environment.ts";
import { gradeText } from "../../environments/grade-text.ts";
import type { Check, Finding } from "./check.ts";
import { toLine } from "./lines.ts";
import type { Row } from "./rows.ts";

/** In their order: those of labels, where there are second accounts of them; of gradability; the environment's own; of size. */
export function rowChecks(environment: Environment): Check[] {
  const { hasSecondAccounts, checks } = environment.dataset;
  return [...(hasSecondAccounts ? labelChecks(environment) : []), ungradable, ...checks.map(rowCheck), tooLarge];
}

function labelChecks({ dataset }: Environment): Check[] {
  return [
    singly(
      {
        name: "label_conflict",
        trouble: "The label is not what its program computes.",
        fix: "drop",
        rule: "Left out: which of the two is right, nobody has said.",
      },
      ({ label }) => (label.state === "disagrees" ? label.note : undefined),
    ),
    {
      name: "label_rounded",
      trouble: "The label is the computed value, rounded.",
      fix: "prefer",
      rule: "The computed value in the label's units becomes the reference, so that an exact answer is paid 1.",
      find: (rows) => rows.flatMap(preferExact),
    },
    singly(
      {
        name: "label_alone",
        trouble: "There is one account of the answer, not two.",
        fix: "tell",
        rule: "Kept: nothing speaks against it, and nothing for it.",
      },
      ({ label, item }) =>
        label.state === "alone" ? `reference ${JSON.stringify(dataset.reference(item)) ?? "none"}` : undefined,
    ),
  ];
}

const ungradable = singly(
  {
    name: "ungradable",
    trouble: "The reference, given as the answer, does not score 1.",
    fix: "drop",
    rule: "Left out: all its rollouts would be discarded, or paid wrongly.",
  },
  ({ item }, environment) => {
    const reference = environment.dataset.reference(item);
    const { score, explanation } = gradeText(environment, item, reference ?? "");
    if (score === 1) return undefined;
    return `reference ${JSON.stringify(reference) ?? "none"}: ${score === null ? explanation : `scores ${score}`}`;
  },
);

const tooLarge = singly(
  {
    name: "too_large",
    trouble: "The row is too large for a trainer or for our routes.",
    fix: "drop",
    rule: `Left out: over ${limits.datasetRowBytes} bytes, or ${limits.datasetMessageCharacters} characters of messages.`,
  },
  (row, environment) => {
    const line = toLine(row, environment);
    const bytes = Buffer.byteLength(JSON.stringify(line));
    if (bytes > limits.datasetRowBytes) return `${bytes} bytes`;
    const characters = line.messages.reduce((sum, { content }) => sum + content.length, 0);
    return characters > limits.datasetMessageCharacters ? `${characters} characters of messages` : undefined;
  },
);

/** A check of each row, whose findings are left out or told. */
function singly(
  about: Omit<Check, "find">,
  problem: (row: Row, environment: Environment) => string | undefined,
): Check {
  return { ...about, find: (rows, { environment }) => rows.flatMap((row) => finding(row, problem(row, environment))) };
}

function rowCheck({ problem, ...about }: RowCheck): Check {
  return { ...about, find: (rows, { known }) => rows.flatMap((row) => finding(row, problem(row, known))) };
}

function finding(row: Row, note: string | undefined): Finding[] {
  return note === undefined ? [] : [{ rows: [row], note, instead: [] }];
}

function preferExact(row: Row): Finding[] {
  const { label, item } = row;
  if (label.state !== "rounded") return [];
  const exact: Row = { ...row, item: { ...item, reference_answer: label.exact } };
  return [{ rows: [row], note: `${label.note}: exactly ${label.exact}`, instead: [exact] }];
}
