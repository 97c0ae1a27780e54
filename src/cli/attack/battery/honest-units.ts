/** Known-good answers: the reference's units in every spelling that must be paid 1. Pure. */
import { type Decimal, formatDecimal, shift } from "../../../grading/decimal.ts";
import { valueOf } from "../../../grading/quantity.ts";
import type { Family } from "../probe.ts";
import { digitsOf, grouped, isBare } from "../written.ts";
import { spelling, withUnits } from "./spelling.ts";

const magnitudeSpellings: Readonly<Record<string, readonly string[]>> = {
  thousand: ["k", "K", " thousand", " Thousands"],
  million: ["M", "m", "mm", " mn", " million", " MILLION", " mln"],
  billion: ["B", "bn", " billion", " bln"],
  trillion: ["T", "tn", " trillion"],
};

/** Before and after a number. A shared sign, "$", may stand for any of its currencies. */
const currencySpellings: Readonly<Record<string, readonly (readonly [before: string, after: string])[]>> = {
  $: [
    ["$", ""],
    ["$ ", ""],
    ["US$", ""],
    ["USD ", ""],
    ["", " USD"],
    ["", " dollars"],
    ["$", " USD"],
  ],
  USD: [
    ["$", ""],
    ["US$", ""],
    ["", " USD"],
    ["", " US dollars"],
  ],
  EUR: [
    ["€", ""],
    ["€ ", ""],
    ["EUR ", ""],
    ["", " EUR"],
    ["", " euros"],
    ["", "€"],
  ],
  GBP: [
    ["£", ""],
    ["GBP ", ""],
    ["", " GBP"],
    ["", " pounds"],
  ],
  JPY: [
    ["¥", ""],
    ["JPY ", ""],
    ["", " yen"],
  ],
};

export const honestUnits: Family = {
  name: "units",
  classes: [
    spelling(
      "currency",
      "A currency's sign, code or name, of the reference's currency or where it states none.",
      (quantity) => {
        if (quantity.ratioUnit !== null) return [];
        const spellings = currencySpellings[quantity.currency ?? "$"] ?? [];
        const magnitude = quantity.magnitude === null ? "" : ` ${quantity.magnitude.name}`;
        return spellings.map(([before, after]) => `${before}${digitsOf(quantity)}${magnitude}${after}`);
      },
    ),
    spelling(
      "magnitude",
      "The reference's magnitude in other spellings, written out, or as another magnitude.",
      (quantity) => {
        const name = quantity.magnitude?.name;
        if (name === undefined) return [];
        const value = unsigned(valueOf(quantity));
        const spelled = (magnitudeSpellings[name] ?? []).map((unit) => digitsOf(quantity) + unit);
        const inThousands = `${unsigned(shift(valueOf(quantity), -3))} thousand`;
        const inBillions = `${unsigned(shift(valueOf(quantity), -9))} billion`;
        return [...spelled, value, grouped(value, ","), inThousands, inBillions];
      },
    ),
    spelling(
      "magnitude-left-out",
      "The number alone, where the reference states a magnitude: headings state it.",
      (quantity) =>
        quantity.magnitude === null ? [] : withUnits({ ...quantity, magnitude: null }, digitsOf(quantity)),
    ),
    spelling("percent", "A percentage in other spellings, as a ratio and in basis points.", (quantity) => {
      return quantity.ratioUnit === null ? [] : ratioSpellings(valueOf(quantity));
    }),
    spelling("ratio", "A plain ratio as a percentage and in basis points.", (quantity) =>
      isBare(quantity) ? ratioSpellings(quantity.number) : [],
    ),
  ],
};

/** Of 0.07: "0.07", "7%", "7 percent", "700 bps", … */
function ratioSpellings(ratio: Decimal): string[] {
  const [percent, basisPoints] = [unsigned(shift(ratio, 2)), unsigned(shift(ratio, 4))];
  const signs = ["%", " %", " percent", " per cent", "pct", "％", " Percent", " percentage points"];
  const points = [" bps", " basis points", "bp"];
  return [unsigned(ratio), ...signs.map((sign) => percent + sign), ...points.map((unit) => basisPoints + unit)];
}

const unsigned = (number: Decimal) => formatDecimal(number).replace("-", "");
