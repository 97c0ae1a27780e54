import { describe, expect, test } from "vitest";
import { Fault } from "../../src/contract/failure.ts";
import { INDEX_FILE, type Manifest } from "../../src/contract/manifest.ts";
import { buildIndex, type BuiltIndex } from "../../src/corpus/build.ts";
import { encodeSections, Sections } from "../../src/corpus/format.ts";
import { sha256 } from "../../src/corpus/hash.ts";
import { type CorpusFiles, openCorpus } from "../../src/corpus/open.ts";
import { kernel, open, readFrom, tiny } from "./tiny.ts";

const index = await buildIndex(tiny, "embedded");

/** What opening the index with something changed comes to. */
async function faultOf(changed: Partial<CorpusFiles>): Promise<unknown> {
  return openCorpus({ manifest: index.manifest, read: readFrom(index), kernel, ...changed }).then(
    () => "opened",
    (error: unknown) => error,
  );
}

/** The index with a file replaced, and a manifest that says so. */
async function withFile(name: string, content: Uint8Array<ArrayBuffer>): Promise<BuiltIndex> {
  const described = { name, bytes: content.length, sha256: await sha256(content) };
  const files = index.manifest.files.map((file) => (file.name === name ? described : file));
  return { manifest: { ...index.manifest, files }, files: new Map(index.files).set(name, content) };
}

test("an index opens as it was built", async () => {
  const corpus = await open(index);
  expect(corpus.version).toBe(index.manifest.version);
  expect(corpus.documents).toBe(tiny.length);
  expect(await corpus.read("SKY/2013/page_9.pdf")).toBe(tiny[2]?.text);
  expect(await corpus.read("SKY/2013")).toBeUndefined();
  expect(corpus.nearest("sky/2013/page_9", 1)).toEqual(["SKY/2013/page_9.pdf"]);
});

test("texts are read when they are wanted, and once", async () => {
  const reads: string[] = [];
  const read = async (file: string) => {
    reads.push(file);
    return readFrom(index)(file);
  };
  const corpus = await openCorpus({ manifest: index.manifest, read, kernel });
  expect(reads).toEqual([INDEX_FILE]);
  await Promise.all(tiny.map(({ path }) => corpus.read(path)));
  await corpus.search("aircraft fuel", 3);
  expect(reads).toEqual([INDEX_FILE, "documents-000.bin"]);
});

describe("a manifest that cannot be served is a fault of the index", () => {
  test.each([
    ["of a later schema", { ...index.manifest, schema: 999 }, "the index has schema 999"],
    ["without a schema", {}, "the index has schema unknown"],
    ["that is no object", "text", "the index has schema unknown"],
    ["with a wrong field", { ...index.manifest, version: "1" }, "the manifest is not readable: version"],
    [
      "without the first load",
      { ...index.manifest, files: index.manifest.files.map((file) => ({ ...file, name: `x${file.name}` })) },
      "names no file index.bin",
    ],
    [
      "with other counts",
      { ...index.manifest, counts: { ...index.manifest.counts, documents: 5 } },
      "6 paths for 5 documents",
    ],
    [
      "with other dimensions",
      { ...index.manifest, embedder: { ...index.manifest.embedder, dimensions: 31 } },
      "index file: ",
    ],
  ])("%s", async (_, manifest, message) => {
    const fault = await faultOf({ manifest });
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ boundary: "index", message: expect.stringContaining(message) });
  });
});

describe("files that are not the manifest's are a fault of the index", () => {
  const spoilt = (spoil: (content: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) => ({
    read: async (name: string) => spoil(new Uint8Array(await readFrom(index)(name))).slice().buffer,
  });

  test.each([
    ["cut short", (content: Uint8Array<ArrayBuffer>) => content.subarray(0, -1), "index.bin has"],
    ["too long", (content: Uint8Array<ArrayBuffer>) => new Uint8Array([...content, 0]), "index.bin has"],
    [
      "with one wrong bit",
      (content: Uint8Array<ArrayBuffer>) => content.with(999, content[999]! ^ 1),
      "index.bin is not the file",
    ],
    ["empty", () => new Uint8Array(), "index.bin has 0 bytes"],
  ])("%s", async (_, spoil, message) => {
    const fault = await faultOf(spoilt(spoil));
    expect(fault).toMatchObject({ name: "Fault", boundary: "index", message: expect.stringContaining(message) });
  });

  test("a pack that is another's is a fault of those who read it, not of the others", async () => {
    const other = new Map(index.files).set(
      "documents-000.bin",
      new Uint8Array(index.files.get("documents-000.bin")!.length),
    );
    const corpus = await openCorpus({ manifest: index.manifest, read: readFrom({ files: other }), kernel });
    expect(corpus.has("SKY/2013/page_9.pdf")).toBe(true);
    await expect(corpus.read("SKY/2013/page_9.pdf")).rejects.toThrow("documents-000.bin is not the file");
  });

  test("a first load that lacks a section, or has one of another length, is told by its name", async () => {
    const sections = new Sections(index.files.get(INDEX_FILE)!.buffer);
    const paths = sections.get("paths", "uint8");
    const lacking = await withFile(INDEX_FILE, encodeSections(new Map([["paths", paths]])));
    await expect(open(lacking)).rejects.toThrow(/^index file: no section \S+ of type \S+$/);
  });

  test("what storage throws comes through", async () => {
    const away = new Fault("storage", "R2 is away");
    expect(await faultOf({ read: () => Promise.reject(away) })).toBe(away);
  });
});

test("an index of a service's vectors needs that service", async () => {
  const manifest: Manifest = { ...index.manifest, embedder: { kind: "openai", model: "m", dimensions: 32 } };
  expect(await faultOf({ manifest })).toMatchObject({ boundary: "configuration" });
});
