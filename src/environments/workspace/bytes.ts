/** Bytes as the shell's texts and back: as UTF-8, or as a text whose characters are the bytes. Pure. */
import type { BufferEncoding, FileContent, IFileSystem } from "just-bash/browser";

/** The shell's own type for bytes as a text. */
export type ByteText = Awaited<ReturnType<NonNullable<IFileSystem["readFileBytes"]>>>;

const utf8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
const encoder = new TextEncoder();
/** Arguments that one call of a function surely takes. */
const STEP = 8_192;

export function decodeAs(bytes: Uint8Array, encoding: BufferEncoding = "utf8"): string {
  return isUtf8(encoding) ? utf8.decode(bytes) : textOfBytes(bytes);
}

export function encodeAs(content: FileContent, encoding: BufferEncoding = "utf8"): Uint8Array {
  // A copy: whoever wrote may go on changing the array.
  if (content instanceof Uint8Array) return content.slice();
  return isUtf8(encoding) ? encoder.encode(content) : bytesOfText(content);
}

/** Or one character per byte: no command asks for the other encodings that the interface knows. */
function isUtf8(encoding: BufferEncoding): boolean {
  if (encoding === "hex" || encoding === "base64") throw new Error(`a workspace reads and writes no ${encoding}`);
  return encoding === "utf8" || encoding === "utf-8";
}

/** One character per byte, of the byte's value. */
export function byteText(bytes: Uint8Array): ByteText {
  // The shell marks such texts by a type that it does not export a way to.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return textOfBytes(bytes) as unknown as ByteText;
}

/** How many bytes such a text has. */
export function lengthOf(text: ByteText): number {
  // The marked type is that of a text; see above.
  // oxlint-disable-next-line typescript/no-base-to-string
  return String(text).length;
}

function textOfBytes(bytes: Uint8Array): string {
  const decoded = utf8.decode(bytes);
  // As many characters as bytes and none replaced: all of it is ASCII, and decoded is the same, and much sooner.
  if (decoded.length === bytes.length && !decoded.includes("\ufffd")) return decoded;
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += STEP) parts.push(String.fromCharCode(...bytes.subarray(at, at + STEP)));
  return parts.join("");
}

function bytesOfText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
