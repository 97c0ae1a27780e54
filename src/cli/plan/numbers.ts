/** How a plan's numbers are written: short, for columns of a terminal. Pure. */

const UNITS = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** Three digits and a letter, as `1.25 M`; whole numbers below 10,000 as they are. */
export function short(number: number): string {
  if (number < 10_000 && Number.isInteger(number)) return number.toLocaleString("en");
  if (number >= 1e15) return number.toExponential(2);
  const [unit, letter] = UNITS.find(([least]) => number >= least * 0.9995) ?? [1, ""];
  return `${Number((number / unit).toPrecision(3))}${letter && ` ${letter}`}`;
}

/** A whole number in full, as `103,600`; one too long for a column shortened. */
export function whole(number: number): string {
  return number < 1e9 ? Math.round(number).toLocaleString("en") : short(number);
}

/** Seconds as a person says them, as `1 min 22 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${short(seconds)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 3_600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  if (rounded < 48 * 3_600) return `${short(seconds / 3_600)} h`;
  return `${short(seconds / 86_400)} days`;
}

export function bytes(number: number): string {
  const text = short(Math.round(number));
  return /\d$/.test(text) ? `${text} B` : `${text}B`;
}

export const money = (amount: number) => (amount < 1e7 ? amount.toLocaleString("en", TWO_PLACES) : short(amount));
const TWO_PLACES = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
