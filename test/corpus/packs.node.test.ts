import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fault } from "../../src/contract/failure.ts";
import { decodeText, packName, PackReader, packTexts } from "../../src/corpus/packs.ts";

describe("texts in packs", () => {
  test("come back as they were", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
        const { packs, locations } = packTexts(texts.map((text) => new TextEncoder().encode(text)));
        const read = locations.map(({ pack, offset, bytes }) => decodeText(packs[pack]!, offset, bytes));
        expect(read).toEqual(texts);
      }),
    );
  });

  test("fill packs of at most a megabyte; a larger text has one of its own", () => {
    const sizes = [400_000, 400_000, 400_000, 3_000_000, 10, 0];
    const { packs, locations } = packTexts(sizes.map((size) => new Uint8Array(size)));
    expect(packs.map((pack) => pack.length)).toEqual([800_000, 400_000, 3_000_000, 10]);
    expect(locations.map(({ pack }) => pack)).toEqual([0, 0, 1, 2, 3, 3]);
    expect(packs.map((_, at) => packName(at))).toEqual([0, 1, 2, 3].map((at) => `documents-00${at}.bin`));
  });

  test("keep a byte order mark, and are a fault beyond a pack's end", () => {
    const pack = new TextEncoder().encode("\uFEFFa");
    expect(decodeText(pack, 0, 4)).toBe("\uFEFFa");
    expect(() => decodeText(pack, 2, 3)).toThrow(Fault);
  });
});

describe("a reader of packs", () => {
  /** Packs of ten bytes, and the numbers of those that were read. */
  function storage() {
    const reads: number[] = [];
    const read = async (pack: number) => {
      reads.push(pack);
      return new Uint8Array(10).fill(pack).buffer;
    };
    return { reads, read };
  }

  test("reads a pack once, however many ask at once", async () => {
    const { reads, read } = storage();
    const reader = new PackReader(read, 100);
    const packs = await Promise.all(Array.from({ length: 50 }, () => reader.get(3)));
    expect(new Set(packs).size).toBe(1);
    expect(await reader.get(3)).toEqual(new Uint8Array(10).fill(3));
    expect(reads).toEqual([3]);
  });

  test("keeps the packs used last, up to a number of bytes", async () => {
    const { reads, read } = storage();
    const reader = new PackReader(read, 20);
    for (const pack of [1, 2, 1, 3, 1, 2]) await reader.get(pack);
    expect(reads).toEqual([1, 2, 3, 2]);
    expect(reader.peek(3)).toBeUndefined();
    expect(reader.peek(1)).toBeDefined();
  });

  test("gives out a pack that is too large to keep", async () => {
    const { reads, read } = storage();
    const reader = new PackReader(read, 5);
    for (const _ of [1, 2]) expect((await reader.get(7)).length).toBe(10);
    expect(reads).toEqual([7, 7]);
  });

  test("forgets a read that failed", async () => {
    const { read } = storage();
    let fails = true;
    const reader = new PackReader((pack) => (fails ? Promise.reject(new Fault("storage", "away")) : read(pack)), 100);
    await Promise.all([1, 2].map(() => expect(reader.get(1)).rejects.toThrow("away")));
    fails = false;
    expect((await reader.get(1)).length).toBe(10);
  });
});
