/**
 * Document texts in packs: files of about a megabyte that are read when a text of theirs is wanted, and kept for a while.
 * Never decides where packs come from: a read function is given.
 */
import { Fault } from "../contract/failure.ts";
import { concatenate } from "./bytes.ts";
import { KeptReads, type WaitForRead } from "./kept-reads.ts";

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

/** Reads packs by number: each once at a time however many ask, the last used ones kept up to a number of bytes. */
export class PackReader {
  readonly #read: (pack: number) => Promise<ArrayBuffer>;
  readonly #packs: KeptReads<number, Uint8Array>;

  constructor(read: (pack: number) => Promise<ArrayBuffer>, keptBytes: number, wait?: WaitForRead) {
    this.#read = read;
    this.#packs = new KeptReads(keptBytes, (pack) => pack.length, wait);
  }

  /** The pack, if it is kept. */
  peek(pack: number): Uint8Array | undefined {
    return this.#packs.peek(pack);
  }

  /** The pack, read if need be. A read that fails is not remembered. @throws what the read function throws */
  get(pack: number): Promise<Uint8Array> {
    return this.#packs.get(pack, async () => new Uint8Array(await this.#read(pack)));
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true, fatal: false });

/** Bytes of a pack as text. @throws Fault("index") when the pack ends before them */
export function decodeText(pack: Uint8Array, offset: number, bytes: number): string {
  if (offset + bytes > pack.length)
    throw new Fault("index", `a pack of ${pack.length} bytes ends before ${offset + bytes}`);
  return utf8.decode(pack.subarray(offset, offset + bytes));
}
