import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { Manifest } from "../../src/contract/manifest.ts";
import { buildIndex, documentsHash } from "../../src/corpus/build.ts";
import { CorpusError, type Document } from "../../src/corpus/document.ts";
import { corpusOf, tiny } from "./tiny.ts";

const anyDocuments: fc.Arbitrary<Document[]> = fc
  .uniqueArray(fc.stringMatching(/^[a-zé]{1,6}(?:\/[a-z 0-9]{1,6}\.md)?$/), { minLength: 1, maxLength: 8 })
  .filter((paths) => paths.every((path) => !paths.some((other) => other.startsWith(`${path}/`))))
  .chain((paths) =>
    fc.tuple(...paths.map((path) => fc.string({ unit: "grapheme", maxLength: 400 }).map((text) => ({ path, text })))),
  );

describe("an index", () => {
  test("has the same bytes for the same documents, in whatever order they come", async () => {
    const first = await buildIndex(tiny, "embedded");
    const second = await buildIndex(tiny.toReversed().concat(tiny), "embedded");
    expect(second).toEqual(first);
  });

  test("has another version, and another input hash, when a letter of a text or a path changes", async () => {
    const changed = [
      tiny,
      tiny.map((document, at) => (at === 2 ? { ...document, text: `${document.text}!` } : document)),
      tiny.map((document, at) => (at === 2 ? { ...document, path: `${document.path}x` } : document)),
    ];
    const manifests = await Promise.all(
      changed.map(async (documents) => (await buildIndex(documents, "embedded")).manifest),
    );
    expect(new Set(manifests.map(({ version }) => version)).size).toBe(3);
    expect(new Set(manifests.map(({ input }) => input)).size).toBe(3);
    expect(manifests.map(({ input }) => input)).toEqual(await Promise.all(changed.map(documentsHash)));
  });

  test("has a manifest that fits its schema and describes each file", async () => {
    const { manifest, files } = await buildIndex(tiny, "embedded");
    expect(Manifest.parse(manifest)).toEqual(manifest);
    expect(manifest.files.map(({ name, bytes }) => [name, bytes])).toEqual(
      [...files].map(([name, file]) => [name, file.length]),
    );
    expect(manifest.counts.documents).toBe(tiny.length);
  });

  test("gives back the text of every document, and lists it", async () => {
    await fc.assert(
      fc.asyncProperty(anyDocuments, async (documents) => {
        const corpus = await corpusOf(documents);
        for (const { path, text } of documents) {
          expect(corpus.has(path)).toBe(true);
          expect(await corpus.read(path)).toBe(text);
          const parent = path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
          expect(corpus.list(parent)).toContain(path.slice(path.indexOf("/") + 1));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("can be of one document, of an empty one, and of a huge one", async () => {
    const huge = `${"net revenue of the gas segment .\n".repeat(60_000)}the last line names a walrus .`;
    for (const text of ["one", "", huge]) {
      const corpus = await corpusOf([{ path: "only.md", text }]);
      expect(await corpus.read("only.md")).toBe(text);
    }
    const corpus = await corpusOf([...tiny, { path: "huge.md", text: huge }]);
    const [hit] = await corpus.search("walrus", 3);
    expect(hit?.path).toBe("huge.md");
    expect(hit?.passages.join()).toContain("walrus");
  });

  test("refuses no documents, two texts of one path, and a document that is too large", async () => {
    const build = (documents: Document[]) => buildIndex(documents, "embedded");
    await expect(build([])).rejects.toThrow(new CorpusError("there are no documents to index"));
    await expect(build([...tiny, { path: tiny[0]!.path, text: "another" }])).rejects.toThrow(
      "comes with two different texts",
    );
    const tooLarge = { path: "large.md", text: "x".repeat(limits.documentBytes + 1) };
    await expect(build([tooLarge])).rejects.toThrow(/^large\.md has 20000001 bytes; a document may have 20000000/);
  });

  test("tells of its progress", async () => {
    const steps: string[] = [];
    await buildIndex(tiny, "embedded", {}, (step, done, total) => {
      expect(done).toBeLessThanOrEqual(total);
      if (steps.at(-1) !== step) steps.push(step);
    });
    expect(steps).toEqual(["cut", "terms", "vectors", "texts"]);
  });
});
