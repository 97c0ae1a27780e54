/** The audit of a dataset as a summary for a terminal: sizes, then what was found and what is left, the verdict last. Pure. */
import type { Audit, AuditCheck } from "../contract/dataset.ts";
import { auditState, type AuditState, FIXES, headline, labelWords, leftOf, sizes } from "./audit-words.ts";
import { whole } from "./numbers.ts";
import { columns, cut, plain, wrapped } from "./text.ts";

/** Under this, a table of findings has no room left for them. */
const NARROWEST = 72;
const MARKS: Readonly<Record<AuditState, string>> = {
  clean: "ok",
  fixed: "fixed",
  left: "LEFT",
  told: "-",
  untried: "-",
};
const MARK_WIDTH = 7;

/** @param options.width characters of a line; ASCII only, without an end of line at the end */
export function auditText(audit: Audit, options: { width: number }): string {
  const width = Math.max(options.width, NARROWEST);
  const title = `Dataset for ${audit.environment} from ${audit.source}, seed ${audit.seed}`;
  const sentences = (...lines: string[]) => lines.flatMap((line) => wrapped(plain(line), width));
  return [
    ...sentences(title, ...sizes(audit)),
    "",
    ...findings(audit.checks, width),
    "",
    ...sentences(...labelWords(audit), ...audit.remarks),
    "",
    // An option is written as it is typed.
    ...sentences(headline(audit).toUpperCase().replaceAll("--FIX", "--fix")),
  ].join("\n");
}

function findings(checks: readonly AuditCheck[], width: number): string[] {
  const numbers = columns([["rule", "found", "left"], ...checks.map(numbersOf)]);
  const room = width - MARK_WIDTH - Math.max(...numbers.map((line) => line.length)) - 2;
  const [head = "", ...rows] = numbers;
  return [
    `${"".padEnd(MARK_WIDTH)}${"".padEnd(room)}  ${head}`,
    "-".repeat(width),
    ...checks.flatMap((check, at) => finding(check, rows[at] ?? "", room, width)),
    "-".repeat(width),
  ];
}

function numbersOf({ fix, found, left }: AuditCheck): string[] {
  return [FIXES[fix], found === null ? "not tried" : whole(found), found === null ? "" : whole(leftOf(left))];
}

function finding(check: AuditCheck, numbers: string, room: number, width: number): string[] {
  const [first = "", ...rest] = wrapped(plain(check.trouble), room);
  const [example] = check.examples;
  const state = auditState(check);
  const shown = example && state !== "clean" ? [`> ${[...example.rows.slice(0, 1), example.note].join(" ")}`] : [];
  return [
    `${MARKS[state].padEnd(MARK_WIDTH)}${first.padEnd(room)}  ${numbers}`,
    ...rest.map((line) => " ".repeat(MARK_WIDTH) + line),
    ...shown.map((line) => cut(" ".repeat(MARK_WIDTH) + plain(line), width)),
  ];
}
