/** Puts a grade together the way every grader of this folder gives it. */
import { limits } from "../contract/limits.ts";
import type { Grade } from "../contract/ledger.ts";

/**
 * @param value the answer as understood, normalised, or null
 * @param answer the answer as given, of any length
 * @param explanation one sentence, which never holds the reference: the grade is kept where no reference may be
 */
export function verdict(score: number, value: string | null, answer: string, explanation: string): Grade {
  return { score, value, answer: quoted(answer), explanation, sub_scores: {} };
}

/** The start of the text as well-formed Unicode, with "…" where there was more. */
function quoted(text: string): string {
  if (text.length <= limits.quotedCharacters) return text.toWellFormed();
  const start = text.slice(0, limits.quotedCharacters).replace(/[\ud800-\udbff]$/, "");
  return `${start.toWellFormed()}…`;
}
