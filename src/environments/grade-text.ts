/** Grades an answer without a worker, as one that was given without a single call. Pure. */
import { Fault } from "../contract/failure.ts";
import type { JsonObject } from "../contract/wire.ts";
import type { Environment } from "./environment.ts";

export interface TextGrade {
  /** Null for a row that cannot be graded: a trainer would be answered with a fault. */
  score: number | null;
  /** Holds no reference. */
  explanation: string;
}

/** @param answer the final answer's whole text */
export function gradeText(
  environment: Pick<Environment, "grade" | "options">,
  item: JsonObject,
  answer: string,
): TextGrade {
  try {
    const input = { item, answer: { text: answer, json: null }, ledger: null };
    const { score, explanation } = environment.grade(input, environment.options.parse({}));
    return { score, explanation };
  } catch (error) {
    if (error instanceof Fault) return { score: null, explanation: error.message };
    throw error;
  }
}
