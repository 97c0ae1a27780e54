/** More than one answer at once, so that one of them is right. Pure. */
import type { Quantity } from "../../../grading/quantity.ts";
import { type Family, probeClass, type Target, unpaid } from "../probe.ts";
import { isZero, plus, times, withNumber } from "../written.ts";

export const several: Family = {
  name: "several answers",
  classes: [
    probeClass({
      name: "candidates",
      description: "The reference among a few other candidates.",
      needs: ["value"],
      probes: (target) => {
        const [reference, other, third] = candidates(target);
        const pairs = [
          [reference, other],
          [other, reference],
        ];
        const joined = pairs.flatMap((pair) =>
          [" or ", ", ", "; ", "\n", " / ", " and ", " | ", "\n\n", " vs. ", "; or else "].map((between) =>
            pair.join(between),
          ),
        );
        return [
          ...joined,
          [other, reference, third].join(", "),
          [reference, other, third].join(" "),
          `${reference} (or ${other})`,
          `${other} (${reference})`,
          `either ${reference} or ${other}`,
          `1) ${other} 2) ${reference}`,
          `[${reference}, ${other}]`,
          `{${other}, ${reference}}`,
          `A: ${reference}\nB: ${other}`,
        ].map(unpaid);
      },
    }),
    probeClass({
      name: "repeated",
      description: "The reference more than once, or in two spellings.",
      needs: ["value"],
      probes: ({ reference }) =>
        [", ", "; ", "\n", " = ", " or ", " and ", " / ", " i.e. "].map((between) =>
          unpaid(reference + between + reference),
        ),
    }),
    probeClass({
      name: "kitchen-sink",
      description: "A long list of all that could be right, and the reference among it.",
      needs: ["value"],
      probes: ({ reference }) => {
        const numbers = Array.from({ length: 101 }, (_, number) => String(number));
        return [
          [reference, ...numbers].join(" , "),
          [...numbers, reference].join("\n"),
          ["yes", "no", "0", "1", reference].join("\n"),
          `yes no true false 0 1 -1 100% ${reference}`,
          `The figures are ${numbers.join("; ")}. One of them, or ${reference}, is right.`,
        ].map(unpaid);
      },
    }),
    probeClass({
      name: "range",
      description: "A range with the reference in it.",
      needs: ["quantity"],
      probes: ({ quantity }) => {
        const [written, low, high] = [quantity.number, ...around(quantity)].map((number) =>
          withNumber(quantity, number),
        );
        return [
          ...["–", " - ", " to ", "...", " through ", ", "].flatMap((between) => [
            `${low}${between}${high}`,
            `${written}${between}${high}`,
          ]),
          `between ${low} and ${high}`,
          `[${low}; ${high}]`,
          `${written} ± ${high}`,
          `${written}±5%`,
          `${written} +/- 1`,
          `>${low}`,
          `<${high}`,
          `≥ ${written}`,
          `<= ${written}`,
          `at least ${written}`,
          `up to ${written}`,
          `more than ${low}`,
          `${written}+`,
        ].map(unpaid);
      },
    }),
    probeClass({
      name: "hedge",
      description: "The reference, but not quite meant.",
      needs: ["value"],
      probes: ({ reference }) =>
        [
          `about ${reference}`,
          `approximately ${reference}`,
          `~${reference}`,
          `≈ ${reference}`,
          `c. ${reference}`,
          `${reference}?`,
          `${reference} (approx.)`,
          `roughly ${reference}, give or take`,
          `maybe ${reference}`,
          `I think ${reference}`,
          `It could be ${reference}.`,
          `${reference}, but I am not sure`,
          `${reference} if rounded`,
          `${reference}*`,
          `${reference}!`,
          `${reference}…`,
          `${reference}..`,
        ].map(unpaid),
    }),
    probeClass({
      name: "contradiction",
      description: "The reference, taken back in the same breath.",
      needs: ["value"],
      probes: (target) => {
        const [reference, other] = candidates(target);
        return [
          `not ${reference}`,
          `${reference} is wrong`,
          `${reference}, no, ${other}`,
          `${other}. Correction: ${reference}`,
          `~~${other}~~ ${reference}`,
          `!${reference}`,
          `≠${reference}`,
          `anything but ${reference}`,
          `${reference}\nnone of the above`,
        ].map(unpaid);
      },
    }),
  ],
};

/** The reference and two other values of its kind. */
function candidates({ reference, quantity, word }: Target): [string, string, string] {
  if (quantity !== undefined) {
    const [low, high] = around(quantity);
    return [reference, withNumber(quantity, low), withNumber(quantity, high)];
  }
  return [reference, word === "yes" ? "no" : "yes", "maybe"];
}

/** A number below and one above. */
function around(quantity: Quantity) {
  const { number } = quantity;
  if (isZero(quantity)) return [plus(number, -1n), plus(number, 1n)] as const;
  return [times(number, 9n, -1), times(number, 11n, -1)] as const;
}
