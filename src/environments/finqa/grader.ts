/**
 * Scores a final answer of FinQA against its row's reference. Pure. A row that cannot be graded is a fault, never a score,
 * and no message holds the reference.
 */
import * as z from "zod";
import { Fault } from "../../contract/failure.ts";
import type { Grade } from "../../contract/ledger.ts";
import type { JsonObject } from "../../contract/wire.ts";
import { evidenceCredit } from "../../grading/evidence-credit.ts";
import { gradeAnswer, parseReference } from "../../grading/reference.ts";
import type { FinalAnswer, GradeInput } from "../environment.ts";
import { openedPages } from "./readings.ts";

/** What the grader reads of a dataset row: `{"reference_answer": "$ 56 million", "evidence_paths": ["AAL/2014/page_18.pdf"]}` */
const Item = z.object({ reference_answer: z.union([z.string(), z.number()]) });
/** Pages that hold the evidence; read only where there is a credit for it. */
const EvidencePaths = z.array(z.string()).nullish();

/**
 * The grade of an answer.
 * @param options.evidenceCredit the score of a wrong value after a page with the evidence was opened; 0 for none
 * @throws Fault("item") when the row's reference is missing or unusable, naming the field and the reason
 */
export function grade({ item, answer, ledger }: GradeInput, options: { evidenceCredit: number }): Grade {
  const reference = parseReference(referenceOf(item));
  if (!reference.ok) throw new Fault("item", `item.reference_answer ${reference.reason}`);
  const graded = gradeAnswer(finalText(answer), reference.value);
  if (options.evidenceCredit === 0) return graded;
  return evidenceCredit(graded, openedPages(ledger), evidencePaths(item), options.evidenceCredit);
}

function referenceOf(item: JsonObject): string | number {
  const row = Item.safeParse(item);
  if (row.success) return row.data.reference_answer;
  const isMissing = (item["reference_answer"] ?? null) === null;
  throw new Fault("item", `item.reference_answer is ${isMissing ? "missing" : "neither a text nor a finite number"}`);
}

function evidencePaths(item: JsonObject): string[] {
  const paths = EvidencePaths.safeParse(item["evidence_paths"]);
  if (paths.success) return paths.data ?? [];
  throw new Fault("item", "item.evidence_paths is not a list of paths");
}

const answerKeys: ReadonlySet<string> = new Set(["answer", "final_answer", "value"]);

/**
 * The text to grade. A response format delivers the answer as an object: where the parsed answer has one of the keys above
 * and nothing else, with a text or a number, that is the answer. Otherwise it is the text; a bare parsed value only
 * where there is no text, since parsing has lost how the number was written.
 */
export function finalText({ text, json }: FinalAnswer): string {
  if (typeof json === "object" && json !== null) {
    const [[key, value] = ["", undefined], ...others]: [string, unknown][] = Object.entries(json);
    return others.length === 0 && answerKeys.has(key) && isPrimitive(value) ? String(value) : text;
  }
  return text.trim() === "" && isPrimitive(json) ? String(json) : text;
}

function isPrimitive(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
