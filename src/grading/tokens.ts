/**
 * A value's text as tokens: numbers, units, signs, parentheses, with spaces between them. Knows how each is spelled, not
 * what they mean together. Refuses a text with anything else in it.
 */
import { refuse, type Reading } from "./reading.ts";
import { currencies, magnitudes, ratioUnits } from "./units.ts";

const kinds = ["number", "magnitude", "ratio", "currency", "sign", "open", "close"] as const;
export type Kind = (typeof kinds)[number];

export interface Token {
  kind: Kind;
  text: string;
}

/**
 * Digits with one kind of separator between groups of three, or without; a fraction; an exponent. A grouped number
 * does not start with 0: "0,123" is a decimal comma, which "1,234" cannot be told from, so a comma is never one.
 */
const grouped = String.raw`[1-9]\d{0,2}(?<separator>[, '])\d{3}(?:\k<separator>\d{3})*(?!\d)`;
const number = String.raw`(?:(?:${grouped}|\d+)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?`;

const patterns: Record<Kind, string> = {
  number,
  magnitude: anyOf(magnitudes.keys()),
  ratio: anyOf(ratioUnits.keys()),
  currency: anyOf(currencies.keys()),
  sign: "[+-]",
  open: String.raw`\(`,
  close: String.raw`\)`,
};
const token = new RegExp(`(?:${kinds.map((kind) => `(?<${kind}>${patterns[kind]})`).join("|")}) *`, "gy");

/** The tokens of a text in plain lower-case characters without space around it. */
export function tokenise(text: string): Reading<Token[]> {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const kind = kinds.find((name) => match.groups?.[name] !== undefined);
    if (kind !== undefined) tokens.push({ kind, text: match.groups?.[kind] ?? "" });
    end = match.index + match[0].length;
  }
  return end === text.length ? { ok: true, value: tokens } : refuse(reasonAt(text, end));
}

function reasonAt(text: string, at: number): string {
  if (/^\d[,']/.test(text.slice(Math.max(at - 1, 0)))) return "has separators that do not part groups of three digits";
  return /^[a-z]/.test(text.slice(at)) ? "has words beside the value" : "has characters that no value has";
}

/** One of the spellings; one that ends in a letter ends as a word. */
function anyOf(spellings: Iterable<string>): string {
  return Array.from(spellings, (spelling) => {
    const escaped = spelling.replaceAll("$", String.raw`\$`);
    return /[a-z]$/.test(spelling) ? `${escaped}(?![a-z])` : escaped;
  }).join("|");
}
