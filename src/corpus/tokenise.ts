/**
 * Text → terms. The same function reads documents and queries, so that both meet in the same terms.
 * Never drops a word: what a stop word is worth is the ranking's business.
 */
import { stem } from "./stem.ts";

/**
 * A number with its grouping and decimals; a run that begins with a digit ("10k"); a word up to its first digit ("fy2010" is
 * two); a single character of a script that puts no spaces between words.
 */
const TOKEN =
  /\p{N}+(?:[.,]\p{N}+)*(?![\p{L}\p{N}])|\p{N}[\p{L}\p{M}\p{N}]*|[[\p{L}\p{M}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]]+|[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]/gv;

/** A day and a year that lost what stood between them, as "december 312012" in text taken from a PDF. */
const DAY_AND_YEAR = /^([12]?\d|3[01])((?:19|20)\d\d)$/;

/** Longer runs are no words of anyone's question; their start is enough to tell them apart. */
const LONGEST_TERM = 40;

/** Stems seen before: a query's words are nearly always among them. Emptied when full. */
const stems = new Map<string, string>();
const STEMS_KEPT = 20_000;

/**
 * The terms of a text in order: lower case, compatibility forms folded, words stemmed, "1,234.50" as "1234.5".
 */
export function tokenise(text: string): string[] {
  const terms: string[] = [];
  for (const [token] of normalise(text).matchAll(TOKEN)) {
    const date = token.length > 4 ? DAY_AND_YEAR.exec(token) : null;
    if (date === null) terms.push(termOf(token));
    else terms.push(date[1]!, date[2]!);
  }
  return terms;
}

function normalise(text: string): string {
  // oxlint-disable-next-line no-control-regex -- plain ASCII needs no folding, and nearly all text is plain
  return (/^[\u0000-\u007f]*$/.test(text) ? text : text.normalize("NFKC")).toLowerCase();
}

function termOf(token: string): string {
  const known = stems.get(token);
  if (known !== undefined) return known;
  const term = (/^\p{N}/u.test(token) ? normaliseNumber(token) : stem(token)).slice(0, LONGEST_TERM);
  if (stems.size >= STEMS_KEPT) stems.clear();
  if (token.length <= LONGEST_TERM) stems.set(token, term);
  return term;
}

/** "1,234.50" → "1234.5"; "1.2.3" and "10k" stay. */
function normaliseNumber(token: string): string {
  const plain = token.replaceAll(/,(?=\d{3}(?!\d))/g, "");
  if (!/^\d+\.\d+$/.test(plain)) return plain;
  return plain.replace(/\.?0+$/, "");
}

/**
 * A 32-bit hash of a term: FNV-1a over UTF-16 code units, then MurmurHash3's finaliser. The index knows terms by it alone.
 * Among 200,000 terms a query's unknown word meets a known one's hash once in 20,000 times, and then scores as that word.
 */
export function hashTerm(term: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193);
  return finalise(hash);
}

/** The hash of two terms in this order, from their hashes. */
export function hashPair(first: number, second: number): number {
  return finalise(Math.imul(first, 0x9e3779b1) ^ second);
}

function finalise(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
