/**
 * Where the passages of documents lie in their encoded texts, for an index file. Never cuts a text.
 */
import type { CutDocument } from "./build.ts";
import type { NamedSection } from "./format.ts";

/** Where passages lie, in bytes of their document's text; a table's continuation knows where its header row lies. */
export function passageSections(documents: readonly CutDocument[]): NamedSection[] {
  const spans: { start: number; bytes: number; headerStart: number; headerBytes: number }[] = [];
  for (const { text, passages } of documents) {
    const byteAt = bytePositions(text);
    for (const { start, end, header } of passages) {
      const from = byteAt(start);
      const headerStart = header === undefined ? 0 : byteAt(header.start);
      const headerBytes = header === undefined ? 0 : byteAt(header.end) - headerStart;
      spans.push({ start: from, bytes: byteAt(end) - from, headerStart, headerBytes });
    }
  }
  return [
    ["passage.start", Uint32Array.from(spans, ({ start }) => start)],
    ["passage.bytes", Uint16Array.from(spans, ({ bytes }) => bytes)],
    ["passage.headerStart", Uint32Array.from(spans, ({ headerStart }) => headerStart)],
    ["passage.headerBytes", Uint16Array.from(spans, ({ headerBytes }) => headerBytes)],
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
