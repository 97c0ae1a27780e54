import fc from "fast-check";
import { expect, test } from "vitest";
import { mayEarn } from "../../../src/cli/attack/may-earn.ts";
import { gradeNumeric } from "../../../src/grading/numeric.ts";
import { formatQuantity, parseQuantity, type Quantity } from "../../../src/grading/quantity.ts";
import { anyValue, type Value } from "../../grading/spellings.ts";

function quantity(text: string): Quantity {
  const parsed = parseQuantity(text);
  if (!parsed.ok) throw new Error(`${text} ${parsed.reason}`);
  return parsed.value;
}

test.each<[reference: string, number, answers: string[]]>([
  ["56 million", 1, ["56 million", "$ 56 million", "56,000,000", "56", "56.0", "0.056 billion", "5.6e7"]],
  ["56", 1, ["56 million", "56 thousand", "5600%", "EUR 56", "56 USD"]],
  ["7%", 1, ["7%", "0.07", "700 bps", "7.00%"]],
  ["-12.5", 1, ["-12.5", "-12.50"]],
  ["0", 1, ["0", "-0", "0%"]],
  ["0.93456", 0.5, ["93.5%", "0.93", "0.934", "93%"]],
  ["5174", 0.5, ["5.2 thousand", "5175", "5.2e3"]],
  ["56 million", 0, ["56 thousand", "-56 million", "5.6 million", "57", "56%", "56000"]],
  ["0.93456", 0, ["0.9", "1", "0.9355", "-0.93456"]],
  ["5174", 0, ["5200", "5,000", "5.2 million"]],
  ["$ 56", 0, ["56%", "56 bps"]],
  ["7%", 0, ["7", "0.7", "$ 0.07", "0.07 million"]],
  ["0", 0, ["1e-20", "0.001"]],
])("of %s, %d may be paid", (reference, most, answers) => {
  for (const answer of answers) expect([answer, mayEarn(answer, quantity(reference))]).toEqual([answer, most]);
});

test.each([
  "",
  "about 56",
  "56 or 57",
  "fifty-six",
  "56 shares",
  "+56",
  "(56)",
  "٥٦",
  "56 million dollars",
  "-",
  ".",
  "e5",
  "NaN",
])("only numbers in their plainest spelling may be paid: %j", (answer) => {
  expect(mayEarn(answer, quantity("56"))).toBe(0);
});

const near: fc.Arbitrary<[Value, Value]> = fc.oneof(
  fc.tuple(anyValue, anyValue),
  fc
    .tuple(anyValue, fc.integer({ min: -30, max: 30 }), fc.integer({ min: 0, max: 5 }), anyValue)
    .map(([value, step, places, other]): [Value, Value] => [
      value,
      { ...value, digits: Math.abs(value.digits + step), places, unit: step % 2 === 0 ? value.unit : other.unit },
    ]),
);

test("is what the exact grader pays, by another arithmetic", () => {
  fc.assert(
    fc.property(near, ([answer, reference]) => {
      // Fewer digits than a float holds: beyond them the two may differ.
      fc.pre(answer.digits < 1e9 && reference.digits < 1e9);
      const text = formatQuantity(quantity(plain(answer)));
      expect([text, mayEarn(text, quantity(plain(reference)))]).toEqual([
        text,
        gradeNumeric(text, quantity(plain(reference))).score,
      ]);
    }),
    { numRuns: 5000 },
  );
});

const plain = ({ negative, digits, places, unit }: Value) =>
  `${negative ? "-" : ""}${digits}e-${places}${unit === "%" || unit === "" ? unit : ` ${unit}`}`;
