/**
 * A commit's manifest → a repository whose files are read, pack by pack, when they are wanted. Never knows where packs are or
 * for how long they are kept: a function that has them is given.
 */
import { Fault } from "../../contract/failure.ts";
import { limits } from "../../contract/limits.ts";
import { type PackedFile, type PackedLink, RepositoryManifest } from "../../contract/repository.ts";
import { gunzip } from "../gzip.ts";
import { sha256 } from "../hash.ts";
import type { Repository, RepositoryEntry, RepositoryFile, RepositoryLink } from "./repository.ts";
import { requireFile } from "./repository.ts";
import { EntryTree } from "./tree.ts";

/** A pack's name, and how large it is unpacked. */
export type Pack = RepositoryManifest["packs"][number];

/** What a pack holds, unpacked. @throws Fault("storage") or Fault("index") */
export type GetPack = (pack: Pack) => Promise<Uint8Array>;

/** @throws Fault("index") when the bytes are no manifest that this version reads */
export async function readManifest(compressed: ArrayBuffer): Promise<RepositoryManifest> {
  const json = await unpackJson(compressed);
  const parsed = RepositoryManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault("index", `a repository's manifest is not readable: ${issue?.path.join(".")}: ${issue?.message}`);
}

/** What a pack's object holds. @throws Fault("index") when that is not what the pack is named after */
export async function unpack({ sha256: pack }: Pack, compressed: ArrayBuffer): Promise<Uint8Array> {
  const content = await gunzip(new Uint8Array(compressed)).catch((error: unknown) => {
    throw new Fault("index", `the pack ${pack} cannot be unpacked`, { cause: error });
  });
  if ((await sha256(content)) === pack) return content;
  throw new Fault("index", `the pack ${pack} is not what it is named after`);
}

/** A file, and where its content is. */
interface StoredFile extends RepositoryFile {
  pack: number;
  offset: number;
}

export class PackedRepository implements Repository {
  readonly name: string;
  readonly commit: string;
  readonly #tree: EntryTree<StoredFile | RepositoryLink>;
  readonly #packs: readonly Pack[];
  readonly #getPack: GetPack;

  constructor({ name, commit, packs, files, links }: RepositoryManifest, getPack: GetPack) {
    this.name = name;
    this.commit = commit;
    this.#packs = packs;
    this.#getPack = getPack;
    this.#tree = new EntryTree([...files.map(toFile), ...links.map(toLink)]);
  }

  get entries(): readonly RepositoryEntry[] {
    return this.#tree.entries;
  }

  find(path: string): RepositoryEntry | undefined {
    return this.#tree.find(path);
  }

  list(directory: string) {
    return this.#tree.list(directory);
  }

  async read(path: string): Promise<Uint8Array> {
    const { pack, offset, size } = requireFile(this.#tree, path);
    const content = await this.#getPack(this.#packAt(pack));
    if (offset + size > content.length)
      throw new Fault("index", `a pack of ${content.length} bytes ends before ${offset + size}`);
    return content.subarray(offset, offset + size);
  }

  async prefetch(paths: readonly string[]): Promise<void> {
    const packs = this.#packsOf(paths).values();
    const reader = async () => {
      for (const pack of packs) await this.#getPack(pack);
    };
    await Promise.all(Array.from({ length: limits.repositoryReads }, reader));
  }

  /** The packs with these files, in their order, as many as can be kept: what comes after them would push them out again. */
  #packsOf(paths: readonly string[]): Pack[] {
    const packs = new Set<number>();
    let bytes = 0;
    for (const path of paths) {
      const entry = this.#tree.find(path);
      if (entry?.kind !== "file" || packs.has(entry.pack)) continue;
      bytes += this.#packs[entry.pack]?.bytes ?? 0;
      if (bytes > limits.repositoryPacksKeptBytes) break;
      packs.add(entry.pack);
    }
    return [...packs].map((pack) => this.#packAt(pack));
  }

  #packAt(index: number): Pack {
    const pack = this.#packs[index];
    if (pack === undefined) throw new Fault("index", `a repository's manifest has no pack ${index}`);
    return pack;
  }
}

async function unpackJson(compressed: ArrayBuffer): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await gunzip(new Uint8Array(compressed))));
  } catch (error) {
    throw new Fault("index", "a repository's manifest cannot be unpacked", { cause: error });
  }
}

function toFile({ path, bytes, executable, sha256: blob, pack, offset }: PackedFile): StoredFile {
  return { kind: "file", path, size: bytes, executable: executable === true, blob, pack, offset };
}

function toLink({ path, target, sha256: blob }: PackedLink): RepositoryLink {
  return { kind: "link", path, size: new TextEncoder().encode(target).length, executable: false, blob, target };
}
