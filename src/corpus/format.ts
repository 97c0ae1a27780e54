/**
 * The container of an index's first-load file: named, typed, aligned arrays that a reader uses in place, without a copy.
 *
 *     8 bytes   magic "EDGEGYM1"
 *     4 bytes   length of the directory, little-endian
 *     directory JSON [[name, type, offset, length], …], padded with spaces; offsets count bytes from the start of the file
 *     sections  each at a multiple of 16 bytes
 *
 * Numbers are little-endian, as on every platform that runs a worker. Never knows what a section means.
 */
import * as z from "zod";
import { Fault } from "../contract/failure.ts";

const MAGIC = new TextEncoder().encode("EDGEGYM1");
const SPACE = 0x20;
const DIRECTORY_AT = MAGIC.length + 4;
/** The widest load of the vector kernel: a section can be read with it from its first byte. */
const ALIGNMENT = 16;

const arrayTypes = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
} as const;
type TypeName = keyof typeof arrayTypes;
/** A view of an ordinary (not shared) buffer. */
type ArrayOf<T extends TypeName> = ReturnType<(typeof arrayTypes)[T]["from"]>;
/** What a section may be. */
export type Section = Uint8Array | Int8Array | Uint16Array | Uint32Array | Float32Array;
export type NamedSection = readonly [name: string, section: Section];

const Directory = z.array(
  z.tuple([z.string(), z.enum(["uint8", "int8", "uint16", "uint32", "float32"]), z.int(), z.int()]),
);

/** The sections in their given order as one file. */
export function encodeSections(sections: ReadonlyMap<string, Section>): Uint8Array<ArrayBuffer> {
  const entries = [...sections].map(([name, array]) => ({ name, array, type: typeOf(array) }));
  // The directory's own length shifts the offsets in it: reserve the most that it can need.
  const widest = JSON.stringify(entries.map(({ name, type }) => [name, type, 1e10, 1e10]));
  const reserved = align(DIRECTORY_AT + encode(widest).length);
  let end = reserved;
  const directory = entries.map(({ name, array, type }) => {
    const offset = end;
    end = align(offset + array.byteLength);
    return [name, type, offset, array.length];
  });
  const file = new Uint8Array(end);
  file.set(MAGIC);
  new DataView(file.buffer).setUint32(MAGIC.length, reserved - DIRECTORY_AT, true);
  file.fill(SPACE, DIRECTORY_AT, reserved);
  file.set(encode(JSON.stringify(directory)), DIRECTORY_AT);
  entries.forEach(({ array }, at) => {
    file.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), Number(directory[at]?.[2]));
  });
  return file;
}

/** The sections of a file, by name and type. */
export class Sections {
  readonly #sections: ReadonlyMap<string, ArrayOf<TypeName>>;

  /** @throws Fault("index") when the bytes are not such a file */
  constructor(file: ArrayBuffer) {
    this.#sections = decode(file);
  }

  has(name: string): boolean {
    return this.#sections.has(name);
  }

  /** @throws Fault("index") when there is no section of this name and type */
  get<T extends TypeName>(name: string, type: T): ArrayOf<T> {
    const section = this.#sections.get(name);
    if (!isOfType(section, type)) throw new Fault("index", `index file: no section ${name} of type ${type}`);
    return section;
  }

  /** Numbers of things, in 16 or 32 bits as there are few or many. @throws Fault("index") when there is no such section */
  getIds(name: string): ArrayOf<"uint16"> | ArrayOf<"uint32"> {
    return isOfType(this.#sections.get(name), "uint16") ? this.get(name, "uint16") : this.get(name, "uint32");
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(file: ArrayBuffer): Map<string, ArrayOf<TypeName>> {
  const bytes = new Uint8Array(file);
  if (bytes.length < DIRECTORY_AT || MAGIC.some((byte, at) => bytes[at] !== byte))
    throw new Fault("index", "index file: wrong magic");
  const length = new DataView(file).getUint32(MAGIC.length, true);
  if (DIRECTORY_AT + length > bytes.length) throw new Fault("index", "index file: cut short in its directory");
  const sections = new Map<string, ArrayOf<TypeName>>();
  for (const [name, type, offset, count] of parseDirectory(bytes.subarray(DIRECTORY_AT, DIRECTORY_AT + length))) {
    const array = arrayTypes[type];
    if (offset + count * array.BYTES_PER_ELEMENT > bytes.length)
      throw new Fault("index", `index file: cut short in ${name}`);
    sections.set(name, new array(file, offset, count));
  }
  return sections;
}

function parseDirectory(bytes: Uint8Array): z.infer<typeof Directory> {
  try {
    return Directory.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new Fault("index", "index file: unreadable directory", { cause: error });
  }
}

function typeOf(array: Section): TypeName {
  if (array instanceof Uint8Array) return "uint8";
  if (array instanceof Int8Array) return "int8";
  if (array instanceof Uint16Array) return "uint16";
  if (array instanceof Uint32Array) return "uint32";
  return "float32";
}

function isOfType<T extends TypeName>(section: Section | undefined, type: T): section is ArrayOf<T> {
  return section instanceof arrayTypes[type];
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
