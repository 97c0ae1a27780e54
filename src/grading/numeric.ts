/**
 * Scores an answer that should be one number: 1 for the reference in any format, 0.5 for very close, 0 otherwise.
 * Exact, deterministic and bounded. Never throws, whatever the answer is.
 *
 * - 1: equal values. "7%", "0.07" and "700 bps" are equal; "7" and "7%" are not. Where only one of the two states a
 *   magnitude, equal numbers before it are enough ("56" and "56 million": reports state units in headings).
 * - 0.5: within 0.1 % of the reference, or the reference rounded to the last place the answer states, at least two
 *   significant digits of the reference kept ("93.5%" for 0.93456; not "1" for 0.6, not "10" for 9.6). A whole number
 *   states its units, so "5200" is no rounding of 5174; "5.2 thousand" is.
 * - 0: everything else. A percentage never equals an amount (a magnitude or a currency), nor one currency another.
 */
import type { Grade } from "../contract/ledger.ts";
import { type Decimal, differOnlyInPowerOfTen, equals, isRoundingOf, isWithin, negate } from "./decimal.ts";
import { formatQuantity, parseQuantity, type Quantity, valueOf } from "./quantity.ts";
import { mayBeSameCurrency } from "./units.ts";
import { verdict } from "./verdict.ts";

/** "A tenth of a percent": one part in so many. */
const closeParts = 1000n;
const significantDigitsKept = 2;

/** Grades the whole text of a final answer against a numeric reference. */
export function gradeNumeric(answer: string, reference: Quantity): Grade {
  const quantity = parseQuantity(answer);
  if (!quantity.ok) return verdict(0, null, answer, `The answer ${quantity.reason}.`);
  const [score, explanation] = judge(quantity.value, reference);
  return verdict(score, formatQuantity(quantity.value), answer, explanation);
}

function judge(answer: Quantity, reference: Quantity): [score: number, explanation: string] {
  if (isRatioAgainstAmount(answer, reference)) return [0, "A percentage and an amount are never equal."];
  if (areOtherCurrencies(answer, reference)) return [0, "An amount in another currency than the reference's."];

  const pairs = comparablePairs(answer, reference);
  const some = (holds: (answer: Decimal, reference: Decimal) => boolean) => pairs.some(([a, b]) => holds(a, b));
  if (some(equals)) return [1, "Equal to the reference."];
  if (some((a, b) => isWithin(a, b, closeParts))) return [0.5, "Not equal to the reference, but within 0.1 % of it."];
  if (some((a, b) => isRoundingOf(a, b, significantDigitsKept))) {
    return [0.5, "The reference rounded to the last place that the answer states."];
  }
  if (some((a, b) => equals(negate(a), b))) return [0, "The reference's number with the other sign."];
  if (some(differOnlyInPowerOfTen)) return [0, "The reference's digits, but off by a power of ten."];
  return [0, "A number, but not the reference's."];
}

function isRatioAgainstAmount(a: Quantity, b: Quantity): boolean {
  return (isRatio(a) && isAmount(b)) || (isAmount(a) && isRatio(b));
}

const isRatio = ({ ratioUnit }: Quantity): boolean => ratioUnit !== null;
const isAmount = ({ magnitude, currency }: Quantity): boolean => magnitude !== null || currency !== null;

function areOtherCurrencies(a: Quantity, b: Quantity): boolean {
  return a.currency !== null && b.currency !== null && !mayBeSameCurrency(a.currency, b.currency);
}

/** The values, and the numbers before the magnitude where only one of the two states one. */
function comparablePairs(answer: Quantity, reference: Quantity): [answer: Decimal, reference: Decimal][] {
  const values: [Decimal, Decimal] = [valueOf(answer), valueOf(reference)];
  const onlyOneHasMagnitude = (answer.magnitude === null) !== (reference.magnitude === null);
  return onlyOneHasMagnitude ? [values, [answer.number, reference.number]] : [values];
}
