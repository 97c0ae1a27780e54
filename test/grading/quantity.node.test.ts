import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatQuantity, parseQuantity } from "../../src/grading/quantity.ts";
import { anyValue, spellingOf } from "./spellings.ts";

/** The text as understood, or the reason why not in angle brackets. */
function read(text: string): string {
  const quantity = parseQuantity(text);
  return quantity.ok ? formatQuantity(quantity.value) : `<${quantity.reason}>`;
}

describe("a value alone is understood", () => {
  test.each([
    ["56", "56"],
    ["+56", "56"],
    ["1,234,567.80", "1234567.8"],
    ["1 234 567", "1234567"],
    ["1'234'567", "1234567"],
    ["1’234’567", "1234567"],
    ["10 .", "10"],
    ["33.%", "33%"],
    [".3%", "0.3%"],
    ["-.1", "-0.1"],
    ["１，２３４．５", "1234.5"],
    ["−12.5", "-12.5"],
    ["– 12.5", "-12.5"],
    ["(12.5)", "-12.5"],
    ["( $ 5.83 )", "-$5.83"],
    ["$(5.83)", "-$5.83"],
    ["$(5.83) million", "-$5.83 million"],
    ["(7)%", "-7%"],
    ["(7%)", "-7%"],
    ["-$3.4bn", "-$3.4 billion"],
    ["$-3.4", "-$3.4"],
    ["US$ 56 M", "56 million USD"],
    ["56 million USD", "56 million USD"],
    ["56 USD million", "56 million USD"],
    ["$56 USD", "56 USD"],
    ["$56 dollars", "$56"],
    ["3.4€", "3.4 EUR"],
    ["EUR 3.4bn", "3.4 billion EUR"],
    ["£12k", "12 thousand GBP"],
    ["￥500", "¥500"],
    ["7 PCT.", "7%"],
    ["7 per cent", "7%"],
    ["2 percentage points", "2%"],
    ["700 basis points", "700 bps"],
    ["1e-05", "0.00001"],
    ["1.5E6", "1500000"],
    ["1e−5", "0.00001"],
    ["007", "7"],
    ["\u3000 56 \r\n", "56"],
  ])("%j is %s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test("every spelling of a value is understood, and its one spelling reads as the same", () => {
    const spelled = anyValue.chain((value) => spellingOf(value));
    fc.assert(
      fc.property(spelled, (text) => {
        const once = read(text);
        expect(once).not.toContain("<");
        expect(read(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("anything else is refused, with the reason", () => {
  test.each([
    ["", "is empty"],
    [" \n\t", "is empty"],
    ["9".repeat(65), "is longer than a single value"],
    ["NaN", "holds no number"],
    ["-Infinity", "holds no number"],
    ["∞", "holds no number"],
    ["fifty-six", "holds no number"],
    ["—", "holds no number"],
    ["٥٦", "holds no number"],
    ["५६", "holds no number"],
    ["𝟓𝟔", "holds no number"],
    ["²", "holds no number"],
    ["56 57", "holds more than one number"],
    ["5 6", "holds more than one number"],
    ["56-57", "holds more than one number"],
    ["56–57", "holds more than one number"],
    ["57 - 1", "holds more than one number"],
    ["1.234.567", "holds more than one number"],
    ["1 234 5678", "holds more than one number"],
    ["$56 million (56%)", "holds more than one number"],
    ["0b111000", "holds more than one number"],
    ["1. 56", "holds more than one number"],
    ["about 56", "has words beside the value"],
    ["56 shares", "has words beside the value"],
    ["56 or 57", "has words beside the value"],
    ["56x", "has words beside the value"],
    ["56 milliondollars", "has words beside the value"],
    ["0x38", "has words beside the value"],
    ["56n", "has words beside the value"],
    ["5e", "has words beside the value"],
    ["1e5e5", "has words beside the value"],
    ["1,5", "has separators that do not part groups of three digits"],
    ["0,123", "has separators that do not part groups of three digits"],
    ["56,00,000", "has separators that do not part groups of three digits"],
    ["1,2345", "has separators that do not part groups of three digits"],
    ["1,234'567", "has separators that do not part groups of three digits"],
    ["5'", "has separators that do not part groups of three digits"],
    ["~56", "has characters that no value has"],
    [">56", "has characters that no value has"],
    ["=56", "has characters that no value has"],
    ["56/1", "has characters that no value has"],
    ["7*8", "has characters that no value has"],
    ["5.6×10⁷", "has characters that no value has"],
    ["10²", "has characters that no value has"],
    ["56½", "has characters that no value has"],
    ["①5", "has characters that no value has"],
    ["2.3:1", "has characters that no value has"],
    ["**56**", "has characters that no value has"],
    ["`56`", "has characters that no value has"],
    ['"56"', "has characters that no value has"],
    ["'56'", "has characters that no value has"],
    ["```\n56\n```", "has characters that no value has"],
    ["\\boxed{56}", "has characters that no value has"],
    ["$56\\%$", "has characters that no value has"],
    ["[56]", "has characters that no value has"],
    ['{"answer": 56}', "has characters that no value has"],
    ["<b>56</b>", "has characters that no value has"],
    ["#56", "has characters that no value has"],
    ["1_000", "has characters that no value has"],
    ["56..", "has characters that no value has"],
    ["56!", "has characters that no value has"],
    ["56\n57", "has characters that no value has"],
    ["56\tmillion", "has characters that no value has"],
    ["5\u200b6", "has characters that no value has"],
    ["\u200f56", "has characters that no value has"],
    ["\u202e56", "has characters that no value has"],
    ["\ufeff56", "has characters that no value has"],
    ["5\u0336\u0336", "has characters that no value has"],
    ["56\u0000", "has characters that no value has"],
    ["56\ud800", "has characters that no value has"],
    ["56 \u212a", "has characters that no value has"],
    ["--56", "has its signs and units in no order known"],
    ["+-56", "has its signs and units in no order known"],
    ["56-", "has its signs and units in no order known"],
    ["-(56)", "has its signs and units in no order known"],
    ["(-56)", "has its signs and units in no order known"],
    ["((56))", "has its signs and units in no order known"],
    ["(56", "has its signs and units in no order known"],
    ["56)", "has its signs and units in no order known"],
    [")56(", "has its signs and units in no order known"],
    ["million 56", "has its signs and units in no order known"],
    ["%56", "has its signs and units in no order known"],
    ["56%%", "has its signs and units in no order known"],
    ["56 million million", "has its signs and units in no order known"],
    ["56 million thousand", "has its signs and units in no order known"],
    ["(56 million) million", "has its signs and units in no order known"],
    ["$56%", "has its signs and units in no order known"],
    ["56% million", "has its signs and units in no order known"],
    ["56 bps %", "has its signs and units in no order known"],
    ["$$56", "has its signs and units in no order known"],
    ["$56$", "names more than one currency, or one by two signs"],
    ["$56 EUR", "names more than one currency, or one by two signs"],
    ["€56 £", "names more than one currency, or one by two signs"],
    ["1e999999999", "is a number out of all range"],
    ["1e-999999999", "is a number out of all range"],
    ["0e100", "is a number out of all range"],
  ])("%j %s", (text, reason) => {
    expect(read(text)).toBe(`<${reason}>`);
  });

  test("a foreign character anywhere spoils a value", () => {
    const foreign = fc
      .integer({ min: 0x80, max: 0x10ffff })
      .filter((code) => !isTypographic(code))
      .map((code) => String.fromCodePoint(code));
    fc.assert(
      fc.property(foreign, fc.integer({ min: 0, max: 6 }), (character, at) => {
        const text = `${"$56.7m".slice(0, at)}${character}${"$56.7m".slice(at)}`;
        expect(parseQuantity(text).ok).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("no text throws", () => {
    const anyText = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.string({ unit: fc.constantFrom(..."0123456789.,-+$%()e mkbt'€−"), maxLength: 40 }),
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const once = read(text);
        expect(once.startsWith("<") || once.length > 64 || read(once) === once).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Characters outside ASCII that are formatting of values: full-width forms, spaces, dashes, apostrophe, currencies. */
function isTypographic(code: number): boolean {
  const character = String.fromCodePoint(code);
  return (code >= 0xff01 && code <= 0xff5e) || /[\s\u0085‐-―−﹣’€£¥₹￡￥]/u.test(character);
}
