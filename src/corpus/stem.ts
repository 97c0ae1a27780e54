/**
 * Porter's stemmer for English: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the two
 * departures of his own reference implementation ("bli" and "logi"). Words in other scripts and numbers come back unchanged.
 */

const C = "[^aeiou][^aeiouy]*";
const V = "[aeiouy][aeiou]*";
const MEASURE_OVER_0 = new RegExp(`^(?:${C})?${V}${C}`);
const MEASURE_IS_1 = new RegExp(`^(?:${C})?${V}${C}(?:${V})?$`);
const MEASURE_OVER_1 = new RegExp(`^(?:${C})?${V}${C}${V}${C}`);
const HAS_VOWEL = new RegExp(`^(?:${C})?[aeiouy]`);
const DOUBLE_CONSONANT = /([^aeiouylsz])\1$/;
const SHORT_SYLLABLE = new RegExp(`^${C}[aeiouy][^aeiouwxy]$`);

const STEP_2: Readonly<Record<string, string>> = {
  ational: "ate",
  tional: "tion",
  enci: "ence",
  anci: "ance",
  izer: "ize",
  bli: "ble",
  alli: "al",
  entli: "ent",
  eli: "e",
  ousli: "ous",
  ization: "ize",
  ation: "ate",
  ator: "ate",
  alism: "al",
  iveness: "ive",
  fulness: "ful",
  ousness: "ous",
  aliti: "al",
  iviti: "ive",
  biliti: "ble",
  logi: "log",
};
const STEP_3: Readonly<Record<string, string>> = {
  icate: "ic",
  ative: "",
  alize: "al",
  iciti: "ic",
  ical: "ic",
  ful: "",
  ness: "",
};
const SUFFIX_2 = suffixes(Object.keys(STEP_2));
const SUFFIX_3 = suffixes(Object.keys(STEP_3));
const SUFFIX_4 = suffixes("al ance ence er ic able ible ant ement ment ent ou ism ate iti ous ive ize".split(" "));

/** The stem of a lower-case word; words of one or two letters, and all that is not a-z, stay as they are. */
export function stem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  // A "y" that acts as a consonant is written "Y" until the end, so that the vowel classes above hold.
  const marked = word.replace(/^y/, "Y").replace(/([aeiou])y/g, "$1Y");
  return step5(step4(step3(step2(step1c(step1b(step1a(marked))))))).toLowerCase();
}

function step1a(word: string): string {
  if (/(?:ss|i)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}

function step1b(word: string): string {
  if (word.endsWith("eed")) return MEASURE_OVER_0.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const base = word.replace(/(?:ed|ing)$/, "");
  if (base === word || !HAS_VOWEL.test(base)) return word;
  if (/(?:at|bl|iz)$/.test(base)) return `${base}e`;
  if (DOUBLE_CONSONANT.test(base)) return base.slice(0, -1);
  return SHORT_SYLLABLE.test(base) ? `${base}e` : base;
}

function step1c(word: string): string {
  return word.endsWith("y") && HAS_VOWEL.test(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

function step2(word: string): string {
  return replaceSuffix(word, SUFFIX_2, STEP_2, MEASURE_OVER_0);
}

function step3(word: string): string {
  return replaceSuffix(word, SUFFIX_3, STEP_3, MEASURE_OVER_0);
}

function step4(word: string): string {
  const found = SUFFIX_4.exec(word);
  const base = found === null ? word.replace(/([st])ion$/, "$1") : word.slice(0, found.index);
  return MEASURE_OVER_1.test(base) ? base : word;
}

function step5(word: string): string {
  const bare = word.slice(0, -1);
  const dropsE =
    word.endsWith("e") && (MEASURE_OVER_1.test(bare) || (MEASURE_IS_1.test(bare) && !SHORT_SYLLABLE.test(bare)));
  const result = dropsE ? bare : word;
  return result.endsWith("ll") && MEASURE_OVER_1.test(result) ? result.slice(0, -1) : result;
}

function replaceSuffix(word: string, suffix: RegExp, by: Readonly<Record<string, string>>, condition: RegExp): string {
  const found = suffix.exec(word);
  if (found === null) return word;
  const base = word.slice(0, found.index);
  return condition.test(base) ? base + (by[found[0]] ?? "") : word;
}

/** Matches the longest of the endings that a word has. */
function suffixes(endings: readonly string[]): RegExp {
  return new RegExp(`(?:${endings.toSorted((a, b) => b.length - a.length).join("|")})$`);
}
