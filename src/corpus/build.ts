/**
 * Documents → the files of a corpus index. Sequence: normalise → cut → index terms → embed → pack texts → describe.
 * The same documents give the same bytes, in whatever order they come: no clock, no chance. Never writes a file.
 */
import { limits } from "../contract/limits.ts";
import { INDEX_FILE, INDEX_SCHEMA, type EmbedderName, type IndexFile, type Manifest } from "../contract/manifest.ts";
import { CorpusError, normaliseDocuments, type Document } from "./document.ts";
import type { EmbedderChoice, EmbeddingCache } from "./embedder.ts";
import { trainWords } from "./embedded/train.ts";
import { embeddedName } from "./embedded/words.ts";
import { type EmbeddedPages, embedWithService, embedWithWords } from "./embed-pages.ts";
import { encodeSections, type NamedSection, Sections } from "./format.ts";
import { sha256 } from "./hash.ts";
import { inverseDocumentFrequency } from "./lexical/bm25.ts";
import { indexTerms, type LexicalIndex } from "./lexical/build.ts";
import { packName, packTexts } from "./packs.ts";
import { passageSections } from "./passage-sections.ts";
import { cutPassages, type Passage } from "./passages.ts";

export interface BuildOptions {
  /** Vectors of a paid embedder from an earlier build, so that a build that broke off goes on where it was. */
  cache?: EmbeddingCache;
}

/** What the build is at: `done` of `total` of a step's units. */
export type OnProgress = (step: "cut" | "terms" | "vectors" | "texts", done: number, total: number) => void;

export interface BuiltIndex {
  manifest: Manifest;
  /** By name, as the manifest lists them. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** A document as the builder works on it. Spans are positions in `text`. */
export interface CutDocument extends Document {
  passages: Passage[];
}

/**
 * @param options.cache where a service's vectors are kept; the embedded embedder needs none
 * @throws CorpusError when the documents are no corpus (see `normaliseDocuments`), or one is too large; what the embedder throws
 */
export async function buildIndex(
  documents: Iterable<Document>,
  embedder: EmbedderChoice,
  options: BuildOptions = {},
  onProgress: OnProgress = () => {},
): Promise<BuiltIndex> {
  const sorted = normaliseDocuments(documents);
  const encoded = sorted.map((document) => encodeText(document));
  const input = await documentsHash(sorted);
  const cut = sorted.map((document, at) => {
    onProgress("cut", at + 1, sorted.length);
    return { ...document, passages: cutPassages(document.text) };
  });
  const terms = indexTerms(cut, (done) => onProgress("terms", done, cut.length));
  const vectors = await embed(cut, terms, embedder, options, onProgress);
  const { packs, locations } = packTexts(encoded);
  const sections: NamedSection[] = [
    ["paths", new TextEncoder().encode(sorted.map(({ path }) => path).join("\n"))],
    ["text.pack", Uint16Array.from(locations, ({ pack }) => pack)],
    ["text.offset", Uint32Array.from(locations, ({ offset }) => offset)],
    ["text.bytes", Uint32Array.from(locations, ({ bytes }) => bytes)],
    ...passageSections(cut),
    ...terms.sections,
    ...vectors.sections,
  ];
  const files = new Map([[INDEX_FILE, encodeSections(new Map(sections))]]);
  packs.forEach((pack, at) => files.set(packName(at), pack));
  onProgress("texts", packs.length, packs.length);
  const passages = terms.tokenFirst.length - 1;
  const counts = { documents: cut.length, passages, terms: terms.terms, vectors: vectors.count };
  return { manifest: await describe(input, vectors.embedder, counts, files), files };
}

/** The manifest's `input`: the same for the same documents, in whatever order they come. @throws CorpusError as `buildIndex` */
export function documentsHash(documents: Iterable<Document>): Promise<string> {
  return sha256(JSON.stringify(normaliseDocuments(documents).map(({ path, text }) => [path, text])));
}

function encodeText({ path, text }: Document): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= limits.documentBytes) return bytes;
  throw new CorpusError(`${path} has ${bytes.length} bytes; a document may have ${limits.documentBytes}: split it`);
}

async function embed(
  documents: readonly CutDocument[],
  terms: LexicalIndex,
  embedder: EmbedderChoice,
  { cache }: BuildOptions,
  onProgress: OnProgress,
): Promise<EmbeddedPages & { embedder: EmbedderName }> {
  const onDone = (done: number, total: number) => onProgress("vectors", done, total);
  if (embedder !== "embedded") {
    const { kind, model, dimensions } = embedder;
    return { ...(await embedWithService(documents, embedder, cache, onDone)), embedder: { kind, model, dimensions } };
  }
  const { pagesHaving, isNumber } = terms;
  const rarity = Float32Array.from(pagesHaving, (having) => inverseDocumentFrequency(having, documents.length));
  const words = trainWords(terms, pagesHaving, rarity, isNumber);
  const table = new Sections(encodeSections(new Map(words)).buffer);
  const pages = embedWithWords(terms, rarity, table, embeddedName.dimensions, onDone);
  return { ...pages, sections: [...words, ...pages.sections], embedder: embeddedName };
}

async function describe(
  input: string,
  embedder: EmbedderName,
  counts: Manifest["counts"],
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<Manifest> {
  const described: IndexFile[] = [];
  for (const [name, content] of files) described.push({ name, bytes: content.length, sha256: await sha256(content) });
  const version = await sha256(JSON.stringify([INDEX_SCHEMA, embedder, described.map((file) => file.sha256)]));
  return { schema: INDEX_SCHEMA, version, input, embedder, counts, files: described };
}
