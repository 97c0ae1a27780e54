/**
 * Holds the two answers that a FinQA record has against each other: `answer`, as an annotator wrote it, and `exe_ans`, what
 * the annotated program computes. Exact decimals; pure; never throws.
 *
 * The label agrees where its number is that of `exe_ans`. It is rounded where it is `exe_ans` rounded, or cut off, at the last
 * place that the label states, with a digit of it left. Signs have to be the same. A unit that the label states and `exe_ans`,
 * a bare number, does not may be meant of it as well: "14.3%" is 0.143 and 14.3, "$ 56 million" is 56000000 and 56. A unit that
 * the label does not state is not guessed: "11.6" is not 0.116. Everything else disagrees.
 */
import { type Decimal, equals, isRoundingOf, isTruncationOf, shift } from "../../grading/decimal.ts";
import { formatQuantity, type Quantity, valueOf } from "../../grading/quantity.ts";
import { parseReference } from "../../grading/reference.ts";
import type { LabelCheck } from "../dataset-source.ts";

type Label = string | number | undefined;

/** @param answer, exeAns without white space around; undefined where the record has none */
export function checkLabel(answer: Label, exeAns: Label): LabelCheck {
  const label = parseReference(answer);
  const computed = parseReference(exeAns);
  if (!label.ok || !computed.ok) return { state: "alone" };
  const note = `answer ${JSON.stringify(answer)}, exe_ans ${JSON.stringify(exeAns)}`;
  if (label.value.kind === "number" && computed.value.kind === "number")
    return checkNumbers(label.value.quantity, computed.value.quantity, note);
  const areSame =
    label.value.kind === "yes_no" && computed.value.kind === "yes_no" && label.value.word === computed.value.word;
  return areSame ? { state: "agrees" } : { state: "disagrees", note };
}

function checkNumbers(label: Quantity, computed: Quantity, note: string): LabelCheck {
  const candidates = inUnitsOf(label, computed);
  if (candidates.some((exact) => equals(label.number, exact))) return { state: "agrees" };
  const exact = candidates.find((candidate) => isCoarser(label.number, candidate));
  if (exact === undefined) return { state: "disagrees", note };
  return { state: "rounded", exact: formatQuantity({ ...label, number: exact }), note };
}

/** What is computed as a number of the label's units: converted into them; and taken to be in them where it states none. */
function inUnitsOf({ magnitude, ratioUnit }: Quantity, computed: Quantity): Decimal[] {
  const unit = magnitude ?? ratioUnit;
  if (unit === null) return [valueOf(computed)];
  const converted = shift(valueOf(computed), -unit.exponent);
  const isBare = computed.magnitude === null && computed.ratioUnit === null;
  return isBare ? [converted, computed.number] : [converted];
}

function isCoarser(label: Decimal, exact: Decimal): boolean {
  return label.digits !== 0n && (isRoundingOf(label, exact, 1) || isTruncationOf(label, exact));
}
