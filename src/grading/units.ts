/**
 * The words and signs that may stand beside a number in a value: magnitudes, percentages, currencies. All lower case.
 * Any other word may change what the number says ("decrease", "per share", "shares"), so it is none of a value's.
 */

/** A magnitude or percentage: its one name and the power of ten it stands for. */
export interface Unit {
  readonly name: string;
  readonly exponent: number;
}

/** By spelling. "m" is million, as finance writes it now, never a metre or a thousand. */
export const magnitudes = bySpelling<Unit>([
  [{ name: "thousand", exponent: 3 }, ["thousands", "thousand", "k"]],
  [{ name: "million", exponent: 6 }, ["millions", "million", "mln", "mm", "mn", "m"]],
  [{ name: "billion", exponent: 9 }, ["billions", "billion", "bln", "bn", "b"]],
  [{ name: "trillion", exponent: 12 }, ["trillions", "trillion", "trn", "tn", "t"]],
]);

/** By spelling: what makes a number a ratio. */
export const ratioUnits = bySpelling<Unit>([
  [{ name: "%", exponent: -2 }, ["%", "percentage points", "percentage point", "percent", "per cent", "pct"]],
  [{ name: "bps", exponent: -4 }, ["basis points", "basis point", "bps", "bp"]],
]);

/** By spelling: the ISO code, or the sign itself where several currencies share it. */
export const currencies = bySpelling<string>([
  ["$", ["$", "dollars", "dollar"]],
  ["¥", ["¥"]],
  ["USD", ["usd", "us$", "us dollars", "us dollar"]],
  ["CAD", ["cad", "ca$", "c$"]],
  ["AUD", ["aud", "au$", "a$"]],
  ["NZD", ["nzd", "nz$"]],
  ["HKD", ["hkd", "hk$"]],
  ["SGD", ["sgd", "s$"]],
  ["EUR", ["eur", "€", "euros", "euro"]],
  ["GBP", ["gbp", "£", "pounds", "pound"]],
  ["JPY", ["jpy", "yen"]],
  ["CNY", ["cny", "rmb", "yuan"]],
  ["INR", ["inr", "₹", "rupees", "rupee"]],
  ["CHF", ["chf"]],
]);

const sharedSigns = new Map<string, readonly string[]>([
  ["$", ["USD", "CAD", "AUD", "NZD", "HKD", "SGD"]],
  ["¥", ["JPY", "CNY"]],
]);

/** Whether a currency is a sign that several share, rather than a code. */
export function isSharedSign(currency: string): boolean {
  return sharedSigns.has(currency);
}

/** Whether two currencies can be the same one: "$" can be each of the dollars. */
export function mayBeSameCurrency(a: string, b: string): boolean {
  return a === b || (sharedSigns.get(a)?.includes(b) ?? false) || (sharedSigns.get(b)?.includes(a) ?? false);
}

function bySpelling<Meaning>(rows: readonly (readonly [Meaning, readonly string[]])[]): ReadonlyMap<string, Meaning> {
  return new Map(
    rows.flatMap(([meaning, spellings]) => spellings.map((spelling): [string, Meaning] => [spelling, meaning])),
  );
}
