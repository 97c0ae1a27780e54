/**
 * FinQA's program language as far as the sample uses it (Chen et al., EMNLP 2021): executes a program over its page's table
 * and names the figures it takes from the page. Never evaluates code.
 */

/** `add(1, 2), divide(#0, 3)` is two of them; what the operands mean is the operation's affair. */
interface Step {
  operation: string;
  operands: readonly [string, string];
}

/**
 * What a program computes: a number, or `yes` or `no` for a comparison.
 * @throws Error for anything that is not of the language, and for a row that the table has not exactly once
 */
export function execute(program: string, table: readonly string[][]): number | string {
  const results: (number | string)[] = [];
  for (const { operation, operands } of stepsOf(program)) {
    if (isOfRow(operation)) results.push(applyToRow(operation, rowOf(table, operands[0]).map(numberOf)));
    else results.push(apply(operation, operandOf(operands[0], results), operandOf(operands[1], results)));
  }
  return results.at(-1) ?? Number.NaN;
}

/** The figures that a program takes from the page, as `figuresOf` has them; neither constants nor results of steps. */
export function figuresUsed(program: string, table: readonly string[][]): string[] {
  return stepsOf(program).flatMap(({ operation, operands }) =>
    isOfRow(operation)
      ? rowOf(table, operands[0]).map(bare)
      : operands.filter((operand) => /^-?\d/.test(operand)).map(bare),
  );
}

/** Every figure of a text without its sign, separators and percent sign. */
export function figuresOf(text: string): Set<string> {
  return new Set((text.match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map(bare));
}

/** The last comma of a step parts its operands: the name of a row may hold others. */
function stepsOf(program: string): Step[] {
  const steps = [...program.matchAll(/([a-z_]+)\((.+?), ([^\s,()]+)\)(?:, |$)/g)];
  if (program === "" || steps.map(([step]) => step).join("") !== program) throw new Error(`not a program: ${program}`);
  return steps.map(([, operation = "", first = "", second = ""]) => ({ operation, operands: [first, second] }));
}

const isOfRow = (operation: string): boolean => operation.startsWith("table_");

function applyToRow(operation: string, cells: readonly number[]): number {
  const sum = cells.reduce((total, cell) => total + cell, 0);
  if (operation === "table_sum") return sum;
  if (operation === "table_average") return sum / cells.length;
  throw new Error(`unknown operation ${operation}`);
}

function apply(operation: string, a: number, b: number): number | string {
  if (operation === "add") return a + b;
  if (operation === "subtract") return a - b;
  if (operation === "multiply") return a * b;
  if (operation === "divide") return a / b;
  if (operation === "greater") return a > b ? "yes" : "no";
  throw new Error(`unknown operation ${operation}`);
}

/** `#0` is the first step's result, `const_100` is 100, `const_m1` is -1, `7%` is 0.07. */
function operandOf(operand: string, results: readonly (number | string)[]): number {
  if (operand.startsWith("#")) return Number(results[Number(operand.slice(1))]);
  return numberOf(operand.replace(/^const_m/, "-").replace(/^const_/, ""));
}

/** The cells of the one row of this name; of `$ -19 ( 19 )`, which says its figure twice, the first. */
function rowOf(table: readonly string[][], label: string): string[] {
  const [row, second] = table.filter(([first]) => first === label);
  if (row === undefined || second !== undefined) throw new Error(`not exactly one row is called ${label}`);
  return row.slice(1).map((cell) => cell.split("(", 1)[0] ?? cell);
}

function numberOf(figure: string): number {
  const value = Number(figure.replaceAll(/[,$%\s]/g, ""));
  return figure.trim().endsWith("%") ? value / 100 : value;
}

function bare(figure: string): string {
  return figure.replaceAll(/[,$%\s]/g, "").replace(/^-/, "");
}
