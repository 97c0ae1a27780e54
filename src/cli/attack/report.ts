/**
 * An attack's result as text for a terminal: 80 columns, no colour, ASCII only, since answers hold characters that would move
 * the cursor or hide. Pure.
 */
import type { AttackClassResult, AttackExample, AttackProblem, AttackResult } from "../../contract/attack.ts";
import { plain } from "../../report/text.ts";

const WIDTH = 80;

export function attackReport(result: AttackResult): string {
  const { control, classes } = result;
  const failed = [control, ...classes].filter(({ failures }) => failures.count > 0);
  const near = classes.filter(({ by_design, near_misses }) => by_design === undefined && near_misses.count > 0);
  const byDesign = classes.filter(({ verdict }) => verdict === "by_design");
  const sections = [
    heading(result),
    ...([control, ...classes].some(({ answers }) => answers > 0) ? [table(result)] : []),
    ...failed.map((one) => failure(one)),
    ...(near.length > 0 ? [nearMisses(near)] : []),
    ...(byDesign.length > 0 ? [paidByDesign(byDesign)] : []),
    ...(result.problems.length > 0 ? [problems(result.problems)] : []),
    wrapped(summary(result)),
  ];
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

function heading({ battery, environment, url, items, seed }: AttackResult): string[] {
  const what = battery === "attack" ? "Answers that must not be paid" : "Known-good answers that must be paid 1";
  return [
    ...wrapped(
      `${what}, graded by ${environment} at ${url}: ${items.chosen} of ${items.rows} rows, seed ${plain(seed)}.`,
    ),
    ...items.left_out.flatMap(({ reason, rows }) => wrapped(`Left out: ${count(rows, "row")}: ${plain(reason)}.`)),
  ];
}

function table({ battery, control, classes }: AttackResult): string[] {
  const isAttack = battery === "attack";
  const columns = isAttack ? "highest    mean" : " lowest  paid 1";
  const lines = [`${"class".padEnd(24)}${"answers".padStart(9)}  ${columns}  verdict`];
  for (const [family, group] of Map.groupBy([control, ...classes], (one) => one.family)) {
    lines.push(family === "control" ? "the reference itself (must be paid 1)" : family);
    lines.push(...group.map((one) => row(one, isAttack && one !== control)));
  }
  return lines;
}

function row(one: AttackClassResult, isAttack: boolean): string {
  const first = isAttack ? one.highest : one.lowest;
  const second = isAttack ? one.mean?.toFixed(4) : `${Math.floor((one.paid_one / one.answers) * 1000) / 10} %`;
  const figures = first === null ? ["-", "-"] : [String(Number(first.toFixed(4))), second ?? "-"];
  const [left = "", right = ""] = figures;
  return `  ${one.name.padEnd(22)}${one.answers.toLocaleString("en").padStart(9)}  ${left.padStart(7)}  ${right.padStart(6)}  ${verdictText(one, isAttack)}`;
}

function verdictText({ verdict, failures, near_misses }: AttackClassResult, isAttack: boolean): string {
  switch (verdict) {
    case "passed":
      return isAttack ? "unpaid" : "all paid 1";
    case "near_misses":
      return `unpaid but ${count(near_misses.count, "near-miss", "near-misses")}`;
    case "by_design":
      return "paid by design";
    case "failed":
      return isAttack ? `PAID ${count(failures.count, "time")}` : `NOT PAID 1: ${failures.count}`;
    case "not_tried":
      return "not tried";
  }
}

function failure({ name, description, failures }: AttackClassResult): string[] {
  const shown = failures.examples.length;
  const more = failures.count > shown ? ` The first ${shown} of ${failures.count.toLocaleString("en")}:` : "";
  return [...wrapped(`${name}: ${description}${more}`), ...failures.examples.flatMap(example)];
}

function example({ item, answer, reference, score, least, most }: AttackExample): string[] {
  const limit = least > 0 ? `must be ${least}` : `may be ${most}`;
  return [
    `  answer     ${quoted(answer, WIDTH - 13)}`,
    `  reference  ${quoted(reference, WIDTH - 13)}`,
    `  score      ${score}, ${limit}; item ${fit(plain(item), 40)}`,
  ];
}

function nearMisses(classes: readonly AttackClassResult[]): string[] {
  return [
    "Honest near-misses: paid, since by chance the answer is right or close.",
    ...classes.flatMap(({ name, near_misses }) => [
      `  ${name}: ${near_misses.count.toLocaleString("en")}`,
      ...near_misses.examples.map(
        ({ answer, reference, score }) =>
          `    ${Number(score.toFixed(4))} for ${quoted(answer, 30)}, reference ${quoted(reference, 25)}`,
      ),
    ]),
  ];
}

function paidByDesign(classes: readonly AttackClassResult[]): string[] {
  return [
    "Paid by design, so no failure:",
    ...classes.flatMap(({ name, by_design, near_misses: { examples } }) => {
      const [first] = examples;
      const shown = first ? ` As ${quoted(first.answer)} for ${quoted(first.reference)}.` : "";
      return wrapped(`${name}: ${by_design}.${shown}`, "  ");
    }),
  ];
}

function problems(all: readonly AttackProblem[]): string[] {
  const groups = Map.groupBy(all, ({ status, message }) => `${status ?? "no answer"}: ${message}`);
  return [
    "Answers that got no score, which is neither paid nor unpaid:",
    ...[...groups].flatMap(([what, group]) => {
      const classes = [...new Set(group.map((problem) => problem.class))].slice(0, 3).join(", ");
      return wrapped(`${count(group.length, "answer")} (${classes}): ${plain(what)}`, "  ");
    }),
  ];
}

function summary(result: AttackResult): string {
  const { battery, classes, control, interrupted, stopped, passed } = result;
  const tried = classes.filter(({ answers }) => answers > 0);
  const answers = tried.reduce((sum, one) => sum + one.answers, 0);
  const failed = [control, ...classes].filter(({ verdict }) => verdict === "failed").map(({ name }) => name);
  const sent = `${count(answers, "answer")} in ${tried.length} of ${classes.length} classes.`;
  const begun = interrupted ? `Interrupted: this is what is known so far. ${sent}` : sent;
  if (failed.length > 0) return `${begun} FAILED: ${failed.join(", ")}.`;
  if (stopped) return `${begun} STOPPED: too many answers got no score.`;
  if (!interrupted && answers === 0 && result.problems.length === 0)
    return `${begun} FAILED: no item has what these classes need.`;
  if (!interrupted && !passed) return `${begun} FAILED: not every answer got a score.`;
  return `${begun} ${battery === "attack" ? "Nothing was paid that must not be." : "Every one was paid 1."}`;
}

const count = (number: number, one: string, many = `${one}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** In printable ASCII, which also shows what only looks like a digit. */
const quoted = (text: string, width = WIDTH) => fit(plain(JSON.stringify(text)), width);
const fit = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 3)}...` : text);

function wrapped(text: string, indent = ""): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    const longer = line === undefined ? undefined : `${line} ${word}`;
    if (longer !== undefined && longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push((lines.length === 0 ? indent : `${indent}  `) + word);
  }
  return lines;
}
