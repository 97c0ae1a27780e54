/** What was looked at before a training job, as a list for a terminal, the verdict last. Pure. */
import type { PreflightCheck, PreflightState } from "../contract/preflight.ts";
import { counted } from "./numbers.ts";
import { entry, plain, wrapped } from "./text.ts";

/** Under this, words have no room. */
const NARROWEST = 40;
const INDENT = 9;
const MARKS: Readonly<Record<PreflightState, string>> = {
  ok: "ok",
  warned: "WARNING",
  refused: "REFUSED",
  skipped: "-",
};

/** @param options.width characters of a line; ASCII only, without an end of line at the end */
export function preflightText(checks: readonly PreflightCheck[], options: { width: number }): string {
  const width = Math.max(options.width, NARROWEST);
  const lines = checks.flatMap((check) => linesOf(check, width));
  return [...lines, "", ...wrapped(headline(checks).toUpperCase(), width)].join("\n");
}

function linesOf({ name, state, finding, advice }: PreflightCheck, width: number): string[] {
  const ofAdvice = advice === null ? [] : wrapped(`> ${plain(advice)}`, width - INDENT);
  return [
    ...entry(MARKS[state], plain(`${name.replaceAll("_", " ")}: ${finding}`), INDENT, width),
    ...ofAdvice.map((line) => " ".repeat(INDENT) + line),
  ];
}

function headline(checks: readonly PreflightCheck[]): string {
  const count = (state: PreflightState) => checks.filter((check) => check.state === state).length;
  const [refused, warned, skipped] = [count("refused"), count("warned"), count("skipped")];
  const beside = [
    ...(warned > 0 ? [counted(warned, "warning")] : []),
    ...(skipped > 0 ? [`${skipped} not looked at`] : []),
  ];
  const also = beside.length > 0 ? ` (${beside.join(", ")})` : "";
  if (refused > 0) return `Refused: ${counted(refused, "thing")} to mend first${also}`;
  return `The job may go ahead${also}`;
}
