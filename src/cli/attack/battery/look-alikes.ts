/** Texts that look like the reference to a reader and are others, or the other way round. Pure. */
import { type Family, probeClass, type Target, unpaid } from "../probe.ts";
import { digitsOf, mapped } from "../written.ts";

/** The zeros of other scripts' digits, each followed by its nine others: Arabic, Persian, Devanagari, Bengali, Thai, Khmer, bold, double-struck, monospace. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x17e0, 0x1d7ce, 0x1d7d8, 0x1d7f6];
const circled = "⓪①②③④⑤⑥⑦⑧⑨";
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const subscripts = "₀₁₂₃₄₅₆₇₈₉";
const parenthesised = "0⑴⑵⑶⑷⑸⑹⑺⑻⑼";
const romans = "0ⅠⅡⅢⅣⅤⅥⅦⅧⅨ";

/** Letters that look like a digit, or like a letter of "yes" and "no". Not the Latin B for 8: at the end it says billion. */
const homoglyphs = [
  { "0": "O", "1": "l", "5": "S", "8": "В" },
  { "0": "О", "1": "I", "3": "З", "6": "б" },
  { "0": "o", "1": "|", "2": "Ƨ", "4": "Ч" },
  { y: "у", e: "е", s: "ѕ", o: "о" },
  { s: "ſ", n: "ո", o: "ο" },
];

const unseen = [
  "\u200b",
  "\u200d",
  "\u2060",
  "\ufeff",
  "\u00ad",
  "\u200e",
  "\u202e",
  "\u180e",
  "\u034f",
  "\ufe0f",
  "\u{e0001}",
  "\u0000",
];
const combining = ["\u0336", "\u0301", "\u20dd", "\u20e3", "\u0338"];

export const lookAlikes: Family = {
  name: "look-alikes",
  classes: [
    probeClass({
      name: "other-digits",
      description: "The reference in the digits of another script or style.",
      needs: ["quantity"],
      probes: (target) => {
        const alphabets = zeros.map((zero) =>
          Array.from({ length: 10 }, (_, digit) => String.fromCodePoint(zero + digit)),
        );
        const styled = [circled, superscripts, subscripts, parenthesised, romans].map((digits) => Array.from(digits));
        return [...alphabets, ...styled].flatMap((digits) => changed(target, byDigit(digits)));
      },
    }),
    probeClass({
      name: "invisible",
      description: "The reference with characters that are not seen before, in or after it.",
      needs: ["value"],
      probes: ({ reference }) =>
        unseen.flatMap((character) => [
          unpaid(character + reference),
          unpaid(reference + character),
          unpaid(reference.slice(0, 1) + character + reference.slice(1)),
        ]),
    }),
    probeClass({
      name: "combining",
      description: "The reference struck through, circled or accented by combining marks.",
      needs: ["value"],
      probes: ({ reference }) =>
        combining.flatMap((mark) => [
          unpaid(reference + mark),
          unpaid(Array.from(reference, (one) => one + mark).join("")),
        ]),
    }),
    probeClass({
      name: "homoglyph",
      description: "The reference with letters that look like its characters.",
      needs: ["value"],
      probes: (target) => homoglyphs.flatMap((letters) => changed(target, letters)),
    }),
    probeClass({
      name: "mirrored",
      description: "The reference backwards, to be turned round on display.",
      needs: ["value"],
      probes: ({ reference }) => {
        const mirrored = Array.from(reference).toReversed().join("");
        return mirrored === reference
          ? []
          : [unpaid(`\u202e${mirrored}`), unpaid(`\u202e${mirrored}\u202c`), unpaid(`\u2067${mirrored}\u2069`)];
      },
    }),
    probeClass({
      name: "superscript",
      description: "Powers, footnotes and fractions, which are another number when flattened.",
      needs: ["quantity"],
      probes: ({ quantity }) => {
        const digits = digitsOf(quantity);
        const small = mapped(digits.slice(1), byDigit(Array.from(superscripts)));
        const footnotes = ["²", "⁰", "½", "¼", "ª", "º", "™", "⁻¹", "₂", "′", "″"].map((mark) => digits + mark);
        return [...footnotes, ...(small === "" ? [] : [digits.slice(0, 1) + small]), `${digits}^1`, `${digits}**1`].map(
          unpaid,
        );
      },
    }),
  ],
};

const byDigit = (digits: readonly string[]) => Object.fromEntries(digits.map((form, digit) => [String(digit), form]));

/** The reference with characters replaced; nothing where it has none of them. */
function changed({ reference }: Target, characters: Readonly<Record<string, string>>) {
  const text = mapped(reference, characters);
  return text === reference ? [] : [unpaid(text)];
}
