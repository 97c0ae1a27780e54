/** The texts of an index, whole or by passage, from packs that are read on demand. */
import { limits } from "../contract/limits.ts";
import type { Sections } from "./format.ts";
import type { WaitForRead } from "./kept-reads.ts";
import { decodeText, packName, PackReader } from "./packs.ts";

export class Texts {
  readonly #packs: PackReader;
  readonly #pack: Uint16Array;
  readonly #offset: Uint32Array;
  readonly #bytes: Uint32Array;
  readonly #passageStart: Uint32Array;
  readonly #passageBytes: Uint16Array;
  readonly #headerStart: Uint32Array;
  readonly #headerBytes: Uint16Array;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Sections, read: (file: string) => Promise<ArrayBuffer>, wait?: WaitForRead) {
    this.#packs = new PackReader((pack) => read(packName(pack)), limits.textsKeptBytes, wait);
    this.#pack = sections.get("text.pack", "uint16");
    this.#offset = sections.get("text.offset", "uint32");
    this.#bytes = sections.get("text.bytes", "uint32");
    this.#passageStart = sections.get("passage.start", "uint32");
    this.#passageBytes = sections.get("passage.bytes", "uint16");
    this.#headerStart = sections.get("passage.headerStart", "uint32");
    this.#headerBytes = sections.get("passage.headerBytes", "uint16");
  }

  /** A page's text. @throws what reading its pack throws */
  async read(page: number): Promise<string> {
    const pack = await this.#packs.get(this.#pack[page]!);
    return decodeText(pack, this.#offset[page]!, this.#bytes[page]!);
  }

  /** Passages of a page; one that continues a table comes under the table's header row. @throws what reading its pack throws */
  async passages(page: number, passages: readonly number[]): Promise<string[]> {
    const pack = this.#packs.peek(this.#pack[page]!) ?? (await this.#packs.get(this.#pack[page]!));
    return passages.map((passage) => this.#passage(pack, this.#offset[page]!, passage));
  }

  #passage(pack: Uint8Array, offset: number, passage: number): string {
    const text = decodeText(pack, offset + this.#passageStart[passage]!, this.#passageBytes[passage]!);
    const headerBytes = this.#headerBytes[passage]!;
    if (headerBytes === 0) return text;
    return `${decodeText(pack, offset + this.#headerStart[passage]!, headerBytes)}\n${text}`;
  }
}
