/**
 * Finds the numbers in what calls put out, and tells in which calls a given number stands. By digits alone: what a number
 * means, its sign, its row or its year, is never read. Pure, linear in the texts, never throws.
 */
import { type Decimal, negate, parseDecimal, shortest } from "./decimal.ts";
import { magnitudes, ratioUnits } from "./units.ts";

/** A text that a call put out; a call may have several. */
export interface CallText {
  /** The call's place in its ledger. */
  call: number;
  text: string;
}

interface Occurrence {
  exponent: number;
  call: number;
}

/** Numbers by their significant digits: with which powers of ten they occur, and in which calls. */
export type Occurrences = ReadonlyMap<bigint, readonly Occurrence[]>;

/** Every number of the texts. */
export function findNumbers(texts: readonly CallText[]): Occurrences {
  const found = new Map<bigint, Occurrence[]>();
  for (const { call, text } of texts) {
    for (const number of numbersIn(text)) {
      const { digits, exponent } = shortest(number);
      const same = found.get(digits);
      if (same) same.push({ exponent, call });
      else found.set(digits, [{ exponent, call }]);
    }
  }
  return found;
}

/** The powers of ten between a ratio and a percentage, and between an amount and one in thousands, millions or billions. */
const scales: ReadonlySet<number> = new Set([0, 2, 3, 6, 9]);

/** The calls in which the number occurs, each once, in the order of the texts: with either sign and in any of the scales. */
export function callsWith(number: Decimal, occurrences: Occurrences): number[] {
  const { digits, exponent } = unsigned(number);
  const same = occurrences.get(digits) ?? [];
  const equal = same.filter((occurrence) => scales.has(Math.abs(occurrence.exponent - exponent)));
  return [...new Set(equal.map(({ call }) => call))];
}

/** Fewer occur by chance too often (below); more would call too many figures common. */
const tellingDigits = 3;

/**
 * Whether numbers are so unusual that they do not all occur by chance. What counts is their significant digits beyond the
 * first, each number once. Measured on two of FinQA's pages: a given number of one digit occurs by chance in 57 of 100 cases,
 * of two digits in 15, of three in 2, of four in 0.1; a year in 16, so years count for nothing.
 */
export function areTelling(numbers: readonly Decimal[]): boolean {
  const distinct = new Set(numbers.filter((number) => !isYear(number)).map((number) => unsigned(number).digits));
  const beyondFirst = [...distinct].reduce((sum, digits) => sum + digits.toString().length - 1, 0);
  return beyondFirst >= tellingDigits;
}

function isYear({ digits, exponent }: Decimal): boolean {
  return exponent === 0 && digits >= 1900n && digits < 2100n;
}

function unsigned(number: Decimal): Decimal {
  return shortest(number.digits < 0n ? negate(number) : number);
}

/**
 * From a digit to the end of its word. Letters, "_" and "/" belong to a word, so that neither page_18.pdf nor 2014/page nor
 * 10/31 is a figure; separators do as well, so that 12 is no part of 1,123.
 */
const fromDigit = /\d[\w.,/]*/g;
const units = [...magnitudes.keys(), ...ratioUnits.keys()].join("|");
const figure = new RegExp(String.raw`^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:${units})?[.,]*$`, "i");

/** The numbers that stand in the text as whole words: "9,362.2", ".5", "93.8%", "(3.4)", "$5m". Without their signs. */
export function* numbersIn(text: string): Generator<Decimal> {
  for (const { 0: word, index } of text.matchAll(fromDigit)) {
    const point = pointBefore(text, index);
    const [, whole, fraction = ""] = figure.exec(word) ?? [];
    if (point === undefined || whole === undefined) continue;
    const number = parseDecimal(`${point}${whole.replaceAll(",", "")}${fraction}`);
    if (number !== undefined) yield number;
  }
}

/** The point of ".5", or "" where a number begins with its digit; undefined where the word began before. */
function pointBefore(text: string, index: number): string | undefined {
  const before = text.charAt(index - 1);
  if (/[\w/]/.test(before)) return undefined;
  if (before !== "." && before !== ",") return "";
  if (/[\w.,/]/.test(text.charAt(index - 2))) return undefined;
  return before === "." ? before : "";
}
