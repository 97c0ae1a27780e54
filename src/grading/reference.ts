/**
 * What an answer is graded against, and the grading itself. A reference is read by the same rules as an answer, so each
 * usable reference scores 1 against itself in the spelling it has. Words that an answer may not have make a reference
 * unusable rather than being ignored: they can hold its sign ("$ 20630 decrease"), its unit ("1.1 million square feet")
 * or a second value ("$ 35411 or 9.8% increase").
 */
import type { Grade } from "../contract/ledger.ts";
import { gradeNumeric } from "./numeric.ts";
import { parseQuantity, type Quantity } from "./quantity.ts";
import { type Reading, refuse, understood } from "./reading.ts";
import { gradeYesNo, parseYesNo, type YesNo } from "./yes-no.ts";

export type Reference = { kind: "number"; quantity: Quantity } | { kind: "yes_no"; word: YesNo };

/**
 * Reads a dataset's reference answer: a text or a finite number.
 * A refusal's reason does not quote the reference and can be shown where the reference must not be.
 */
export function parseReference(reference: unknown): Reading<Reference> {
  if (reference === undefined || reference === null) return refuse("is missing");
  if (typeof reference !== "string" && typeof reference !== "number") return refuse("is neither a text nor a number");
  const text = String(reference);
  const word = parseYesNo(text);
  if (word !== undefined) return understood({ kind: "yes_no", word });
  const quantity = parseQuantity(text);
  return quantity.ok ? understood({ kind: "number", quantity: quantity.value }) : quantity;
}

/** Grades the whole text of a final answer. Never throws, whatever the answer is. */
export function gradeAnswer(answer: string, reference: Reference): Grade {
  return reference.kind === "number" ? gradeNumeric(answer, reference.quantity) : gradeYesNo(answer, reference.word);
}
