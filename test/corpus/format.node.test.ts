import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fault } from "../../src/contract/failure.ts";
import { encodeSections, type Section, Sections } from "../../src/corpus/format.ts";

const section: fc.Arbitrary<Section> = fc.oneof(
  fc.uint8Array(),
  fc.int8Array(),
  fc.uint16Array(),
  fc.uint32Array(),
  fc.float32Array(),
);
const anySections = fc.uniqueArray(fc.tuple(fc.string({ unit: "grapheme" }), section), {
  selector: ([name]) => name,
  maxLength: 8,
});

const typeOf = (array: Section) => {
  if (array instanceof Uint8Array) return "uint8";
  if (array instanceof Int8Array) return "int8";
  if (array instanceof Uint16Array) return "uint16";
  return array instanceof Uint32Array ? "uint32" : "float32";
};

describe("an index file", () => {
  test("gives back every section as it was, aligned to 16 bytes", () => {
    fc.assert(
      fc.property(anySections, (written) => {
        const file = encodeSections(new Map(written));
        const sections = new Sections(file.buffer);
        for (const [name, array] of written) {
          const read = sections.get(name, typeOf(array));
          expect(read).toEqual(array);
          expect(read.byteOffset % 16).toBe(0);
        }
      }),
    );
  });

  test("says which section it lacks, or has with another type", () => {
    const sections = new Sections(encodeSections(new Map([["a", Uint8Array.of(1)]])).buffer);
    expect(() => sections.get("b", "uint8")).toThrow(new Fault("index", "index file: no section b of type uint8"));
    expect(() => sections.get("a", "int8")).toThrow("no section a of type int8");
    expect(() => sections.getIds("a")).toThrow("no section a of type uint32");
  });

  test("holds few numbers in 16 bits and many in 32", () => {
    const sections = new Sections(
      encodeSections(
        new Map<string, Section>([
          ["few", Uint16Array.of(7)],
          ["many", Uint32Array.of(70_000)],
        ]),
      ).buffer,
    );
    expect(sections.getIds("few")).toEqual(Uint16Array.of(7));
    expect(sections.getIds("many")).toEqual(Uint32Array.of(70_000));
  });

  test("that is cut short anywhere, or is no such file, is a fault of the index", () => {
    const file = encodeSections(new Map([["a", Uint32Array.of(1, 2, 3, 4, 5)]]));
    const faultOf = (bytes: Uint8Array) => {
      try {
        return new Sections(bytes.slice().buffer).get("a", "uint32").length;
      } catch (error) {
        return error;
      }
    };
    // Only the padding after the last section may be missing.
    for (let length = 0; length < file.length - 12; length++)
      expect(faultOf(file.subarray(0, length))).toBeInstanceOf(Fault);
    expect(faultOf(new TextEncoder().encode("<html>not found</html>"))).toBeInstanceOf(Fault);
    const otherDirectory = file.slice();
    otherDirectory[12] = 0;
    expect(faultOf(otherDirectory)).toEqual(new Fault("index", "index file: unreadable directory"));
  });
});
