/**
 * Document texts in packs: files of about a megabyte that are read when a text of theirs is wanted, and kept for a while.
 * Never decides where packs come from: a read function is given.
 */
import { Fault } from "../contract/failure.ts";

/** Large enough that a few reads warm a corpus, small enough that one read is quick. */
const PACK_BYTES = 1_000_000;

/** Where a text lies. */
export interface TextLocation {
  pack: number;
  /** Bytes from the start of the pack. */
  offset: number;
  bytes: number;
}

export function packName(pack: number): string {
  return `documents-${String(pack).padStart(3, "0")}.bin`;
}

/** The texts one after another in packs; a text larger than a pack has one of its own. */
export function packTexts(texts: readonly Uint8Array[]): {
  packs: Uint8Array<ArrayBuffer>[];
  locations: TextLocation[];
} {
  const packs: Uint8Array[][] = [[]];
  let used = 0;
  const locations = texts.map((text) => {
    if (used > 0 && used + text.length > PACK_BYTES) {
      packs.push([]);
      used = 0;
    }
    packs.at(-1)?.push(text);
    used += text.length;
    return { pack: packs.length - 1, offset: used - text.length, bytes: text.length };
  });
  return { packs: packs.map(concatenate), locations };
}

/** Waits for a read that others share; `onExpiry` is called when that takes too long, and then the wait rejects. */
export type WaitForRead = <T>(read: Promise<T>, onExpiry: () => void) => Promise<T>;

/** Reads packs by number: each once at a time however many ask, the last used ones kept up to a number of bytes. */
export class PackReader {
  readonly #read: (pack: number) => Promise<ArrayBuffer>;
  readonly #keptBytes: number;
  readonly #wait: WaitForRead;
  /** In order of last use, oldest first. */
  readonly #kept = new Map<number, Uint8Array>();
  readonly #reading = new Map<number, Promise<Uint8Array>>();
  #bytes = 0;

  constructor(read: (pack: number) => Promise<ArrayBuffer>, keptBytes: number, wait: WaitForRead = (shared) => shared) {
    this.#read = read;
    this.#keptBytes = keptBytes;
    this.#wait = wait;
  }

  /** The pack, if it is kept. */
  peek(pack: number): Uint8Array | undefined {
    const bytes = this.#kept.get(pack);
    if (bytes === undefined) return undefined;
    this.#kept.delete(pack);
    this.#kept.set(pack, bytes);
    return bytes;
  }

  /** The pack, read if need be. A read that fails is not remembered. @throws what the read function throws */
  async get(pack: number): Promise<Uint8Array> {
    const kept = this.peek(pack);
    if (kept !== undefined) return kept;
    const reading = this.#reading.get(pack) ?? this.#start(pack);
    return this.#wait(reading, () => this.#forget(pack, reading));
  }

  #start(pack: number): Promise<Uint8Array> {
    const reading = this.#read(pack)
      .then((buffer) => this.#keep(pack, new Uint8Array(buffer)))
      .finally(() => this.#forget(pack, reading));
    this.#reading.set(pack, reading);
    return reading;
  }

  #forget(pack: number, reading: Promise<Uint8Array>): void {
    if (this.#reading.get(pack) === reading) this.#reading.delete(pack);
  }

  #keep(pack: number, bytes: Uint8Array): Uint8Array {
    this.#bytes += bytes.length - (this.#kept.get(pack)?.length ?? 0);
    this.#kept.set(pack, bytes);
    for (const [oldest, old] of this.#kept) {
      if (this.#bytes <= this.#keptBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= old.length;
    }
    return bytes;
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true, fatal: false });

/** Bytes of a pack as text. @throws Fault("index") when the pack ends before them */
export function decodeText(pack: Uint8Array, offset: number, bytes: number): string {
  if (offset + bytes > pack.length)
    throw new Fault("index", `a pack of ${pack.length} bytes ends before ${offset + bytes}`);
  return utf8.decode(pack.subarray(offset, offset + bytes));
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
