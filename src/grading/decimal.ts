/**
 * Exact decimal numbers: an integer times a power of ten. Never rounds, never uses floating point, and never works on
 * more than a few hundred digits: `parseDecimal` refuses what would need them.
 */

/**
 * The number digits × 10^exponent. Digits are kept as written, so 1.50 is 150 × 10^-2 and its last written place is
 * 10^exponent.
 */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** No reported figure comes near 10^99; two digits of exponent keep every power of ten small. */
const largestExponent = 99;
/** A 64-bit float written out in full has 17 significant digits; annual reports have 15. */
const mostDigits = 64;

/**
 * Reads plain or e-notation: "12", "-0.50", ".5", "12.", "+1.5E-3". ASCII only, no separators, no spaces.
 * Undefined for anything else, and for more than 64 digits or an exponent beyond ±99.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  const [, sign = "", whole = "", fraction = "", power = "0"] = match ?? [];
  const written = whole + fraction;
  const shiftBy = Number(power);
  if (written === "" || written.length > mostDigits || Math.abs(shiftBy) > largestExponent) return undefined;
  return {
    digits: BigInt(`${sign === "-" ? "-" : ""}${written}`),
    exponent: shiftBy - fraction.length,
  };
}

/** The number times 10^places. */
export function shift(number: Decimal, places: number): Decimal {
  return { digits: number.digits, exponent: number.exponent + places };
}

export function negate(number: Decimal): Decimal {
  return { digits: -number.digits, exponent: number.exponent };
}

export function equals(a: Decimal, b: Decimal): boolean {
  const [left, right] = aligned(a, b);
  return left === right;
}

/** Whether |number − reference| ≤ |reference| ÷ parts. Of a reference of zero, only zero is. */
export function isWithin(number: Decimal, reference: Decimal, parts: bigint): boolean {
  const [left, right] = aligned(number, reference);
  return magnitude(left - right) * parts <= magnitude(right);
}

/**
 * Whether `number` is `exact` rounded to the last place that `number` states, with at least `significant` digits of
 * `exact` kept. Of an exact tie both neighbours are (half up and half even are both in use).
 */
export function isRoundingOf(number: Decimal, exact: Decimal, significant: number): boolean {
  const [left, right] = aligned(number, exact);
  const place = powerOfTen(number.exponent - Math.min(number.exponent, exact.exponent));
  const kept = magnitude(right) >= place * powerOfTen(significant - 1);
  return kept && 2n * magnitude(left - right) <= place;
}

/** Whether `number` is `exact` without what follows the last place that `number` states. */
export function isTruncationOf(number: Decimal, exact: Decimal): boolean {
  const [left, right] = aligned(number, exact);
  const place = powerOfTen(number.exponent - Math.min(number.exponent, exact.exponent));
  return (right / place) * place === left;
}

/** Whether one is the other times a power of ten; zero is only of zero. */
export function differOnlyInPowerOfTen(a: Decimal, b: Decimal): boolean {
  return shortest(a).digits === shortest(b).digits;
}

/** The number without needless zeros: "-12.5", "56000000"; far from one in e-notation: "1e-30". */
export function formatDecimal(number: Decimal): string {
  const { digits, exponent } = shortest(number);
  const sign = digits < 0n ? "-" : "";
  const written = magnitude(digits).toString();
  if (exponent > longestZeros || exponent < -longestZeros) return `${sign}${written}e${exponent}`;
  if (exponent >= 0) return `${sign}${written}${"0".repeat(exponent)}`;
  const padded = written.padStart(1 - exponent, "0");
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** Beyond this many places a row of zeros reads worse than an exponent. */
const longestZeros = 20;

/** Both numbers as integers of one common unit. */
function aligned(a: Decimal, b: Decimal): [bigint, bigint] {
  const unit = Math.min(a.exponent, b.exponent);
  return [a.digits * powerOfTen(a.exponent - unit), b.digits * powerOfTen(b.exponent - unit)];
}

/** The same number with as few digits as it takes. */
export function shortest({ digits, exponent }: Decimal): Decimal {
  if (digits % 10n !== 0n) return { digits, exponent };
  if (digits === 0n) return { digits, exponent: 0 };
  const zeros = /0*$/.exec(digits.toString())?.[0].length ?? 0;
  return { digits: digits / powerOfTen(zeros), exponent: exponent + zeros };
}

const magnitude = (integer: bigint): bigint => (integer < 0n ? -integer : integer);
const powerOfTen = (exponent: number): bigint => 10n ** BigInt(exponent);
