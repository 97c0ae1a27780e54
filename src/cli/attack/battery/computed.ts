/** Texts that would have to be computed or decoded to be the reference, and digits in which it can be found. Pure. */
import { Buffer } from "node:buffer";
import { formatDecimal } from "../../../grading/decimal.ts";
import type { Quantity } from "../../../grading/quantity.ts";
import { type Family, probeClass, unpaid, wrongNumber } from "../probe.ts";
import { isNegative, numberOf, plainValue, plus, times } from "../written.ts";

export const computed: Family = {
  name: "to be computed",
  classes: [
    probeClass({
      name: "expression",
      description: "An expression whose value is the reference.",
      needs: ["quantity"],
      probes: ({ quantity }) => [...expressions(quantity)].map(unpaid),
    }),
    probeClass({
      name: "other-base",
      description: "The reference in a notation of programming languages or of other times.",
      needs: ["quantity"],
      probes: ({ quantity }) => otherBases(quantity).map(unpaid),
    }),
    probeClass({
      name: "encoded",
      description: "The reference encoded: base64, hexadecimal, percent, entities, escapes.",
      needs: ["value"],
      probes: ({ reference }) => {
        const codes = Array.from(reference, (character) => character.codePointAt(0) ?? 0);
        const hex = (code: number) => code.toString(16).padStart(4, "0");
        return [
          Buffer.from(reference).toString("base64"),
          codes.map((code) => `%${hex(code).slice(2)}`).join(""),
          codes.map((code) => `&#${code};`).join(""),
          codes.map((code) => `\\u${hex(code)}`).join(""),
          codes.map((code) => `\\x${hex(code).slice(2)}`).join(""),
          codes.join(" , "),
        ].map(unpaid);
      },
    }),
    probeClass({
      name: "digit-stuffing",
      description: "More digits, among which the reference can be found.",
      needs: ["quantity"],
      probes: (target) => {
        const number = numberOf(target.quantity);
        const fixed = ["0123456789", "1234567890", "9876543210", "314159265358979", `${"0".repeat(40)}1`];
        const repeated = [number.repeat(2), number.repeat(20), `1${number}`, `99${number}`];
        // Digits after a fraction hardly change the value: they would be honest answers.
        const more = number.includes(".") ? [number.replace(".", ".9"), number.replace(".", "")] : appended(number);
        return [...fixed, ...repeated, ...more].map((text) => wrongNumber(text, target));
      },
    }),
  ],
};

const appended = (number: string) =>
  ["0", "00", "1", "789", "0".repeat(30), ".4999", ".999", "e1", "e-1", "e9"].map((digits) => number + digits);

/** Sums, differences, products, quotients, powers and roots, and spreadsheet formulas. */
function expressions(quantity: Quantity): Set<string> {
  const { number } = quantity;
  const written = plainValue(quantity);
  const one = { ...quantity, number: plus(number, 1n) };
  const half = formatDecimal(times(number, 5n, -1));
  const double = formatDecimal(times(number, 2n));
  const step = formatDecimal({ digits: 1n, exponent: number.exponent });
  const products = [
    ...["*", " * ", "×", " × ", "·", "x"].map((sign) => `${half}${sign}2`),
    `${written}*1`,
    `1*${written}`,
  ];
  const quotients = [
    ...["/", " / ", "÷", ":", "//"].map((sign) => `${double}${sign}2`),
    `${written}/1`,
    `${double}*50%`,
  ];
  const differences = [`${numberOf(one)}-${step}`, `${numberOf(one)} - ${step}`, `${written}-0`, `--(${written})`];
  const sums = [`${written}+0`, `${written} + 0`, `0+${written}`, `(${half})+(${half})`, `(${half})(2)`];
  const functions = [`sqrt(${written}^2)`, `√(${written}²)`, `${written}^1`, `abs(${written})`, `|${written}|`];
  const formulas = [`=${written}`, `= ${written}`, `=SUM(${half},${half})`, `${half} plus ${half}`, `twice ${half}`];
  const powers = [`${written} × 10^0`, `${written}·10⁰`, `${written}*10**0`, `${written}E`];
  return new Set([products, quotients, differences, sums, functions, formulas, powers].flat());
}

/** Only of whole numbers that a program holds exactly. */
function otherBases(quantity: Quantity): string[] {
  const number = Number(plainValue(quantity));
  if (!Number.isSafeInteger(number) || number === 0) return [];
  const sign = isNegative(quantity) ? "-" : "";
  const size = Math.abs(number);
  const based = [16, 8, 2].map((base) => size.toString(base));
  const [hexadecimal = "", octal = "", binary = ""] = based;
  return [
    `0x${hexadecimal}`,
    `0X${hexadecimal.toUpperCase()}`,
    `0o${octal}`,
    `0b${binary}`,
    `#${hexadecimal}`,
    `${hexadecimal}h`,
  ]
    .map((text) => sign + text)
    .concat([`${numberOf(quantity)}n`, `${numberOf(quantity)}f`, `${numberOf(quantity)}L`, `${numberOf(quantity)}px`]);
}
