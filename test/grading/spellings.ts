/** Ways to write one value that a reader must take for the same. Test material. */
import fc from "fast-check";

export interface Value {
  negative: boolean;
  /** The number's digits, of which the last `places` stand after the point. */
  digits: number;
  places: number;
  unit: "" | "%" | "thousand" | "million" | "billion" | "trillion";
}

export const anyValue: fc.Arbitrary<Value> = fc.record({
  negative: fc.boolean(),
  digits: fc.oneof(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 10 ** 12 })),
  places: fc.integer({ min: 0, max: 5 }),
  unit: fc.constantFrom("", "%", "thousand", "million", "billion", "trillion"),
});

const unitSpellings: Record<Value["unit"], readonly string[]> = {
  "": [""],
  "%": ["%", " %", " percent", "pct", " per cent", "％", " Percentage Points"],
  thousand: [" thousand", "k", "K"],
  million: [" million", "M", "m", "mm", " mn", " MILLION"],
  billion: [" billion", "bn", "B"],
  trillion: [" trillion", "tn", "T"],
};

const anyStyle = fc.record({
  separator: fc.constantFrom("", ",", " ", "\u00a0", "\u2009", "\u202f", "'", "’"),
  minus: fc.constantFrom("-", "−", "–", "－", "- ", "("),
  currencyBefore: fc.constantFrom("", "$", "$ ", "US$", "USD "),
  currencyAfter: fc.constantFrom("", " USD", " dollars"),
  extraZeros: fc.integer({ min: 0, max: 3 }),
  finalDot: fc.boolean(),
  fullWidth: fc.boolean(),
  around: fc.constantFrom("", " ", "\n", "\t\u3000\r\n"),
});

/** Any one spelling of the value. */
export function spellingOf(value: Value): fc.Arbitrary<string> {
  return fc.record({ style: anyStyle, unit: fc.constantFrom(...unitSpellings[value.unit]) }).map(({ style, unit }) => {
    const amount = value.unit !== "%";
    const before = amount ? style.currencyBefore : "";
    const after = amount ? style.currencyAfter : "";
    const number = written(value, style.separator, style.extraZeros);
    const unsigned = `${before}${style.fullWidth ? widened(number) : number}${unit}${after}`;
    const signed = value.negative ? withMinus(unsigned, style.minus) : unsigned;
    return `${style.around}${signed}${style.finalDot ? "." : ""}${style.around}`;
  });
}

function written({ digits, places }: Value, separator: string, extraZeros: number): string {
  const padded = String(digits).padStart(places + 1, "0");
  const whole = padded.slice(0, padded.length - places).replace(/\B(?=(\d{3})+$)/g, separator);
  const fraction = padded.slice(padded.length - places) + "0".repeat(extraZeros);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

const withMinus = (unsigned: string, minus: string): string => (minus === "(" ? `(${unsigned})` : minus + unsigned);
const widened = (text: string): string =>
  text.replace(/[0-9.,]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
