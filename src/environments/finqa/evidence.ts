/**
 * Where a FinQA answer can have come from, by what the rollout's own calls gave it to read. An observation beside the score.
 * Pure; never throws, whatever the row holds, and gives nothing of the row away.
 *
 * Numbers occur by chance: nearly every page has a 7. So numbers that are unusual (`areTelling`) were read wherever they
 * stand, and common ones only where they stand on a page that holds the evidence.
 *
 * - `answer`: the answer's number is unusual and was read. `35%` is not: that it stands somewhere says nothing.
 * - `operands`: the row has a program, and every number and table row that it takes was read.
 * - `page`: a page that holds the evidence was opened.
 * - `answer`, again: a common number, in a passage that a search showed of such a page.
 * - `none`: nothing was read at all, as far as the ledger knows; or an operand was not read; or nothing of such a page was.
 * - `unknown`: what is known of the row is too little to say `none`.
 */
import * as z from "zod";
import type { Evidence } from "../../contract/ledger.ts";
import { cellText } from "../../corpus/sources/finqa.ts";
import type { Decimal } from "../../grading/decimal.ts";
import { areTelling, callsWith, findNumbers, type Occurrences } from "../../grading/occurrences.ts";
import { parseQuantity } from "../../grading/quantity.ts";
import type { FinalAnswer, GradeInput } from "../environment.ts";
import { finalText } from "./grader.ts";
import { type Operands, operandsOf } from "./program.ts";
import { type Reading, readingsOf } from "./readings.ts";

/** A list of anything else is as good as none: the grader says so where it matters. */
const EvidencePaths = z.array(z.string()).catch([]);

/** The first source that holds, in the order above, with the calls that showed it. */
export function evidence({ item, answer, ledger }: GradeInput): Evidence {
  const readings = readingsOf(ledger);
  if (readings.length === 0) return { source: "none", calls: [] };

  const paths = new Set<string | undefined>(EvidencePaths.parse(item["evidence_paths"]));
  const all = read(readings);
  const ofPage = read(readings.filter(({ path }) => paths.has(path)));
  const number = numberOf(answer);
  const operands = operandsOf(item["program"]);
  const withOperands = callsWithAll(operands, all);

  const found = firstFound([
    ["answer", number && areTelling([number]) ? callsWith(number, all.numbers) : []],
    ["operands", callsWithAll(operands, ofPage)],
    ["operands", operands && areTelling(operands.numbers) ? withOperands : []],
    ["page", inOrder(ofPage.readings.filter(({ tool }) => tool === "cat").map(({ call }) => call))],
    ["answer", number ? callsWith(number, ofPage.numbers) : []],
  ]);
  if (found) return found;
  const lacksOperands = operands !== undefined && withOperands.length === 0;
  const missesPage = paths.size > 0 && ofPage.readings.length === 0;
  return { source: lacksOperands || missesPage ? "none" : "unknown", calls: [] };
}

function firstFound(sources: readonly (readonly [Evidence["source"], number[]])[]): Evidence | undefined {
  const found = sources.find(([, calls]) => calls.length > 0);
  return found && { source: found[0], calls: found[1] };
}

interface Read {
  readings: readonly Reading[];
  numbers: Occurrences;
}

const read = (readings: readonly Reading[]): Read => ({ readings, numbers: findNumbers(readings) });

/** The number that the final answer is, without its units: they make no difference to where it was read. */
function numberOf(answer: FinalAnswer): Decimal | undefined {
  const quantity = parseQuantity(finalText(answer));
  return quantity.ok ? quantity.value.number : undefined;
}

/** The calls that showed all operands at once; where none did, those that together did; none where any is missing. */
function callsWithAll(operands: Operands | undefined, { readings, numbers }: Read): number[] {
  if (operands === undefined) return [];
  const showing = [
    ...operands.numbers.map((number) => callsWith(number, numbers)),
    ...operands.rows.map((row) => callsWithRow(row, readings)),
  ];
  if (showing.some((calls) => calls.length === 0)) return [];
  const any = inOrder(showing.flat());
  const atOnce = any.filter((call) => showing.every((calls) => calls.includes(call)));
  return atOnce.length > 0 ? atOnce : any;
}

/** The calls that showed a table's row of this name. */
function callsWithRow(row: string, readings: readonly Reading[]): number[] {
  const start = `\n| ${cellText(row)} |`;
  return readings.filter(({ text }) => `\n${text}`.includes(start)).map(({ call }) => call);
}

const inOrder = (calls: readonly number[]): number[] => [...new Set(calls)].toSorted((a, b) => a - b);
