/**
 * Cuts a tool's answer to what one reply may hold and says how to get the rest. Pure.
 */
import { limits } from "../contract/limits.ts";

export interface Output {
  text: string;
  /** Whether something of the answer lies beyond this text. */
  cut: boolean;
}

/**
 * The part of `text` from `offset` (UTF-16 code units, as `String.length` counts) that fits into `limit` characters
 * together with the note that ends it: how many characters remain, and the call that continues.
 * Cuts after a line end; inside a line only where that line alone is too long, and never inside a surrogate pair.
 * `offset` beyond the text gives undefined.
 */
export function cutOutput(
  text: string,
  offset: number,
  limit: number,
  continuation: (offset: number) => string,
): Output | undefined {
  if (offset > 0 && offset >= text.length) return undefined;
  const start = isInsidePair(text, offset) ? offset - 1 : offset;
  if (text.length - start <= limit) return { text: text.slice(start), cut: false };
  // The note's length hardly depends on the digits in it: reserve for the longest there can be.
  const reserved = note(text.length, continuation(text.length)).length;
  const end = endOfPart(text, start, Math.max(limit - reserved, 1));
  return { text: text.slice(start, end) + note(text.length - end, continuation(end)), cut: true };
}

/** A cut output without the note that ends it, which quotes the call's own arguments. */
export function withoutNote(output: string): string {
  const start = output.lastIndexOf("\n[");
  return start === -1 ? output : output.slice(0, start);
}

/** How a call reads that repeats `args` from another offset; the arguments are left out where they are long. */
export function continuingCall(tool: string, args: Record<string, unknown>, offset: number): string {
  const { offset: _, ...repeated } = args;
  // The offset's digits do not count: of one text's parts, either all calls are written out or none.
  const isLong = JSON.stringify(repeated).length > limits.pathCharacters;
  return isLong
    ? `${tool} with the same arguments and "offset": ${offset}`
    : `${tool} ${JSON.stringify({ ...repeated, offset })}`;
}

const note = (remaining: number, call: string) => `\n[${remaining} more characters. Continue with: ${call}]`;

function endOfPart(text: string, start: number, room: number): number {
  const lineEnd = text.lastIndexOf("\n", start + room - 1);
  if (lineEnd >= start) return lineEnd + 1;
  const end = start + room;
  if (!isInsidePair(text, end)) return end;
  return end - 1 > start ? end - 1 : end + 1;
}

function isInsidePair(text: string, index: number): boolean {
  return isHighSurrogate(text.charCodeAt(index - 1)) && isLowSurrogate(text.charCodeAt(index));
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;
