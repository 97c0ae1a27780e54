/** Known-good answers: the reference's number in every format that must be paid 1. Pure. */
import { shift } from "../../../grading/decimal.ts";
import { type Family, probeClass, right } from "../probe.ts";
import { digitsOf, grouped, isNegative, isZero } from "../written.ts";
import { spelling, withUnits } from "./spelling.ts";

export const honestNumbers: Family = {
  name: "numbers",
  classes: [
    spelling("plain", "The number in its plainest form, units kept.", (quantity) =>
      withUnits(quantity, digitsOf(quantity)),
    ),
    spelling("trailing-zeros", "Zeros after the fraction.", (quantity) => {
      const pointed = digitsOf(quantity).includes(".") ? digitsOf(quantity) : `${digitsOf(quantity)}.`;
      return [`${pointed}0`, `${pointed}00`, `${pointed}0000`].flatMap((number) => withUnits(quantity, number));
    }),
    spelling("final-dot", "A sentence's dot at the end.", (quantity) =>
      withUnits(quantity, digitsOf(quantity)).map((text) => `${text}.`),
    ),
    spelling("grouped", "Thousands separated by commas, spaces or apostrophes.", (quantity) => {
      const separated = [",", " ", "\u00a0", "\u2009", "\u202f", "'", "’"].map((separator) =>
        grouped(digitsOf(quantity), separator),
      );
      return separated
        .filter((number) => number !== digitsOf(quantity))
        .flatMap((number) => withUnits(quantity, number));
    }),
    spelling("full-width", "Full-width digits.", (quantity) =>
      withUnits(quantity, digitsOf(quantity)).map((text) => text.replaceAll(/[\d.,%]/g, widened)),
    ),
    spelling("exponent", "Scientific notation.", (quantity) =>
      quantity.magnitude === null && quantity.ratioUnit === null
        ? [-1, 1, 2].map((power) => `${digitsOf({ ...quantity, number: shift(quantity.number, -power) })}e${power}`)
        : [],
    ),
    spelling("no-leading-zero", "A fraction without the zero before its point.", (quantity) =>
      digitsOf(quantity).startsWith("0.") ? withUnits(quantity, digitsOf(quantity).slice(1)) : [],
    ),
    probeClass({
      name: "negative",
      description: "Minus signs of typography, and parentheses.",
      needs: ["quantity"],
      probes: ({ quantity }) => {
        if (!isNegative(quantity)) return [];
        const written = withUnits(quantity, digitsOf(quantity));
        const signed = written.flatMap((text) => ["-", "−", "–", "－", "- "].map((minus) => minus + text));
        return [...signed, ...written.flatMap((text) => [`(${text})`, `( ${text} )`])].map(right);
      },
    }),
    probeClass({
      name: "plus",
      description: "A plus sign.",
      needs: ["quantity"],
      probes: ({ quantity }) =>
        isNegative(quantity) || isZero(quantity)
          ? []
          : withUnits(quantity, digitsOf(quantity)).map((text) => right(`+${text}`)),
    }),
  ],
};

const widened = (character: string) => String.fromCharCode(character.charCodeAt(0) + 0xfee0);
