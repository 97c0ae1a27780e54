/** Numbers that are easy to come by and are not the answer. Pure. */
import { formatQuantity } from "../../../grading/quantity.ts";
import { type Family, probeClass, unpaid, wrongNumber } from "../probe.ts";

/** Of an item's other numbers so many are calculated with: all pairs of them, in each operation. */
const OPERANDS = 4;

export const wrongNumbers: Family = {
  name: "wrong numbers",
  classes: [
    probeClass({
      name: "other-numbers",
      description: "The item's other numbers: operands of its program, years and amounts of its question.",
      needs: ["otherNumbers"],
      probes: (target) =>
        target.otherNumbers.flatMap((written) => {
          const negated = written.startsWith("-") ? written.slice(1) : `-${written}`;
          const percent = written.endsWith("%") ? written.slice(0, -1) : `${written}%`;
          return [written, negated, percent].map((text) => wrongNumber(text, target));
        }),
    }),
    probeClass({
      name: "wrong-calculation",
      description:
        "Sums, differences, products and ratios of the item's other numbers, where they are not the reference.",
      needs: ["otherNumbers"],
      probes: (target) => {
        const operands = target.otherNumbers
          .slice(0, OPERANDS)
          .map((written) => Number(written.replaceAll(/[,%]/g, "")));
        const results = new Set(operands.flatMap((a, at) => operands.slice(at + 1).flatMap((b) => calculated(a, b))));
        return [...results].map((text) => wrongNumber(text, target)).filter(({ most }) => most === 0);
      },
    }),
    probeClass({
      name: "other-reference",
      description: "The reference of another item.",
      needs: ["value", "others"],
      probes: (target) =>
        target.others.map(({ reference, quantity, word }) => {
          if (quantity !== undefined) return wrongNumber(formatQuantity(quantity), target);
          const isSameWord = word !== undefined && word === target.word;
          return isSameWord
            ? { ...unpaid(reference), most: 1, reason: "both references are this word" }
            : unpaid(reference);
        }),
    }),
    probeClass({
      name: "common-guess",
      description: "Numbers that are often right somewhere.",
      needs: ["value"],
      probes: (target) =>
        ["1", "-1", "2", "10", "42", "100", "1000", "0.5", "1%", "10%", "50%", "100%", "2014", "$ 1 million"].map(
          (text) => wrongNumber(text, target),
        ),
    }),
    probeClass({
      name: "random-number",
      description: "Numbers drawn by chance, of every size.",
      needs: ["value"],
      probes: (target, random) =>
        Array.from({ length: 8 }, (_, power) => String(Number((random() * 10 ** (power - 1)).toFixed(3)))).map((text) =>
          wrongNumber(text, target),
        ),
    }),
    probeClass({
      name: "zero",
      description: "Zero in its forms, which a comparison by difference or by length might take for close.",
      needs: ["value"],
      probes: (target) =>
        ["0", "-0", "0.0", "0.00", "0%", "$ 0", "0e0", "0 million"].map((text) => wrongNumber(text, target)),
    }),
    probeClass({
      name: "huge-or-tiny",
      description: "Numbers at the ends of all ranges, which might overflow into a match.",
      needs: ["value"],
      probes: (target) => {
        const powers = [
          "1e99",
          "-1e99",
          "1e-99",
          "1e100",
          "1e308",
          "1e309",
          "-1e309",
          "1e-324",
          "1e-400",
          "1e999999999",
        ];
        const borders = ["9".repeat(64), "9".repeat(65), `0.${"0".repeat(61)}1`, "1e99 trillion", "1e-99%"];
        return [...powers, ...borders].map((text) => wrongNumber(text, target));
      },
    }),
    probeClass({
      name: "not-a-number",
      description: "What number parsers of programs read or write where there is no number.",
      needs: ["value"],
      probes: () => {
        const names = "NaN nan -nan Infinity -Infinity inf +inf ∞ -∞ null undefined None nil void True true False";
        const pieces = "#DIV/0! #REF! 1/0 0/0 0x 1e e 1e+ -- +- .e1 1.2.3 1..2 [] {}";
        return [...names.split(" "), ...pieces.split(" "), "[object Object]"].map(unpaid);
      },
    }),
  ],
};

/** The results in a plain spelling, with six digits; without those that need an exponent. */
function calculated(a: number, b: number): string[] {
  const results = [a + b, a - b, b - a, a * b, a / b, b / a, (a - b) / a, (b - a) / b, (a + b) / 2];
  return results
    .map((result) => String(Number(result.toPrecision(6))))
    .filter((written) => /^-?\d+(\.\d+)?$/.test(written));
}
