/**
 * Reads a text that is one numeric value and nothing else: "$56 million", "-7.0 %", "(12.5)", "700 bps", "1,234.50", "1e-05".
 * Never takes a number out of a sentence, never evaluates, never guesses: what is not understood as a whole is refused.
 *
 * Sequence: trim → bound → plain characters → tokens → order of the tokens → quantity.
 */
import { plainCharacters, trimmed } from "./characters.ts";
import { type Decimal, formatDecimal, negate, parseDecimal, shift } from "./decimal.ts";
import { type Reading, refuse, understood } from "./reading.ts";
import { type Kind, type Token, tokenise } from "./tokens.ts";
import { currencies, isSharedSign, magnitudes, mayBeSameCurrency, ratioUnits, type Unit } from "./units.ts";

/** A value as it is written. It states a magnitude or a ratio unit or neither; a ratio has no currency. */
export interface Quantity {
  /** The number with its sign and its places as written, before magnitude and ratio unit. */
  readonly number: Decimal;
  readonly magnitude: Unit | null;
  readonly ratioUnit: Unit | null;
  readonly currency: string | null;
}

/** The longest value spelled out with sign, currency, separators and magnitude has about 50 characters. */
const longestValue = 64;

/** The quantity that the text is. Bounded work after one linear scan for the space around it. */
export function parseQuantity(text: string): Reading<Quantity> {
  const value = trimmed(text);
  if (value === "") return refuse("is empty");
  if (value.length > longestValue) return refuse("is longer than a single value");
  const plain = plainCharacters(value);
  if (!/\d/.test(plain)) return refuse("holds no number");
  const tokens = tokenise(withoutFinalDot(plain));
  return tokens.ok ? assemble(tokens.value) : tokens;
}

/** The number that the quantity stands for: 0.07 for "7%", 56000000 for "56 million", with its places as stated. */
export function valueOf({ number, magnitude, ratioUnit }: Quantity): Decimal {
  return shift(number, magnitude?.exponent ?? ratioUnit?.exponent ?? 0);
}

/** One spelling for each quantity, which reads as the same where it is not too long: "-$3.4 billion", "7%", "56 million EUR". */
export function formatQuantity({ number, magnitude, ratioUnit, currency }: Quantity): string {
  const isSign = currency !== null && isSharedSign(currency);
  const written = formatDecimal(number).replace(/^-?/, (minus) => (isSign ? minus + currency : minus));
  if (ratioUnit?.name === "%") return `${written}%`;
  const units = [magnitude?.name, ratioUnit?.name, isSign ? null : currency];
  return [written, ...units.filter((unit) => unit != null)].join(" ");
}

/** The order of a value's tokens, a character each: sign and currency before, units after, parentheses around. */
const knownOrder = /^(?:±¤?|¤±?|¤?\(¤?)?9[M%¤]{0,2}(?:\)[M%¤]{0,2})?$/;
const characterOf: Record<Kind, string> = {
  sign: "±",
  currency: "¤",
  open: "(",
  number: "9",
  magnitude: "M",
  ratio: "%",
  close: ")",
};

function assemble(tokens: readonly Token[]): Reading<Quantity> {
  const order = tokens.map(({ kind }) => characterOf[kind]).join("");
  if (/9.*9/.test(order)) return refuse("holds more than one number");
  if (!isKnownOrder(order)) return refuse("has its signs and units in no order known");

  const textOf = (kind: Kind): string => tokens.find((token) => token.kind === kind)?.text ?? "";
  const number = parseDecimal(textOf("number").replaceAll(/[, ']/g, ""));
  if (number === undefined) return refuse("is a number out of all range");
  const currency = commonCurrency(tokens);
  if (!currency.ok) return currency;
  const isNegative = textOf("sign") === "-" || order.includes("(");
  return understood({
    number: isNegative ? negate(number) : number,
    magnitude: magnitudes.get(textOf("magnitude")) ?? null,
    ratioUnit: ratioUnits.get(textOf("ratio")) ?? null,
    currency: currency.value,
  });
}

function isKnownOrder(order: string): boolean {
  const isBalanced = order.includes("(") === order.includes(")");
  const mixesUnits = /[M%].*[M%]|¤.*%|%.*¤/.test(order);
  return knownOrder.test(order) && isBalanced && !mixesUnits;
}

/**
 * "$56 USD" names one currency twice; the code tells more than the sign. The second name is a word: between two signs
 * the number is LaTeX's ("$56$"), which is no formatting of values.
 */
function commonCurrency(tokens: readonly Token[]): Reading<string | null> {
  const [first, second, ...others] = tokens.filter(({ kind }) => kind === "currency").map(({ text }) => text);
  if (first === undefined) return understood(null);
  const currency = currencies.get(first) ?? first;
  if (second === undefined) return understood(currency);
  const again = currencies.get(second) ?? second;
  const isOneCurrency = others.length === 0 && /[a-z]$/.test(second) && mayBeSameCurrency(currency, again);
  if (!isOneCurrency) return refuse("names more than one currency, or one by two signs");
  return understood(isSharedSign(currency) ? again : currency);
}

/** Takes away a sentence's dot, but not the second of two: that is no formatting. */
function withoutFinalDot(text: string): string {
  return text.endsWith("..") ? text : text.replace(/ *\.$/, "");
}
