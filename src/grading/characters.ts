/**
 * The typography of a value in plain characters: full-width forms, the spaces, dashes and apostrophes of typesetting.
 * One character for one, never dropped or joined. Not Unicode's compatibility normalisation, which turns 10² into 102,
 * ½ into 1/2 and ⑴ into (1), each another number. Other scripts' digits, zero-width and direction characters stay as they
 * are, so that the reader of values refuses them.
 */

const horizontalSpaces = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000";
const surroundingSpaces = new Set(` \t\n\v\f\r\u0085\u2028\u2029${horizontalSpaces}`);

/** Hyphens and dashes that stand for a minus: hyphen, non-breaking, figure, en, em, bar, minus, small. */
const dashes = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63";

const plainForms = new Map<string, string>([
  ...Array.from(horizontalSpaces, (space): [string, string] => [space, " "]),
  ...Array.from(dashes, (dash): [string, string] => [dash, "-"]),
  ["\u2019", "'"],
  ["\uffe1", "£"],
  ["\uffe5", "¥"],
]);

/** Full-width "！" to "～" are the printable ASCII characters, in order, this far up. */
const fullWidth = { first: 0xff01, last: 0xff5e, distance: 0xfee0 };

/** The text without white space and line ends around it. Linear; zero-width characters are not white space. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && surroundingSpaces.has(text.charAt(start))) start += 1;
  while (end > start && surroundingSpaces.has(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** The text with every typographic form in its plain character and ASCII letters in lower case; all else unchanged. */
export function plainCharacters(text: string): string {
  const plain = text.replaceAll(/[\u0080-\uffff]/g, (character) => plainForms.get(character) ?? narrowed(character));
  // Not the whole text's toLowerCase, which turns the Kelvin sign into a "k".
  return plain.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function narrowed(character: string): string {
  const code = character.charCodeAt(0);
  const isFullWidth = code >= fullWidth.first && code <= fullWidth.last;
  return isFullWidth ? String.fromCharCode(code - fullWidth.distance) : character;
}
