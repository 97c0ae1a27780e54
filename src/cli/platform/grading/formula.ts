/**
 * The formula of a multi grader: names of graders, numbers, + - * / and parentheses, `min(…)` and `max(…)`. Read once, then computed;
 * nothing of it is ever run as code. Pure.
 */
import type { MultiGrader } from "../../../contract/fine-tuning.ts";
import { badRequest } from "../errors.ts";

/** A formula that was read: what it comes to with these values. */
export type Formula = (values: Readonly<Record<string, number>>) => number;

/** @throws ApiError for what is no formula, and for a name of no grader */
export function formulaOf({ calculate_output, graders }: MultiGrader, param: string): Formula {
  try {
    return parseFormula(calculate_output, Object.keys(graders));
  } catch (error) {
    if (error instanceof FormulaError) throw badRequest(`Invalid '${param}': ${error.message}.`, param);
    throw error;
  }
}

export class FormulaError extends Error {
  override readonly name = "FormulaError";
}

/** Deeper formulas are no one's, and would exhaust the stack. */
const DEEPEST = 50;

/** Tokens; each of a chain of sums is a step deeper on the stack when it is computed. */
const LONGEST = 1_000;

/** @throws FormulaError */
export function parseFormula(text: string, names: readonly string[]): Formula {
  const tokens = tokensOf(text);
  if (tokens.length > LONGEST) throw new FormulaError("it is too long");
  const reader = new Reader(tokens, names);
  const formula = reader.sum(0);
  reader.end();
  return formula;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const token = /\s*(\d+(?:\.\d+)?|\.\d+|[A-Za-z_]\w*|[-+*/(),])\s*/y;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const [, found] = token.exec(text) ?? [];
    if (found === undefined) throw new FormulaError(`unexpected character at position ${at + 1}`);
    tokens.push(found);
  }
  return tokens;
}

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = { min: Math.min, max: Math.max };

/** Recursive descent: a sum of products of factors. */
class Reader {
  readonly #tokens: readonly string[];
  readonly #names: ReadonlySet<string>;
  #at = 0;

  constructor(tokens: readonly string[], names: readonly string[]) {
    this.#tokens = tokens;
    this.#names = new Set(names);
  }

  sum(depth: number): Formula {
    if (depth > DEEPEST) throw new FormulaError("it is nested too deeply");
    let left = this.#product(depth);
    for (;;) {
      const before = left;
      if (this.#takes("+")) {
        const right = this.#product(depth);
        left = (values) => before(values) + right(values);
      } else if (this.#takes("-")) {
        const right = this.#product(depth);
        left = (values) => before(values) - right(values);
      } else return left;
    }
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new FormulaError(`unexpected '${this.#tokens[this.#at]}'`);
  }

  #product(depth: number): Formula {
    let left = this.#factor(depth);
    for (;;) {
      const before = left;
      if (this.#takes("*")) {
        const right = this.#factor(depth);
        left = (values) => before(values) * right(values);
      } else if (this.#takes("/")) {
        const right = this.#factor(depth);
        left = (values) => before(values) / right(values);
      } else return left;
    }
  }

  #factor(depth: number): Formula {
    if (depth > DEEPEST) throw new FormulaError("it is nested too deeply");
    if (this.#takes("-")) {
      const negated = this.#factor(depth + 1);
      return (values) => -negated(values);
    }
    if (this.#takes("(")) {
      const inner = this.sum(depth + 1);
      this.#needs(")");
      return inner;
    }
    return this.#operand(depth);
  }

  #operand(depth: number): Formula {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new FormulaError("it ends too early");
    if (/^[\d.]/.test(token)) return () => Number(token);
    const compute = Object.hasOwn(FUNCTIONS, token) && !this.#names.has(token) ? FUNCTIONS[token] : undefined;
    if (compute) {
      const inner = this.#list(depth + 1);
      return (values) => compute(...inner.map((formula) => formula(values)));
    }
    if (!/^[A-Za-z_]/.test(token)) throw new FormulaError(`unexpected '${token}'`);
    if (!this.#names.has(token)) throw new FormulaError(`'${token}' is no grader`);
    return (values) => values[token] ?? NaN;
  }

  #list(depth: number): Formula[] {
    this.#needs("(");
    const formulas = [this.sum(depth)];
    while (this.#takes(",")) formulas.push(this.sum(depth));
    this.#needs(")");
    return formulas;
  }

  #takes(token: string): boolean {
    const found = this.#tokens[this.#at] === token;
    if (found) this.#at++;
    return found;
  }

  #needs(token: string): void {
    if (!this.#takes(token)) throw new FormulaError(`'${token}' is missing`);
  }
}
