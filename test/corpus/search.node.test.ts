import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Hit } from "../../src/corpus/corpus.ts";
import { corpusOf, tiny } from "./tiny.ts";

const corpus = await corpusOf(tiny);
const paths = async (query: string, topK = 10) => (await corpus.search(query, topK)).map(({ path }) => path);

describe("a search finds the page", () => {
  test.each([
    ["what was the aircraft fuel expense?", "SKY/2013/page_9.pdf"],
    ["ratio of flight attendants to pilots in 2013", "SKY/2013/page_4.pdf"],
    ["ratio of flight attendants to pilots in 2012", "SKY/2012/page_4.pdf"],
    ["OPERATING LEASES", "GAS/2012/page_7.pdf"],
    ["net revenues of gas segments", "GAS/2012/page_2.pdf"],
    ["heavy fuel oil", "OIL/2013/page_1.pdf"],
    ["6400", "SKY/2013/page_9.pdf"],
  ])("for %j", async (query, path) => {
    expect((await paths(query))[0]).toBe(path);
  });

  test("with the passages that have the query's words, in reading order, a table's under its header", async () => {
    const rows = Array.from({ length: 40 }, (_, at) => `| item ${at} of the long list | ${at} | ${at} |`);
    const text = `before .\n\n| | 2013 | 2012 |\n| --- | --- | --- |\n${rows.join("\n")}\n| walrus tusks | 7 | 8 |\n\nafter .`;
    const [hit] = await (await corpusOf([...tiny, { path: "zoo.md", text }])).search("walrus tusks", 1);
    expect(hit?.path).toBe("zoo.md");
    expect(hit?.passages).toHaveLength(1);
    expect(hit?.passages[0]).toMatch(/^\| \| 2013 \| 2012 \|\n\| item \d+ .*\n\| walrus tusks \| 7 \| 8 \|$/s);
  });
});

describe("what no page has", () => {
  test.each(["walrus", "", "   ", "\u0000\u0007", "???", "😀", "𝕏"])("%j finds nothing", async (query) => {
    expect(await paths(query)).toEqual([]);
  });

  test("beside what some have is passed over", async () => {
    expect((await paths("walrus aircraft"))[0]).toBe("SKY/2013/page_9.pdf");
  });
});

test("pages that are alike come in the order of their paths", async () => {
  const alike = ["c", "a", "b/2", "b/10"].map((path) => ({ path, text: "net revenue of the gas segment" }));
  const twins = await corpusOf(alike);
  expect((await twins.search("gas revenue", 10)).map(({ path }) => path)).toEqual(["a", "b/10", "b/2", "c"]);
});

test("a longer ranking begins as a shorter one", async () => {
  for (const query of ["fuel expense 2013", "employees december 2012", "million"]) {
    const all = await paths(query, 10);
    for (const topK of [1, 2, 3]) expect(await paths(query, topK)).toEqual(all.slice(0, topK));
  }
});

test("a word that every page has still finds pages", async () => {
  const notes = Array.from({ length: 30 }, (_, at) => ({ path: `note_${at}.md`, text: `note ${at}` }));
  expect(await (await corpusOf(notes)).search("note", 10)).toHaveLength(10);
});

test("any query is answered: known pages, best first, with passages of their text, the same each time", async () => {
  const words = tiny.flatMap(({ text }) => text.split(/\s+/));
  const query = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.array(fc.constantFrom(...words), { maxLength: 400 }).map((chosen) => chosen.join(" ")),
  );
  await fc.assert(
    fc.asyncProperty(query, fc.integer({ min: 1, max: 10 }), async (text, topK) => {
      const hits = await corpus.search(text, topK);
      expect(hits.length).toBeLessThanOrEqual(topK);
      expect(new Set(hits.map(({ path }) => path)).size).toBe(hits.length);
      const scores = hits.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      for (const { path, score, passages } of hits) {
        expect(Number.isFinite(score)).toBe(true);
        expect(passages.length).toBeGreaterThanOrEqual(1);
        expect(passages.length).toBeLessThanOrEqual(3);
        const whole = (await corpus.read(path))!;
        for (const passage of passages) for (const line of passage.split("\n")) expect(whole).toContain(line);
      }
      expect(await corpus.search(text, topK)).toEqual(hits);
    }),
  );
});

test("searches that overlap do not disturb each other", async () => {
  const queries = ["aircraft fuel expense", "flight attendants 2013", "operating leases", "heavy fuel oil", "walrus"];
  const alone: Hit[][] = [];
  for (const query of queries) alone.push(await corpus.search(query, 5));
  const many = Array.from({ length: 100 }, (_, at) => corpus.search(queries[at % queries.length]!, 5));
  (await Promise.all(many)).forEach((hits, at) => expect(hits).toEqual(alone[at % queries.length]));
});

test("years count only where paths and pages have them", async () => {
  const same = (year: string) => ["a", "b"].map((name) => ({ path: `${name}${year}.md`, text: `${name} net revenue` }));
  const undated = await corpusOf(same(""));
  const dated = await corpusOf(same("_2013"));
  const query = "net revenue of b in 2013";
  expect((await undated.search(query, 1))[0]?.path).toBe("b.md");
  expect((await dated.search(query, 1))[0]?.path).toBe("b_2013.md");
});
