/**
 * Scores an answer that should be yes or no. The word alone, in any case and with space around it: not "yes." and not
 * "yes, it did". Never throws.
 */
import type { Grade } from "../contract/ledger.ts";
import { trimmed } from "./characters.ts";
import { verdict } from "./verdict.ts";

export type YesNo = "yes" | "no";

/** The answer that the whole text is, if it is one. */
export function parseYesNo(text: string): YesNo | undefined {
  const word = trimmed(text);
  if (/^yes$/i.test(word)) return "yes";
  return /^no$/i.test(word) ? "no" : undefined;
}

/** 1 for the reference's word, else 0: there is nothing between. */
export function gradeYesNo(answer: string, reference: YesNo): Grade {
  const word = parseYesNo(answer);
  if (word === undefined) return verdict(0, null, answer, "The answer is not just yes or no.");
  if (word === reference) return verdict(1, word, answer, "Equal to the reference.");
  return verdict(0, word, answer, "The opposite of the reference.");
}
