import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradeAnswer, parseReference } from "../../src/grading/reference.ts";
import { anyValue, spellingOf, type Value } from "./spellings.ts";

function gradeOf(answer: string, reference: string | number) {
  const parsed = parseReference(reference);
  if (!parsed.ok) throw new Error(`the reference ${parsed.reason}`);
  return gradeAnswer(answer, parsed.value);
}

const scoreOf = (answer: string, reference: string | number) => gradeOf(answer, reference).score;

describe("scores 1: the reference in any format", () => {
  test.each<[reference: string | number, answers: string[]]>([
    [
      "56 million",
      [
        "$56",
        "56 USD",
        "56 million",
        "56M",
        "$56,000,000",
        "56",
        "56,000,000.00",
        "0.056 billion",
        "56,000 thousand",
        "5.6e7",
      ],
    ],
    ["56", ["56 million", "56 thousand", "$56", "56.", "56.00", "+56", "５６", "5.6e1", "5600%"]],
    ["$ 56,000,000", ["56 million", "56000000", "US$56m"]],
    ["7%", ["7%", "7.0 %", "7 percent", "7 pct", "0.07", ".07", "700 bps", "700 basis points"]],
    ["0.07", ["7%", "7 percent", "0.070", "700 bps", "7e-2"]],
    ["700 bps", ["7%", "0.07", "700bp"]],
    [0.07, ["7%", "0.07"]],
    ["-12.5", ["(12.5)", "-12.5", "−12.5", "(12.50)", "-$12.5", "($12.5)"]],
    ["( 98.9 )", ["-98.9", "(98.9)"]],
    ["$ 163.1 million", ["163.1", "$163,100,000", "163.1 million dollars", "USD 163.1M"]],
    ["1e-05", ["0.00001", "0.001%", "1e-5", "0.1 bps"]],
    [0, ["0", "-0", "0.00%", "$0", "(0)"]],
    [1e21, ["1,000,000,000,000,000,000,000", "1e21", "1000000000 trillion"]],
  ])("%j", (reference, answers) => {
    for (const answer of answers) expect([answer, scoreOf(answer, reference)]).toEqual([answer, 1]);
  });

  test("any spelling of a value scores 1 against any other", () => {
    const twoSpellings = anyValue.chain((value) => fc.tuple(spellingOf(value), spellingOf(value)));
    fc.assert(
      fc.property(twoSpellings, ([answer, reference]) => {
        expect(scoreOf(answer, reference)).toBe(1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("scores 0.5: very close", () => {
  test.each<[reference: string | number, answers: string[]]>([
    [0.93456, ["93.5%", "0.93", "93%", "93.46%", "0.934", "9346 bps"]],
    ["$ 386.83 million", ["387 million", "387", "386.8", "$387,000,000", "0.387 billion"]],
    ["56", ["56.05", "55.95 million"]],
    ["56 million", ["56.05", "56,050,000"]],
    ["5174", ["5.2 thousand", "5.2k", "5.2e3", "5175", "5,170"]],
    ["104", ["1.0e2"]],
    ["-0.12736", ["-12.7%", "(12.7%)", "-13%"]],
    ["0.125", ["0.12", "0.13"]],
    ["1000", ["1001", "999"]],
    ["9.96", ["10.0"]],
    ["19.95", ["20"]],
  ])("%j", (reference, answers) => {
    for (const answer of answers) expect([answer, scoreOf(answer, reference)]).toEqual([answer, 0.5]);
  });
});

describe("scores 0: anything else", () => {
  test.each<[reference: string | number, answers: string[]]>([
    ["56 million", ["56 thousand", "56 billion", "560", "5.6 million", "-56 million", "€", "56000", "56%"]],
    [
      "56",
      [
        "56,000,000",
        "-56",
        "(56)",
        "56%",
        "0.56",
        "65",
        "56 57",
        "56 to 57",
        "The answer is 56.",
        "56 shares",
        "yes",
        "",
      ],
    ],
    ["7%", ["7", "0.7", "70 bps", "$0.07", "7 million", "0.07 million", "-7%", "seven percent"]],
    ["0.07", ["7", "0.7%", "$7%"]],
    ["7", ["7%", "700", "700 bps"]],
    ["0.6", ["1", "0.5", "0.7"]],
    ["9.6", ["10", "1e1"]],
    [0.93456, ["0.9", "90%", "1", "0.94", "0.9355", "1e0", "0.9356", "93.6%", "0"]],
    ["5174", ["5200", "5e3", "5 thousand", "5.2 million", "5,000"]],
    ["$ 56", ["€56", "56 GBP", "CHF 56", "56%"]],
    ["€ 56 million", ["$56 million", "$56,000,000"]],
    ["1000", ["1001.01", "998.99"]],
    ["0.00042", ["0", "0.00", "0.0%", "0.0004"]],
    [0, ["1e-99", "0.0000001", "1e-999999999", "yes", "-0.001%", "zero", ""]],
  ])("%j", (reference, answers) => {
    for (const answer of answers) expect([answer, scoreOf(answer, reference)]).toEqual([answer, 0]);
  });
});

describe("against the rubric restated in whole numbers", () => {
  test("scores 1 exactly where the values are equal, or the numbers before a magnitude that one side leaves out", () => {
    fc.assert(
      fc.property(nearbyValues, ([answer, reference]) => {
        const values = fixed(answer) === fixed(reference);
        const onlyOne = isMagnitude(answer.unit) !== isMagnitude(reference.unit);
        const numbers = fixed({ ...answer, unit: "" }) === fixed({ ...reference, unit: "" });
        const ratioAgainstAmount =
          (answer.unit === "%" && isMagnitude(reference.unit)) || (isMagnitude(answer.unit) && reference.unit === "%");
        const expected = !ratioAgainstAmount && (values || (onlyOne && numbers));
        expect(scoreOf(plain(answer), plain(reference)) === 1).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test("a rounding to two or more digits scores at least 0.5, to one digit only what 0.1 % allows", () => {
    const exact = fc.integer({ min: 1_000_000, max: 9_999_999 });
    fc.assert(
      fc.property(exact, fc.integer({ min: 1, max: 6 }), fc.boolean(), (digits, kept, negative) => {
        const place = 10 ** (7 - kept);
        const rounded = Math.round(digits / place);
        const sign = negative ? "-" : "";
        const score = scoreOf(`${sign}${rounded}e${7 - kept}`, `${sign}${digits}`);
        const close = Math.abs(rounded * place - digits) * 1000 <= digits;
        expect(score >= 0.5).toBe(kept >= 2 || close);
      }),
      { numRuns: 2000 },
    );
  });

  test("what is neither within 0.1 % nor a rounding scores 0", () => {
    const whole = fc.integer({ min: -3000, max: 3000 });
    fc.assert(
      fc.property(whole, whole, (answer, reference) => {
        const close = Math.abs(answer - reference) * 1000 <= Math.abs(reference);
        const expected = answer === reference ? 1 : close ? 0.5 : 0;
        expect(scoreOf(String(answer), reference)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test("the other sign never scores", () => {
    fc.assert(
      fc.property(anyValue.filter(({ digits }) => digits > 0).chain(spelledWithBothSigns), ([answer, reference]) => {
        expect(scoreOf(answer, reference)).toBe(0);
      }),
    );
  });
});

describe("a grade", () => {
  test("says what was understood, in one sentence why, and never the reference", () => {
    expect(gradeOf(" 93.50 percent\n", 0.93456)).toEqual({
      score: 0.5,
      value: "93.5%",
      answer: " 93.50 percent\n",
      explanation: "Not equal to the reference, but within 0.1 % of it.",
      sub_scores: {},
    });
    expect(gradeOf("I think 56", "56")).toMatchObject({
      score: 0,
      value: null,
      explanation: "The answer has words beside the value.",
    });
  });

  test.each([
    ["0.07", "7", "The reference's digits, but off by a power of ten."],
    ["56", "-56", "The reference's number with the other sign."],
    ["56", "€57", "A number, but not the reference's."],
    ["$ 56", "€56", "An amount in another currency than the reference's."],
    ["$ 56", "56%", "A percentage and an amount are never equal."],
    ["5174", "5.2k", "The reference rounded to the last place that the answer states."],
  ])("against %s, %s: %s", (reference, answer, explanation) => {
    expect(gradeOf(answer, reference).explanation).toBe(explanation);
  });

  test("keeps the start of a long answer, well-formed", () => {
    const { answer } = gradeOf(`${"a".repeat(99)}😀${"b".repeat(1000)}`, "56");
    expect(answer).toBe(`${"a".repeat(99)}…`);
    expect(gradeOf("\ud800".repeat(1000), "56").answer.isWellFormed()).toBe(true);
  });

  test.each([
    ["digits", "9".repeat(1_000_000)],
    ["zeros before the value", `${"0".repeat(1_000_000)}56`],
    ["zeros after the value", `56.${"0".repeat(1_000_000)}`],
    ["groups", `56${",000".repeat(250_000)}`],
    ["a huge exponent", `1e${"9".repeat(1_000_000)}`],
    ["parentheses", `${"(".repeat(500_000)}56${")".repeat(500_000)}`],
    ["signs", `${"-".repeat(1_000_000)}56`],
    ["combining marks", `56${"\u0301".repeat(1_000_000)}`],
    ["lone surrogates", "\ud800".repeat(1_000_000)],
    ["zero-width characters", `${"\u200b".repeat(1_000_000)}56`],
    ["space, and nothing", " \n\u3000".repeat(300_000)],
    ["space between", `5${" ".repeat(1_000_000)}6`],
    ["the value again and again", "56 ".repeat(300_000)],
    ["backslashes", "\\".repeat(1_000_000)],
  ])("a megabyte of %s scores 0", (_, answer) => {
    expect(gradeOf(answer, "56")).toMatchObject({ score: 0, value: null });
  });

  test("is one of three scores for any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e90, max: 1e90 }),
        (answer, reference) => {
          fc.pre(parseReference(reference).ok);
          expect([0, 0.5, 1]).toContain(scoreOf(answer, reference));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** Two values with few digits and units, so that equal ones are frequent. */
const smallValue = fc.record({
  negative: fc.boolean(),
  digits: fc.constantFrom(0, 7, 56, 560, 700, 5600, 7000, 56_000, 56_000_000),
  places: fc.integer({ min: 0, max: 4 }),
  unit: fc.constantFrom<Value["unit"][]>("", "%", "thousand", "million"),
});
const nearbyValues = fc.tuple(smallValue, smallValue);

const exponents: Record<Value["unit"], number> = { "": 0, "%": -2, thousand: 3, million: 6, billion: 9, trillion: 12 };
const isMagnitude = (unit: Value["unit"]) => exponents[unit] > 0;

/** The value in units of 10^-10. */
function fixed({ negative, digits, places, unit }: Value): bigint {
  return BigInt(negative ? -digits : digits) * 10n ** BigInt(10 - places + exponents[unit]);
}

function plain({ negative, digits, places, unit }: Value): string {
  return `${negative ? "-" : ""}${digits}e-${places} ${unit}`;
}

function spelledWithBothSigns(value: Value): fc.Arbitrary<[string, string]> {
  return fc.tuple(spellingOf({ ...value, negative: true }), spellingOf({ ...value, negative: false }));
}
