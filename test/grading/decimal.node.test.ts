import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Decimal,
  differOnlyInPowerOfTen,
  equals,
  formatDecimal,
  isRoundingOf,
  isTruncationOf,
  isWithin,
  negate,
  parseDecimal,
  shift,
} from "../../src/grading/decimal.ts";

const decimal = (text: string): Decimal => {
  const parsed = parseDecimal(text);
  if (parsed === undefined) throw new Error(`no decimal: ${text}`);
  return parsed;
};

const anyDecimal = fc.record({
  digits: fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
  exponent: fc.integer({ min: -60, max: 60 }),
});

describe("parseDecimal", () => {
  test.each([
    ["12", 12n, 0],
    ["-0.50", -50n, -2],
    ["+.5", 5n, -1],
    ["12.", 12n, 0],
    ["1.5e3", 15n, 2],
    ["1E-5", 1n, -5],
    ["007", 7n, 0],
    ["9".repeat(64), 10n ** 64n - 1n, 0],
  ])("reads %j with its places", (text, digits, exponent) => {
    expect(parseDecimal(text)).toEqual({ digits, exponent });
  });

  test.each([
    "",
    ".",
    "-",
    "1e",
    "e5",
    "1,5",
    "1 5",
    "1e5.5",
    "--1",
    "0x1f",
    "NaN",
    "Infinity",
    "1n",
    "１",
    "1e100",
    "1e-100",
  ])("refuses %j", (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  test("refuses what would need thousands of digits", () => {
    for (const text of ["9".repeat(65), `1e${"9".repeat(9)}`, `1e-${"9".repeat(1000)}`, `0.${"0".repeat(64)}1`]) {
      expect(parseDecimal(text)).toBeUndefined();
    }
  });
});

describe("arithmetic", () => {
  test("what is written out reads back as the same number", () => {
    fc.assert(
      fc.property(anyDecimal, (number) => {
        expect(equals(decimal(formatDecimal(number)), number)).toBe(true);
      }),
    );
  });

  test("a number equals itself in any number of places, and nothing next to it", () => {
    fc.assert(
      fc.property(anyDecimal, fc.integer({ min: 0, max: 30 }), ({ digits, exponent }, places) => {
        const finer = { digits: digits * 10n ** BigInt(places), exponent: exponent - places };
        expect(equals(finer, { digits, exponent })).toBe(true);
        expect(equals({ digits: finer.digits + 1n, exponent: finer.exponent }, { digits, exponent })).toBe(false);
      }),
    );
  });

  test("agrees with whole numbers on tolerance", () => {
    const whole = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(whole, whole, (number, reference) => {
        const expected = Math.abs(number - reference) * 1000 <= Math.abs(reference);
        const asDecimal = (value: number) => ({ digits: BigInt(value), exponent: -3 });
        expect(isWithin(asDecimal(number), asDecimal(reference), 1000n)).toBe(expected);
      }),
    );
  });

  test.each([
    ["1001", "1000", true],
    ["999", "1000", true],
    ["1001.0000001", "1000", false],
    ["-1000", "1000", false],
    ["0", "0", true],
    ["1e-99", "0", false],
  ])("%s within a thousandth of %s: %s", (number, reference, expected) => {
    expect(isWithin(decimal(number), decimal(reference), 1000n)).toBe(expected);
  });

  test.each([
    ["0.93", "0.93456", true],
    ["0.9", "0.93456", false],
    ["0.94", "0.93456", false],
    ["-0.93", "-0.93456", true],
    ["0.93", "-0.93456", false],
    ["10", "9.6", false],
    ["10.0", "9.96", true],
    ["1.0e2", "104", true],
    ["100", "104", false],
    ["0.12", "0.125", true],
    ["0.13", "0.125", true],
    ["0.00", "0.0042", false],
    ["0", "0", false],
  ])("%s is %s rounded with two digits kept: %s", (number, exact, expected) => {
    expect(isRoundingOf(decimal(number), decimal(exact), 2)).toBe(expected);
  });

  test("a power of ten leaves the digits alone", () => {
    fc.assert(
      fc.property(anyDecimal, fc.integer({ min: -20, max: 20 }), (number, places) => {
        expect(differOnlyInPowerOfTen(shift(number, places), number)).toBe(true);
        expect(differOnlyInPowerOfTen(negate(number), number)).toBe(number.digits === 0n);
      }),
    );
  });

  test.each([
    ["056.500", "56.5"],
    ["-0.00", "0"],
    ["56e6", "56000000"],
    ["-.05", "-0.05"],
    ["1e-30", "1e-30"],
    ["12e30", "12e30"],
  ])("writes %s as %s", (written, expected) => {
    expect(formatDecimal(decimal(written))).toBe(expected);
  });
});

describe("isTruncationOf", () => {
  test.each([
    ["0.28", "0.285714", true],
    ["0.29", "0.285714", false],
    ["-3", "-3.99", true],
    ["-4", "-3.99", false],
    ["5200", "5274", false],
    ["7", "7", true],
    ["7.00", "7", true],
    ["0", "0.9", true],
  ])("%s of %s: %s", (number, exact, expected) => {
    expect(isTruncationOf(decimal(number), decimal(exact))).toBe(expected);
  });
});
