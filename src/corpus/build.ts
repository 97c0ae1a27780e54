/**
 * Documents → the files of a corpus index. Sequence: normalise → cut → index terms → pack texts → describe.
 * The same documents give the same bytes, in whatever order they come: no clock, no chance. Never writes a file.
 */
import { limits } from "../contract/limits.ts";
import { INDEX_SCHEMA, type EmbedderName, type IndexFile, type Manifest } from "../contract/manifest.ts";
import { CorpusError, normaliseDocuments, type Document } from "./document.ts";
import type { EmbedderChoice, EmbeddingCache } from "./embedder.ts";
import { encodeSections, type NamedSection } from "./format.ts";
import { sha256 } from "./hash.ts";
import { indexTerms } from "./lexical/build.ts";
import { packName, packTexts } from "./packs.ts";
import { cutPassages, type Passage } from "./passages.ts";

/** The first load of every index. */
export const INDEX_FILE = "index.bin";

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
 * @throws CorpusError when the documents are no corpus (see `normaliseDocuments`), or one is too large
 */
export async function buildIndex(
  documents: Iterable<Document>,
  _embedder: EmbedderChoice,
  _options: BuildOptions = {},
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
  const { packs, locations } = packTexts(encoded);
  const sections: NamedSection[] = [
    ["paths", new TextEncoder().encode(sorted.map(({ path }) => path).join("\n"))],
    ["text.pack", Uint16Array.from(locations, ({ pack }) => pack)],
    ["text.offset", Uint32Array.from(locations, ({ offset }) => offset)],
    ["text.bytes", Uint32Array.from(locations, ({ bytes }) => bytes)],
    ...passageSections(cut),
    ...terms.sections,
  ];
  const files = new Map([[INDEX_FILE, encodeSections(new Map(sections))]]);
  packs.forEach((pack, at) => files.set(packName(at), pack));
  onProgress("texts", packs.length, packs.length);
  const counts = { documents: cut.length, passages: cut.reduce((sum, { passages }) => sum + passages.length, 0), terms: terms.count, vectors: 0 };
  return { manifest: await describe(input, { kind: "embedded", model: "none", dimensions: 1 }, counts, files), files };
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

/** Where passages lie, in bytes of their document's text; a table's continuation knows where its header row lies. */
function passageSections(documents: readonly CutDocument[]): NamedSection[] {
  const first = [0];
  const spans: { start: number; bytes: number; headerStart: number; headerBytes: number }[] = [];
  for (const { text, passages } of documents) {
    const byteAt = bytePositions(text);
    for (const { start, end, header } of passages) {
      const from = byteAt(start);
      const headerStart = header === undefined ? 0 : byteAt(header.start);
      const headerBytes = header === undefined ? 0 : byteAt(header.end) - headerStart;
      spans.push({ start: from, bytes: byteAt(end) - from, headerStart, headerBytes });
    }
    first.push(spans.length);
  }
  return [
    ["passage.first", Uint32Array.from(first)],
    ["passage.start", Uint32Array.from(spans, ({ start }) => start)],
    ["passage.bytes", Uint32Array.from(spans, ({ bytes }) => bytes)],
    ["passage.headerStart", Uint32Array.from(spans, ({ headerStart }) => headerStart)],
    ["passage.headerBytes", Uint32Array.from(spans, ({ headerBytes }) => headerBytes)],
  ];
}

/** UTF-16 position → UTF-8 position, for a text. */
function bytePositions(text: string): (position: number) => number {
  const positions = new Uint32Array(text.length + 1);
  for (let at = 0, bytes = 0; at < text.length; at++) {
    bytes += utf8Bytes(text.charCodeAt(at), text.charCodeAt(at - 1), text.charCodeAt(at + 1));
    positions[at + 1] = bytes;
  }
  return (position) => positions[position] ?? 0;
}

/** Bytes that a code unit adds: a pair has four, counted at its second half; half a pair alone becomes U+FFFD, which has three. */
function utf8Bytes(unit: number, before: number, after: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  if (isHigh(unit)) return isLow(after) ? 0 : 3;
  return isLow(unit) && isHigh(before) ? 4 : 3;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

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
