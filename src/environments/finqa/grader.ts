/**
 * Scores a final answer of FinQA against its row's reference. Pure. A row that cannot be graded is a fault, never a score,
 * and no message holds the reference.
 */
import * as z from "zod";
import { Fault } from "../../contract/failure.ts";
import type { Grade, Ledger } from "../../contract/ledger.ts";
import type { JsonObject } from "../../contract/wire.ts";
import { evidenceCredit } from "../../grading/evidence.ts";
import { gradeAnswer, parseReference } from "../../grading/reference.ts";
import type { FinalAnswer, GradeInput } from "../environment.ts";
import { plainPath } from "./tools/path.ts";

/** What the grader reads of a dataset row: `{"reference_answer": "$ 56 million", "evidence_paths": ["AAL/2014/page_18.pdf"]}` */
const Item = z.object({
  reference_answer: z.union([z.string(), z.number()]),
  /** Pages that hold the evidence; only for the credit. */
  evidence_paths: z.array(z.string()).nullish(),
});
type Item = z.infer<typeof Item>;

/**
 * The grade of an answer.
 * @param options.evidenceCredit the score of a wrong value after a page with the evidence was opened; 0 for none
 * @throws Fault("item") when the row's reference is missing or unusable, naming the field and the reason
 */
export function grade({ item, answer, ledger }: GradeInput, options: { evidenceCredit: number }): Grade {
  const row = parseItem(item);
  const reference = parseReference(row.reference_answer);
  if (!reference.ok) throw new Fault("item", `item.reference_answer ${reference.reason}`);
  const graded = gradeAnswer(finalText(answer), reference.value);
  return evidenceCredit(graded, openedPages(ledger), row.evidence_paths ?? [], options.evidenceCredit);
}

function parseItem(item: JsonObject): Item {
  const row = Item.safeParse(item);
  if (row.success) return row.data;
  if (row.error.issues[0]?.path[0] === "evidence_paths") {
    throw new Fault("item", "item.evidence_paths is not a list of paths");
  }
  const isMissing = (item["reference_answer"] ?? null) === null;
  throw new Fault("item", `item.reference_answer is ${isMissing ? "missing" : "neither a text nor a finite number"}`);
}

const answerKeys: ReadonlySet<string> = new Set(["answer", "final_answer", "value"]);

/**
 * The text to grade. A response format delivers the answer as an object: where the parsed answer has exactly one of the
 * keys above, with a text or a number, that is the answer. Otherwise it is the text; a bare parsed value only
 * where there is no text, since parsing has lost how the number was written.
 */
function finalText({ text, json }: FinalAnswer): string {
  if (typeof json === "object" && json !== null) {
    const given: unknown[] = Object.entries(json).flatMap(([key, value]) => (answerKeys.has(key) ? [value] : []));
    return given.length === 1 && isPrimitive(given[0]) ? String(given[0]) : text;
  }
  return text.trim() === "" && isPrimitive(json) ? String(json) : text;
}

function isPrimitive(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** The paths of the pages the rollout has seen with `cat`. */
function openedPages(ledger: Ledger | null): string[] {
  const opened = ledger?.calls.filter((call) => call.tool === "cat" && call.outcome === "ok") ?? [];
  return opened.flatMap((call) => pathOf(call.arguments) ?? []);
}

const CatArguments = z.object({ path: z.string() });

/** The path in a call's recorded arguments; none where the ledger has cut them. */
function pathOf(recorded: string): string | undefined {
  try {
    const args = CatArguments.safeParse(JSON.parse(recorded));
    return args.success ? plainPath(args.data.path) : undefined;
  } catch {
    return undefined;
  }
}
