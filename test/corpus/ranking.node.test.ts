import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INDEX_FILE } from "../../src/contract/manifest.ts";
import { buildIndex } from "../../src/corpus/build.ts";
import type { Document } from "../../src/corpus/document.ts";
import { Sections } from "../../src/corpus/format.ts";
import { yearOfPath } from "../../src/corpus/lexical/years.ts";
import { COSINE, FEATURES, featureNames } from "../../src/corpus/ranking/features.ts";
import { UNFIT } from "../../src/corpus/ranking/first-pass.ts";
import { SLOTS } from "../../src/corpus/ranking/query.ts";
import { TopList } from "../../src/corpus/ranking/top-list.ts";
import { learned } from "../../src/corpus/ranking/weights.ts";
import { Searcher } from "../../src/corpus/search.ts";
import { tokenise } from "../../src/corpus/tokenise.ts";
import { kernel, tiny } from "./tiny.ts";

async function searcherOf(documents: readonly Document[], weights = learned): Promise<Searcher> {
  const { manifest, files } = await buildIndex(documents, "embedded");
  return new Searcher(new Sections(files.get(INDEX_FILE)!.buffer), manifest.embedder, kernel, undefined, weights);
}

const words = ["fuel", "lease", "oil", "gas", "bond", "tower", "grain", "steel", "rail", "port"];
const prose = (size: number) =>
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: size }).map((chosen) => chosen.join(" "));
const someDocuments = fc
  .array(prose(80), { minLength: 2, maxLength: 12 })
  .map((texts) => texts.map((text, at) => ({ path: `${at + 10}.md`, text })));

/** BM25 as the textbooks write it, k1 = 1.2 and b = 0.75, term by term and document by document. */
function bm25(documents: readonly Document[], query: string): number[] {
  const texts = documents.map(({ text }) => tokenise(text));
  const average = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
  return texts.map((text) => {
    let score = 0;
    for (const term of new Set(tokenise(query))) {
      const having = texts.filter((other) => other.includes(term)).length;
      const frequency = text.filter((other) => other === term).length;
      const idf = Math.log(1 + (texts.length - having + 0.5) / (having + 0.5));
      score += (idf * frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * text.length) / average));
    }
    return score;
  });
}

test("the first pass is BM25, to the precision of a byte, for words that all count and pages without tables", async () => {
  const onlyTerms = { terms: 1, years: 0, sameYear: 0 };
  await fc.assert(
    fc.asyncProperty(someDocuments, prose(6), async (documents, text) => {
      const searcher = await searcherOf(documents, { ...learned, salience: {} });
      const query = searcher.readQuery(text);
      const scores = Array.from(searcher.ranker.firstPass.scores(query, undefined, onlyTerms));
      const expected = bm25(documents, text);
      // Half a unit of a weight for each term, times its rarity, which is at most 2.2 here.
      const precision = (query.ids.length * 2.2 * 0.5) / 110 + 1e-5;
      scores.forEach((score, page) => {
        expect(Math.abs((score === UNFIT ? 0 : score * query.total) - expected[page]!)).toBeLessThan(precision);
      });
    }),
    { numRuns: 30 },
  );
});

describe("a query", () => {
  test("has its telling words in slots, each once", async () => {
    const searcher = await searcherOf(tiny);
    const query = searcher.readQuery("what is the ratio of pilots to pilots in 2013, and of walruses?");
    expect(query.ids.length).toBe(new Set(query.ids).size);
    expect(query.years).toMatchObject({ count: 1, latest: 2013 });
    expect(query.total).toBeGreaterThan(query.weights.reduce((sum, weight) => sum + weight, 0));
  });

  test("of more words than there are slots keeps its years and its rarest words", async () => {
    const many = Array.from(
      { length: 60 },
      (_, at) => `term${String.fromCharCode(97 + (at % 26), 97 + Math.floor(at / 26))}`,
    );
    const documents = many.map((word, at) => ({ path: `${at}.md`, text: `common ${word} 2013` }));
    const query = (await searcherOf(documents)).readQuery(["common", ...many, "2013"].join(" "));
    expect(query.ids).toHaveLength(SLOTS);
    expect(query.years.mask).not.toBe(0);
    expect(Math.max(...query.bigramWeights.map((_, at) => at), query.pairShares.length)).toBeLessThan(32);
  });
});

describe("features", () => {
  async function featuresOf(query: string) {
    const searcher = await searcherOf(tiny);
    const read = searcher.readQuery(query);
    const { pages, features } = searcher.ranker.candidates(read, searcher.embedWords(read), 10);
    const paths = tiny.map(({ path }) => path).toSorted();
    const rows = pages.map(
      (page, at) =>
        [
          paths[page]!,
          Object.fromEntries(featureNames.map((name, feature) => [name, features[at * FEATURES + feature]!])),
        ] as const,
    );
    return (path: string) => new Map(rows).get(path)!;
  }

  test("tell a row's label, words that stand together, and the years of path and page", async () => {
    const of = await featuresOf("flight attendants in 2012");
    const [right, otherYear] = [of("SKY/2012/page_4.pdf"), of("SKY/2013/page_4.pdf")];
    expect(right.label).toBeGreaterThan(0.3);
    expect(right.near).toBeGreaterThan(0.5);
    expect(right.near).toBeLessThan(1);
    expect(right.window).toBeGreaterThan(0.5);
    expect(right).toMatchObject({ "same year": 1, years: 1 });
    expect(otherYear).toMatchObject({ "same year": 0, years: 0 });
    expect(right.phrases).toBe(otherYear.phrases);
  });

  test("are all finite, and none speaks for years that a query does not name", async () => {
    const of = await featuresOf("aircraft fuel");
    const row = of("SKY/2013/page_9.pdf");
    expect(Object.values(row).every(Number.isFinite)).toBe(true);
    expect(row).toMatchObject({ years: 0, "same year": 0 });
  });
});

test("the order of the best is that of exact cosines", async () => {
  await fc.assert(
    fc.asyncProperty(someDocuments, prose(5), async (documents, text) => {
      const searcher = await searcherOf(documents, { ...learned, features: learned.features.with(COSINE, 5) });
      const query = searcher.readQuery(text);
      const vector = searcher.embedWords(query);
      const { pages, features } = searcher.ranker.candidates(query, vector, 10);
      const exact = new Map(
        pages.map((page, at) => {
          const row = features.slice(at * FEATURES, (at + 1) * FEATURES);
          if (vector !== undefined) row[COSINE] = searcher.vectors.exactNearness(page, vector);
          return [
            page,
            row.reduce((sum, value, feature) => sum + value * learned.features.with(COSINE, 5)[feature]!, 0),
          ];
        }),
      );
      for (const { page, score } of searcher.ranker.rank(query, vector, 10))
        expect(score).toBeCloseTo(exact.get(page)!, 10);
    }),
    { numRuns: 30 },
  );
});

test("the top of many is as sorting gives it, ties in the order they came", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: 1, max: 12 }), (scores, capacity) => {
      const list = new TopList(capacity);
      scores.forEach((score, item) => list.add(item, score));
      const sorted = [...scores.keys()].toSorted((a, b) => scores[b]! - scores[a]! || a - b).slice(0, capacity);
      expect(list.items().toSorted((a, b) => a - b)).toEqual(sorted.toSorted((a, b) => a - b));
    }),
  );
});

test.each([
  ["AAL/2013/page_15.pdf", 2013],
  ["10k-fy2013.md", 2013],
  ["2012/notes_2013.md", 2013],
  ["page_20130.pdf", 0],
  ["reports/1850.md", 0],
  ["readme.md", 0],
])("the year of %j is %d", (path, year) => {
  expect(yearOfPath(path)).toBe(year);
});
