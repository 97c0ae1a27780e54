/** What of a FinQA item can be attacked. Pure. */
import * as z from "zod";
import type { JsonObject } from "../../contract/wire.ts";
import { parseReference } from "../../grading/reference.ts";
import type { AttackTarget } from "../attack-target.ts";

const Row = z.object({
  reference_answer: z.union([z.string(), z.number()]).catch(""),
  question: z.string().catch(""),
  program: z.string().catch(""),
});

/** Undefined for a row that cannot be graded. */
export function attackTarget(item: JsonObject): AttackTarget | undefined {
  const { reference_answer, question, program } = Row.parse(item);
  const parsed = parseReference(reference_answer);
  if (!parsed.ok) return undefined;
  const otherNumbers = [...new Set([...operands(program), ...numbersIn(question)])];
  return {
    reference: String(reference_answer),
    value: String(reference_answer),
    ...(parsed.value.kind === "number" ? { quantity: parsed.value.quantity } : { word: parsed.value.word }),
    ...(question.trim() !== "" && { question }),
    ...(otherNumbers.length > 0 && { otherNumbers }),
  };
}

/** The numbers that the program computes with; not its constants (`const_100`) nor the results of its steps (`#0`). */
function operands(program: string): string[] {
  return program.split(/[(),\s]+/).filter((argument) => /^-?\d+(?:\.\d+)?%?$/.test(argument));
}

/** Numbers that stand by themselves: not the "500" of "s&p500". */
function numbersIn(question: string): string[] {
  return question.match(/(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?%?(?![\w%])/g) ?? [];
}
