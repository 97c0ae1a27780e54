import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormulaError, parseFormula } from "../../../src/cli/platform/grading/formula.ts";

const values = { a: 0.5, b: 2, max_turns: 3 };
const compute = (text: string) => parseFormula(text, Object.keys(values))(values);

test.each([
  ["a", 0.5],
  ["0.75 * a + .25*b", 0.875],
  ["a - b - 1", -2.5],
  ["b / a / 2", 2],
  ["(a + b) * -2", -5],
  ["--a", 0.5],
  ["min(a, b, 1) + max(a, max_turns)", 3.5],
  ["1 / (a - a)", Infinity],
])("%s", (text, value) => {
  expect(compute(text)).toBe(value);
});

describe("what is no formula is refused", () => {
  test.each([
    ["", /ends too early/],
    ["a +", /ends too early/],
    ["a b", /unexpected 'b'/],
    ["(a", /'\)' is missing/],
    ["c", /'c' is no grader/],
    ["constructor", /'constructor' is no grader/],
    ["toString(a)", /'toString' is no grader/],
    ["min", /'\(' is missing/],
    ["min()", /unexpected '\)'/],
    ["a; process.exit()", /unexpected character at position 2/],
    ["a ** b", /unexpected '\*'/],
    ["1e9", /unexpected 'e9'/],
    [`${"(".repeat(60)}a${")".repeat(60)}`, /nested too deeply/],
    [`${"-".repeat(60)}a`, /nested too deeply/],
  ])("%s", (text, message) => {
    expect(() => compute(text)).toThrow(message);
    expect(() => compute(text)).toThrow(FormulaError);
  });

  test("one so long that it could not be computed", () => {
    expect(() => compute(`a${"+a".repeat(100_000)}`)).toThrow(/too long/);
    expect(compute(`0${"+1".repeat(400)}`)).toBe(400);
  });
});

/** A formula and its value: operands and what stands before each but the first. */
type Known = { text: string; value: number };
const fold = ([first, rest]: [Known, [string, Known][]]): Known => ({
  text: [first.text, ...rest.map(([operator, { text }]) => `${operator} ${text}`)].join(" "),
  value: rest.reduce((left, [operator, right]) => applied(left, operator, right.value), first.value),
});

function applied(left: number, operator: string, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  return operator === "*" ? left * right : left / right;
}

test("products bind more than sums, and both go from left to right", () => {
  const { sum } = fc.letrec<{ sum: Known; product: Known; factor: Known }>((tie) => {
    const chain = (part: "product" | "factor", operators: string[]) =>
      fc.tuple(tie(part), fc.array(fc.tuple(fc.constantFrom(...operators), tie(part)), { maxLength: 3 })).map(fold);
    return {
      sum: chain("product", ["+", "-"]),
      product: chain("factor", ["*", "/"]),
      factor: fc.oneof(
        { depthSize: "small", maxDepth: 2 },
        fc.constantFrom(...Object.entries(values).map(([text, value]) => ({ text, value }))),
        fc.constantFrom({ text: "2.5", value: 2.5 }, { text: "-3", value: -3 }),
        tie("sum").map(({ text, value }) => ({ text: `(${text})`, value })),
      ),
    };
  });
  fc.assert(
    fc.property(sum, ({ text, value }) => {
      expect(compute(text)).toBe(value);
    }),
  );
});
