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
});

test("a formula comes to what JavaScript makes of it", () => {
  const { formula } = fc.letrec<{ formula: string }>((tie) => ({
    formula: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("a", "b", "1", "2.5"),
      fc.tuple(tie("formula"), fc.constantFrom("+", "-", "*", "/"), tie("formula")).map((parts) => parts.join(" ")),
      tie("formula").map((inner) => `(${inner})`),
    ),
  }));
  fc.assert(
    fc.property(formula, (text) => {
      // oxlint-disable-next-line no-new-func -- the yardstick
      const expected: unknown = new Function("a", "b", `return ${text}`)(values.a, values.b);
      expect(compute(text)).toBe(expected);
    }),
  );
});
