/**
 * Reads the program of a FinQA row, the steps that compute its answer: which figures and rows of the page they start from.
 * Never computes anything. A program is text of a dataset: one that is not of the language as a whole counts as none. Pure.
 */
import { limits } from "../../contract/limits.ts";
import type { Decimal } from "../../grading/decimal.ts";
import { parseQuantity } from "../../grading/quantity.ts";

/** What a program takes from the page. */
export interface Operands {
  /** Numbers as the program has them, before any percent sign or magnitude. */
  numbers: Decimal[];
  /** Names of rows of the page's table of which it takes all cells. */
  rows: string[];
}

const ofNumbers: ReadonlySet<string> = new Set(["add", "subtract", "multiply", "divide", "greater", "exp"]);
const ofRow: ReadonlySet<string> = new Set(["table_max", "table_min", "table_sum", "table_average"]);

/**
 * The operands of a program like `subtract(343, 322), divide(#0, 322)` or `table_average(net sales, none)`, without constants
 * (`const_100`) and results of steps (`#0`). Undefined for what is no program, and for one that takes nothing from the page.
 */
export function operandsOf(program: unknown): Operands | undefined {
  if (typeof program !== "string" || program.length > limits.programCharacters) return undefined;
  const steps = program.split(/(?<=\)), (?=[a-z_]+\()/).map(readStep);
  if (!steps.every((step) => step !== undefined)) return undefined;
  const operands = { numbers: steps.flatMap(({ numbers }) => numbers), rows: steps.flatMap(({ rows }) => rows) };
  return operands.numbers.length + operands.rows.length > 0 ? operands : undefined;
}

/** The last comma of a step parts its operands: the name of a row may hold others. */
const stepForm = /^([a-z_]+)\((\S.*), ([^,]+)\)$/;

function readStep(step: string): Operands | undefined {
  const [, operation = "", first = "", second = ""] = stepForm.exec(step) ?? [];
  if (ofRow.has(operation)) return { numbers: [], rows: [first] };
  if (!ofNumbers.has(operation)) return undefined;
  const fromPage = [first, second].filter((operand) => !isConstantOrResult(operand)).map(parseQuantity);
  if (!fromPage.every((quantity) => quantity.ok)) return undefined;
  return { numbers: fromPage.map(({ value }) => value.number), rows: [] };
}

function isConstantOrResult(operand: string): boolean {
  return /^(?:#\d+|const_m?\d+(?:\.\d+)?)$/.test(operand);
}
