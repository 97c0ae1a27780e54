import { describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { buildIndex, type BuiltIndex } from "../../src/corpus/build.ts";
import type { Document } from "../../src/corpus/document.ts";
import { EMBEDDING_BATCH, type Embedder, type EmbeddingCache } from "../../src/corpus/embedder.ts";
import { openCorpus } from "../../src/corpus/open.ts";
import { runsByPage, runStart } from "../../src/corpus/vector-runs.ts";
import { kernel, readFrom, tiny } from "./tiny.ts";

/** A service that knows three things, and which words are about them. */
const subjects = [/pilot|attendant|aviator|crew/, /fuel|oil|kerosene|petrol/, /lease|rental|tenancy/];
const vectorOf = (text: string) => Float32Array.from(subjects, (subject) => (subject.test(text) ? 10 : 0.1));

/** The service, and the texts of each request it got. */
function service(answer: (text: string) => Float32Array = vectorOf) {
  const requests: string[][] = [];
  const embedder: Embedder = {
    kind: "openai",
    model: "three-subjects",
    dimensions: 3,
    embed: async (texts) => {
      requests.push(texts);
      return texts.map(answer);
    },
  };
  return { embedder, requests };
}

function memoryCache(): EmbeddingCache & { size(): number } {
  const vectors = new Map<string, Float32Array>();
  return {
    get: async (key) => vectors.get(key),
    put: async (key, vector) => void vectors.set(key, vector),
    size: () => vectors.size,
  };
}

const many: Document[] = Array.from({ length: 200 }, (_, at) => ({
  path: `note_${at}.md`,
  text: `note ${at} on leases`,
}));

const open = (index: BuiltIndex, embedQuery = async (query: string) => vectorOf(query)) =>
  openCorpus({ manifest: index.manifest, read: readFrom(index), kernel, embedQuery });

describe("an index of a service's vectors", () => {
  test("finds pages by meaning that have no word of the query, and shows the passage that is meant", async () => {
    const corpus = await open(await buildIndex(tiny, service().embedder));
    const [hit] = await corpus.search("aviator", 3);
    expect(hit?.path).toMatch(/^SKY\/201[23]\/page_4\.pdf$/);
    expect(hit?.passages.join()).toContain("pilots");
    expect((await corpus.search("tenancy", 1))[0]?.path).toBe("GAS/2012/page_7.pdf");
  });

  test("still prefers the page that also has the words", async () => {
    const corpus = await open(await buildIndex(tiny, service().embedder));
    expect((await corpus.search("aircraft fuel expense", 2)).map(({ path }) => path)).toEqual([
      "SKY/2013/page_9.pdf",
      "OIL/2013/page_1.pdf",
    ]);
  });

  test("has no page for an empty query, and asks the service nothing", async () => {
    const asked: string[] = [];
    const corpus = await open(await buildIndex(tiny, service().embedder), async (query) =>
      vectorOf(asked.push(query) ? query : ""),
    );
    expect(await corpus.search("  ", 3)).toEqual([]);
    expect(asked).toEqual([]);
  });

  test("takes an answer of other dimensions, or a service that is down, for a fault", async () => {
    const index = await buildIndex(tiny, service().embedder);
    const wrong = await open(index, async () => Float32Array.of(1, 2));
    await expect(wrong.search("pilots", 3)).rejects.toMatchObject({ name: "Fault", boundary: "embedder" });
    const down = await open(index, () => Promise.reject(new Error("down")));
    await expect(down.search("pilots", 3)).rejects.toThrow("down");
  });
});

describe("building with a service", () => {
  test("asks in batches, in the order of the paths, for each text once", async () => {
    const { embedder, requests } = service();
    const twice = [...many, ...many.map(({ text }, at) => ({ path: `copy_${at}.md`, text }))];
    const { manifest } = await buildIndex(twice.toReversed(), embedder);
    expect(requests.map((texts) => texts.length)).toEqual([64, 64, 64, 8]);
    expect(Math.max(...requests.map((texts) => texts.length))).toBe(EMBEDDING_BATCH);
    expect(requests.flat()).toHaveLength(new Set(requests.flat()).size);
    expect(manifest).toMatchObject({
      embedder: { kind: "openai", model: "three-subjects", dimensions: 3 },
      counts: { vectors: 400 },
    });
  });

  test("goes on where a build broke off, to the same index", async () => {
    const cache = memoryCache();
    const { embedder, requests } = service();
    const breaking: Embedder = {
      ...embedder,
      embed: async (texts) => {
        if (requests.length === 2) throw new Error("out of credit");
        return embedder.embed(texts);
      },
    };
    await expect(buildIndex(many, breaking, { cache })).rejects.toThrow("out of credit");
    expect(cache.size()).toBe(128);
    const resumed = service();
    const index = await buildIndex(many, resumed.embedder, { cache });
    expect(resumed.requests.flat()).toHaveLength(200 - 128);
    expect(index).toEqual(await buildIndex(many, service().embedder));
    const again = service();
    await buildIndex(many, again.embedder, { cache });
    expect(again.requests).toEqual([]);
  });

  test("sends no empty text, and tables with their header", async () => {
    const { embedder, requests } = service();
    const rows = Array.from({ length: 30 }, (_, at) => `| item ${at} of the list | ${at} |`).join("\n");
    await buildIndex(
      [
        { path: "empty.md", text: "" },
        { path: "table.md", text: `| what | 2013 |\n| --- | --- |\n${rows}` },
      ],
      embedder,
    );
    const [first, ...others] = requests.flat();
    expect(first).toBe("empty.md");
    for (const text of others) expect(text).toMatch(/^\| what \| 2013 \|\n/);
  });

  test.each([
    ["other dimensions", () => Float32Array.of(1)],
    ["no numbers", () => Float32Array.of(1, Number.NaN, 1)],
  ])("refuses vectors with %s", async (_, answer) => {
    await expect(buildIndex(tiny, service(answer).embedder)).rejects.toThrow("a vector of 3 numbers for every text");
  });

  test("takes a vector without direction for one that is near nothing", async () => {
    const corpus = await open(await buildIndex(tiny, service(() => new Float32Array(3)).embedder));
    expect((await corpus.search("aircraft fuel", 1))[0]?.path).toBe("SKY/2013/page_9.pdf");
  });
});

describe("runs of passages", () => {
  test("are single passages while their vectors fit, and longer ones beyond", () => {
    const passages = Array.from({ length: 2_800 }, (_, at) => 10 + (at % 12));
    expect(runsByPage(passages, 32)).toEqual(passages);
    const runs = runsByPage(passages, 1_536);
    const vectors = runs.reduce((sum, count) => sum + count, 0);
    expect(vectors * 1_536 * 4).toBeLessThanOrEqual(limits.vectorBytes);
    expect(vectors).toBeGreaterThanOrEqual(2_800);
  });

  test("begin with the first passage, end with the last, and differ in length by one at most", () => {
    for (const [runs, passages] of [
      [1, 7],
      [3, 7],
      [7, 7],
      [4, 10],
    ] as const) {
      const starts = Array.from({ length: runs + 1 }, (_, run) => runStart(run, runs, passages));
      expect([starts[0], starts.at(-1)]).toEqual([0, passages]);
      const lengths = starts.slice(1).map((start, at) => start - starts[at]!);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
    }
  });

  test("of more pages than a worker holds vectors are refused", () => {
    expect(() =>
      runsByPage(
        Array.from({ length: 10_000 }, () => 1),
        1_536,
      ),
    ).toThrow("choose fewer dimensions");
  });
});
