import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Decimal, equals, formatDecimal, parseDecimal, shift } from "../../src/grading/decimal.ts";
import { areTelling, callsWith, findNumbers, numbersIn } from "../../src/grading/occurrences.ts";

function decimal(text: string): Decimal {
  const number = parseDecimal(text);
  if (number === undefined) throw new Error(`no number: ${text}`);
  return number;
}

const numbersOf = (text: string) => [...numbersIn(text)].map(formatDecimal);
const occurs = (number: string, text: string) =>
  callsWith(decimal(number), findNumbers([{ call: 1, text }])).length > 0;

describe("the numbers of a text", () => {
  test.each([
    ["| shipments | 9,362.2 | $ 40678 | -19 ( 19 ) |", ["9362.2", "40678", "19", "19"]],
    ["rose 93.8% , or 1.2 million , or ( 3.4 ) .", ["93.8", "1.2", "3.4"]],
    ["(3.4), −7.5 and –8; $5m, $1.2bn, 12k, 700bps", ["3.4", "7.5", "8", "5", "1.2", "12", "700"]],
    ["$ .2 billion, .5 or (.75)", ["0.2", "0.5", "0.75"]],
    ["5.", ["5"]],
    ["at 5,", ["5"]],
    ["1,234,567.890", ["1234567.89"]],
    ["0.00", ["0"]],
    ["007", ["7"]],
    ["2011-2012, 5-year and a 10-k", ["2011", "2012", "5", "10"]],
    ["US$5 per €6", ["5", "6"]],
    ["AAL/2014/page_18.pdf 10/31 1/2", []],
    ["q4 a320 2019s 4th 10x 12.31.2012 1.2.3 1,23 12,3456 1,,2", []],
    ["1,2", []],
    ["x.5 .5.7 1.5e3", []],
    ["", []],
    ["no number", []],
  ])("%j are %j", (text, numbers) => {
    expect(numbersOf(text)).toEqual(numbers);
  });

  test("do not hold one of more digits than any figure has", () => {
    expect(numbersOf(`${"1".repeat(64)} ${"1".repeat(65)} 2`)).toEqual(["1".repeat(64), "2"]);
  });
});

describe("a number occurs", () => {
  test.each([
    ["-12.50", "( 12.5 )"],
    ["12.5", "-12.50"],
    ["0.938", "93.8%"],
    ["93.8", "0.938"],
    ["56", "$ 56,000,000"],
    ["56000000", "56 million"],
    ["1200000", "1.2 billion"],
    ["1.2", "1,200"],
    ["0", "-0.0%"],
    ["2000", "2,000."],
  ])("%s in %j", (number, text) => {
    expect(occurs(number, text)).toBe(true);
  });

  test.each([
    ["12", "1,123 2012 12.5 0.12.1 a12 12a 3,12 912 129"],
    ["1.2", "12 1,200,000,000,000 1.21 1.02 0.12"],
    ["93.8", "9.38 93.80001 938"],
    ["0", "10 20.5 none"],
    ["100", "10"],
  ])("%s not in %j", (number, text) => {
    expect(occurs(number, text)).toBe(false);
  });

  test("in the calls whose texts hold it, each once and in order", () => {
    const texts = [
      { call: 2, text: "56 and 56.0 and 0.056" },
      { call: 3, text: "57" },
      { call: 5, text: "nothing" },
      { call: 5, text: "56" },
    ];
    expect(callsWith(decimal("56"), findNumbers(texts))).toEqual([2, 5]);
    expect(callsWith(decimal("58"), findNumbers(texts))).toEqual([]);
  });
});

describe("numbers are telling", () => {
  test.each([
    [["1234"], true],
    [["-12.34"], true],
    [["1234000"], true],
    [["123"], false],
    [["7"], false],
    [["0"], false],
    [["5000000"], false],
    [["2012"], false],
    [["2012", "2013", "1999", "35"], false],
    [["2100"], false],
    [["2101"], true],
    [["20.12"], true],
    [["123", "45"], true],
    [["12", "34", "56"], true],
    [["12", "12.0", "-12", "1200"], false],
    [[], false],
  ])("%j: %s", (numbers, telling) => {
    expect(areTelling(numbers.map(decimal))).toBe(telling);
  });
});

const anyNumber = fc
  .record({ digits: fc.bigInt({ min: 0n, max: 10n ** 15n }), places: fc.integer({ min: 0, max: 6 }) })
  .map(({ digits, places }): Decimal => ({ digits, exponent: -places }));
const anyScale = fc.constantFrom(0, 2, -2, 3, -3, 6, -6, 9, -9);
/** As reports write it: with separators, in parentheses or with a sign of any kind, with a unit. */
const spelling = (number: Decimal) =>
  fc
    .record({
      before: fc.constantFrom("", "$ ", "$", "-", "−", "( ", "(", "| "),
      after: fc.constantFrom("", "%", " %", " million", " )", ")", " |", ",", " .", "."),
      separated: fc.boolean(),
    })
    .map(({ before, after, separated }) => {
      const [whole = "", fraction] = formatDecimal(number).split(".");
      const grouped = separated ? whole.replaceAll(/\B(?=(\d{3})+$)/g, ",") : whole;
      return `${before}${grouped}${fraction === undefined ? "" : `.${fraction}`}${after}`;
    });
const words = fc.array(fc.constantFrom("net", "sales", "2012", "1,000", "a1", "x/3", "…", "\n"), { maxLength: 5 });

test("a number is found in every spelling, scale and surrounding", () => {
  const written = anyNumber.chain((number) => fc.tuple(fc.constant(number), spelling(number), anyScale, words, words));
  fc.assert(
    fc.property(written, ([number, text, scale, before, after]) => {
      const found = findNumbers([{ call: 7, text: [...before, text, ...after].join(" ") }]);
      expect(callsWith(shift(number, scale), found)).toEqual([7]);
    }),
  );
});

test("a number is not found in a word that goes on before or after it", () => {
  const before = fc.constantFrom("1", "23", "4,", "5.", "x", "_", "/");
  const after = fc.constantFrom("1", "23", ",4", ".5", "x", "_", "/");
  const longer = fc.oneof(fc.record({ before, after: fc.constant("") }), fc.record({ before: fc.constant(""), after }));
  fc.assert(
    fc.property(anyNumber, longer, (number, more) => {
      const found = [...numbersIn(`sales ${more.before}${formatDecimal(number)}${more.after} .`)];
      expect(found.filter((other) => equals(other, number))).toEqual([]);
    }),
  );
});

test("no text is too much, and none makes it throw", () => {
  const pieces = fc.constantFrom(
    "1",
    "0",
    ".",
    ",",
    "/",
    "%",
    "m",
    "e5",
    " ",
    "-",
    "−",
    "\n",
    "_",
    "٣",
    "５",
    "😀",
    "\ud83d",
  );
  const texts = fc.array(
    fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 200 }).map((parts) => parts.join("")),
    ),
  );
  fc.assert(
    fc.property(texts, anyNumber, (given, number) => {
      const found = findNumbers(given.map((text, at) => ({ call: at + 1, text })));
      const calls = callsWith(number, found);
      expect(calls).toEqual([...new Set(calls)].toSorted((a, b) => a - b));
    }),
  );
  for (const long of ["1", "1,", ",111", "1.", "1 ", "a1/", "1m", ".5"])
    expect(findNumbers([{ call: 1, text: long.repeat(200_000) }]).size).toBeLessThan(3);
});
