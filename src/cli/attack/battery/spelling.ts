/** Other spellings of a numeric reference. Pure. */
import type { Quantity } from "../../../grading/quantity.ts";
import { probeClass, type ProbeClass, right } from "../probe.ts";
import { digitsOf, isNegative } from "../written.ts";

/**
 * A class of other spellings of a number. `spell` writes it without its sign, which the class puts before. A number so large or
 * small that it is written with a power of ten has no others.
 */
export function spelling(
  name: string,
  description: string,
  spell: (quantity: Quantity) => readonly string[],
): ProbeClass {
  return probeClass({
    name,
    description,
    needs: ["quantity"],
    probes: ({ quantity }) => {
      if (digitsOf(quantity).includes("e")) return [];
      return spell(quantity).map((text) => right(isNegative(quantity) ? `-${text}` : text));
    },
  });
}

/** The number with the reference's units in plain words; of dollars also without their sign. */
export function withUnits({ magnitude, ratioUnit, currency }: Quantity, number: string): string[] {
  const name = magnitude?.name ?? ratioUnit?.name ?? "";
  const withUnit = name === "" || name === "%" ? number + name : `${number} ${name}`;
  return currency === "$" ? [withUnit, `$${withUnit}`] : [withUnit];
}
