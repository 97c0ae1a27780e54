import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stem } from "../../src/corpus/stem.ts";
import { hashPair, hashTerm, tokenise } from "../../src/corpus/tokenise.ts";

describe("terms", () => {
  test.each([
    ["What was the net revenue?", ["what", "wa", "the", "net", "revenu"]],
    ["$1,234.50 million", ["1234.5", "million"]],
    ["1,23 and 1.2.3", ["1,23", "and", "1.2.3"]],
    ["0.0", ["0"]],
    ["2013-2014", ["2013", "2014"]],
    ["december 312012", ["decemb", "31", "2012"]],
    ["12/31/06", ["12", "31", "06"]],
    ["992012 322012", ["992012", "322012"]],
    ["312,012", ["312012"]],
    ["S&P500 10-k fy2010 e2e", ["s", "p", "500", "10", "k", "fy", "2010", "e", "2e"]],
    ["company 2019s", ["compani", "2019s"]],
    ["ﬁnance ＦＵＥＬ ½", ["financ", "fuel", "1", "2"]],
    ["ÆON naïve Straße", ["æon", "naïve", "straße"]],
    ["東京タワー", ["東", "京", "タ", "ワ", "ー"]],
    ["— … 😀 \u0000\u0007", []],
    ["", []],
  ])("of %j", (text, terms) => {
    expect(tokenise(text)).toEqual(terms);
  });

  test("are found in any text, none empty, none longer than 40 characters, the same each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const terms = tokenise(text);
        expect(terms).toEqual(tokenise(text));
        for (const term of terms) expect(term.length).toBeGreaterThan(0);
        for (const term of terms) expect(term.length).toBeLessThanOrEqual(40);
      }),
    );
  });

  test("do not depend on case, or on what stands between them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/)),
        fc.constantFrom(" ", " — ", "\n", ", "),
        (words, between) => {
          expect(tokenise(words.join(between).toUpperCase())).toEqual(tokenise(words.join(" ")));
        },
      ),
    );
  });
});

describe("stems", () => {
  // From the paper's own examples, and words of reports.
  test.each(
    Object.entries({
      caresses: "caress",
      ponies: "poni",
      cats: "cat",
      feed: "feed",
      agreed: "agre",
      plastered: "plaster",
      motoring: "motor",
      sing: "sing",
      conflated: "conflat",
      hopping: "hop",
      falling: "fall",
      filing: "file",
      happy: "happi",
      sky: "sky",
      relational: "relat",
      rational: "ration",
      vietnamization: "vietnam",
      sensibiliti: "sensibl",
      electrical: "electr",
      goodness: "good",
      adoption: "adopt",
      communism: "commun",
      probate: "probat",
      rate: "rate",
      cease: "ceas",
      controll: "control",
      roll: "roll",
      companies: "compani",
      company: "compani",
      receivables: "receiv",
      amortization: "amort",
      is: "is",
      "10k": "10k",
      naïve: "naïve",
    }),
  )("%s → %s", (word, expected) => {
    expect(stem(word)).toBe(expected);
  });
});

describe("hashes", () => {
  test("are 32 bits without a sign, and rarely the same", () => {
    const hashes = new Set(Array.from({ length: 50_000 }, (_, at) => hashTerm(`term${at}`)));
    // 50,000 random numbers of 32 bits have 0.3 pairs in common on average.
    expect(hashes.size).toBeGreaterThan(49_990);
    for (const hash of hashes) expect(hash).toBe(hash >>> 0);
  });

  test("of pairs know their order", () => {
    expect(hashPair(hashTerm("net"), hashTerm("revenu"))).not.toBe(hashPair(hashTerm("revenu"), hashTerm("net")));
  });
});
