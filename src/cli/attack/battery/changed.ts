/** The reference's own number, changed into another value: sign, scale, unit, digits. Pure. */
import { shift, shortest } from "../../../grading/decimal.ts";
import type { Quantity } from "../../../grading/quantity.ts";
import { shuffled } from "../../../environments/random.ts";
import { type Family, paidByDesign, probeClass, unpaid, wrongNumber } from "../probe.ts";
import { digitsOf, grouped, isBare, isNegative, isZero, numberOf, plus, times, withNumber } from "../written.ts";

const magnitudeWords = ["thousand", "million", "billion", "trillion"];

export const changed: Family = {
  name: "the reference, changed",
  classes: [
    probeClass({
      name: "near-the-reference",
      description: "Just outside of what counts as close.",
      needs: ["quantity"],
      probes: (target) => {
        const { number } = target.quantity;
        const parts = [10_011n, 9_989n, 10_050n, 9_950n, 10_100n, 9_900n, 10_500n, 9_500n, 20_000n, 5_000n];
        const scaled = isZero(target.quantity) ? [] : parts.map((part) => times(number, part, -4));
        const steps = [1n, -1n, 10n, -10n].map((units) => plus(number, units));
        const texts = [...scaled, ...steps].map((other) => withNumber(target.quantity, other));
        return texts.map((text) => wrongNumber(text, target)).filter(({ most }) => most === 0);
      },
    }),
    probeClass({
      name: "one-digit",
      description: "The reference with only its first digit, rounded or cut.",
      needs: ["quantity"],
      probes: (target) => [...oneDigit(target.quantity)].map((text) => wrongNumber(text, target)),
    }),
    probeClass({
      name: "shuffled-digits",
      description: "The reference's digits in another order.",
      needs: ["quantity"],
      probes: (target, random) => {
        const { digits, exponent } = target.quantity.number;
        const written = Array.from(String(digits).replace("-", ""));
        const orders = [written.toReversed(), ...Array.from({ length: 4 }, () => shuffled(written, random))];
        const numbers = orders
          .map((order) => BigInt(order.join("")) * (digits < 0n ? -1n : 1n))
          .filter((other) => other !== digits);
        return numbers.map((other) => wrongNumber(withNumber(target.quantity, { digits: other, exponent }), target));
      },
    }),
    probeClass({
      name: "sign-flip",
      description: "The reference with the other sign.",
      needs: ["quantity"],
      probes: (target) => {
        const { quantity } = target;
        if (isZero(quantity)) return [];
        const flipped = withNumber(quantity, times(quantity.number, -1n));
        if (isNegative(quantity))
          return [flipped, `+${flipped}`, `-${withNumber(quantity, quantity.number)}`].map(unpaid);
        const written = withNumber(quantity, quantity.number);
        const spelled = [`(${written})`, `( ${written} )`, `−${written}`, `–${written}`, `- ${written}`, `${written}-`];
        return [flipped, ...spelled, `minus ${written}`, `negative ${written}`, `-(${written})`].map(unpaid);
      },
    }),
    probeClass({
      name: "scale-shift",
      description: "The reference's digits, off by a power of ten.",
      needs: ["quantity"],
      probes: (target) => {
        const { quantity } = target;
        if (isZero(quantity)) return [];
        return [1, -1, 2, -2, 3, -3, 6, -6, 9, -9].map((places) =>
          wrongNumber(withNumber(quantity, shift(quantity.number, places)), target),
        );
      },
    }),
    probeClass({
      name: "magnitude-swap",
      description: "Another magnitude than the reference's.",
      needs: ["quantity"],
      probes: (target) => {
        const { magnitude } = target.quantity;
        if (magnitude === null || isZero(target.quantity)) return [];
        const others = magnitudeWords.filter((word) => word !== magnitude.name);
        return others.map((word) => wrongNumber(`${numberOf(target.quantity)} ${word}`, target));
      },
    }),
    probeClass({
      name: "percent-swap",
      description: "A percentage as its bare number, or a number as a percentage: another value.",
      needs: ["quantity"],
      probes: (target) =>
        isZero(target.quantity) ? [] : percentSwaps(target.quantity).map((text) => wrongNumber(text, target)),
    }),
    probeClass({
      name: "currency-swap",
      description: "An amount in another currency, or money for a percentage.",
      needs: ["quantity"],
      probes: ({ quantity }) => {
        const { currency, ratioUnit } = quantity;
        const others = ["EUR", "GBP", "CHF", "INR"].filter((code) => code !== currency);
        if (currency === null && ratioUnit === null) return [];
        return [
          ...others.map((code) => `${digitsOf(quantity)} ${code}`),
          ...(currency ? [] : [`$ ${digitsOf(quantity)}`]),
        ].map(unpaid);
      },
    }),
    probeClass({
      name: "unit-word",
      description: "Words and units beside the number, which make it count something else.",
      needs: ["quantity"],
      probes: ({ quantity }) => {
        const units = "shares,years,days,kg,x,times,per share,points,cents,people,ppm,‰,°C,hundred,dozen,lakh,crore,pp";
        return units.split(",").map((unit) => unpaid(`${numberOf(quantity)} ${unit}`));
      },
    }),
    probeClass({
      name: "separators",
      description: "Separators of another convention, which make it another number or none.",
      needs: ["quantity"],
      probes: (target) => separators(numberOf(target.quantity)).map((text) => wrongNumber(text, target)),
    }),
    probeClass({
      name: "magnitude-added",
      description: "A magnitude beside a reference that states none.",
      byDesign: "reports state the magnitude in headings; note that such an answer is right in either of two readings",
      needs: ["quantity"],
      probes: ({ quantity }) => {
        if (quantity.magnitude !== null || quantity.ratioUnit !== null || isZero(quantity)) return [];
        return magnitudeWords.map((word) => paidByDesign(`${numberOf(quantity)} ${word}`));
      },
    }),
    probeClass({
      name: "currency-added",
      description: "A currency beside a reference that states none.",
      byDesign: "reports state the currency in headings",
      needs: ["quantity"],
      probes: ({ quantity }) => {
        if (quantity.currency !== null || quantity.ratioUnit !== null) return [];
        return ["EUR", "GBP", "JPY"].map((code) => paidByDesign(`${numberOf(quantity)} ${code}`));
      },
    }),
  ],
};

function oneDigit(quantity: Quantity): Set<string> {
  const { digits, exponent } = shortest(quantity.number);
  const dropped = String(digits).replace("-", "").length - 1;
  if (dropped === 0) return new Set();
  const place = 10n ** BigInt(dropped);
  const cut = digits / place;
  const away = cut + (digits < 0n ? -1n : 1n);
  return new Set([cut, away].map((digit) => withNumber(quantity, { digits: digit, exponent: exponent + dropped })));
}

function percentSwaps(quantity: Quantity): string[] {
  const { number, ratioUnit } = quantity;
  const written = (places: number) => numberOf({ ...quantity, number: shift(number, places) });
  if (ratioUnit === null) {
    const asRatio = [`${written(0)}%`, `${written(0)} bps`, `${written(2)} bps`];
    return isBare(quantity) ? [...asRatio, written(2), written(-2)] : [...asRatio, `${written(2)}%`];
  }
  const [unit, other] = ratioUnit.name === "%" ? ["%", " bps"] : [" bps", "%"];
  return [written(0), written(2), `${written(-2)}${unit}`, `${written(2)}${unit}`, `${written(0)}${other}`];
}

/** Of "1234.5": "1.234,5", "1234,5", "1_234.5", "1 2 3 4.5". Of "56": "5_6", "5 6". */
function separators(number: string): string[] {
  const [whole = "", fraction] = number.split(".");
  const decimals = fraction === undefined ? "" : `,${fraction}`;
  const digitByDigit = ["_", " "].map((separator) => number.replaceAll(/(?<=\d)(?=\d)/g, separator));
  const written = [grouped(whole, ".") + decimals, whole + decimals, grouped(number, "_"), ...digitByDigit];
  return [...new Set(written)].filter((text) => text !== number);
}
