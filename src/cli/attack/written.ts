/** Writes numbers for the battery, exactly. Pure. */
import { type Decimal, formatDecimal } from "../../grading/decimal.ts";
import { formatQuantity, type Quantity, valueOf } from "../../grading/quantity.ts";

/** The number before magnitude and ratio unit, with its sign: "-56" for "-$56 million". */
export const numberOf = ({ number }: Quantity): string => formatDecimal(number);

/** The same without its sign. */
export const digitsOf = (quantity: Quantity): string => numberOf(quantity).replace("-", "");

/** What the quantity stands for, as one plain number: "-56000000", "0.07". */
export const plainValue = (quantity: Quantity): string => formatDecimal(valueOf(quantity));

/** The quantity with another number, its units kept: "-$57 million". */
export const withNumber = (quantity: Quantity, number: Decimal): string => formatQuantity({ ...quantity, number });

/** The number times `factor` times 10^`places`. */
export function times({ digits, exponent }: Decimal, factor: bigint, places = 0): Decimal {
  return { digits: digits * factor, exponent: exponent + places };
}

/** The number and `units` of its last written place. */
export function plus({ digits, exponent }: Decimal, units: bigint): Decimal {
  return { digits: digits + units, exponent };
}

export const isZero = ({ number }: Quantity): boolean => number.digits === 0n;
export const isNegative = ({ number }: Quantity): boolean => number.digits < 0n;
/** Whether it states neither magnitude nor ratio unit nor currency. */
export const isBare = ({ magnitude, ratioUnit, currency }: Quantity): boolean =>
  magnitude === null && ratioUnit === null && currency === null;

/** The digits before the point in groups of three: "1,234.5". */
export const grouped = (number: string, separator: string): string =>
  number.replaceAll(/(?<!\..*)\B(?=(?:\d{3})+(?!\d))/g, separator);

/** The text with each of its characters replaced where the map has one. */
export const mapped = (text: string, characters: Readonly<Record<string, string>>): string =>
  Array.from(text, (character) => characters[character] ?? character).join("");
