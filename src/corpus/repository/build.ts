/**
 * Files of a commit → a manifest and the packs that it names. The same files give the same manifest and packs, in whatever order
 * they come: no clock, no chance. Never reads or writes a file.
 */
import {
  type LeftOut,
  type PackedFile,
  manifestKey,
  packKey,
  REPOSITORY_SCHEMA,
  RepositoryManifest,
} from "../../contract/repository.ts";
import { limits } from "../../contract/limits.ts";
import { concatenate } from "../bytes.ts";
import { gzip } from "../gzip.ts";
import { sha256 } from "../hash.ts";
import { cutIntoPacks } from "./cut.ts";
import type { Gathered, SourceFile, SourceLink } from "./source.ts";

export interface BuiltRepository {
  manifest: RepositoryManifest;
  /** By their keys in the bucket; the manifest comes last, for what is interrupted to have none. */
  objects: Map<string, Uint8Array<ArrayBuffer>>;
}

/** @param commit a name for this state of the files; without one, their hash */
export async function buildRepository(
  { entries, leftOut }: Gathered,
  name: string,
  commit?: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<BuiltRepository> {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>();
  const packs: RepositoryManifest["packs"] = [];
  const files: PackedFile[] = [];
  const cut = cutIntoPacks(entries.filter((entry) => entry.kind === "file"));
  for (const members of cut) {
    const { content, placed } = await fill(members, packs.length);
    const described = { sha256: await sha256(content), bytes: content.length };
    objects.set(packKey(described.sha256), await gzip(content));
    packs.push(described);
    files.push(...placed);
    onProgress(packs.length, cut.length);
  }
  const links = await Promise.all(entries.filter((entry) => entry.kind === "link").map(describeLink));
  const known = commit ?? (await nameOf(files, links));
  const manifest = describe(name, known, { packs, files, links }, leftOut);
  objects.set(manifestKey(name, known), await gzip(JSON.stringify(manifest)));
  return { manifest, objects };
}

/** The files one after another, and where each is; files of the same content are in it once. */
async function fill(
  members: readonly SourceFile[],
  pack: number,
): Promise<{ content: Uint8Array<ArrayBuffer>; placed: PackedFile[] }> {
  const parts: Uint8Array[] = [];
  const offsets = new Map<string, number>();
  const placed: PackedFile[] = [];
  let bytes = 0;
  for (const { path, content, executable } of members) {
    const hash = await sha256(content);
    let offset = offsets.get(hash);
    if (offset === undefined) {
      offset = bytes;
      offsets.set(hash, offset);
      parts.push(content);
      bytes += content.length;
    }
    placed.push({ path, bytes: content.length, sha256: hash, ...(executable && { executable }), pack, offset });
  }
  return { content: concatenate(parts), placed };
}

/** A name for a state of the files, as long as git's. */
async function nameOf(files: readonly PackedFile[], links: RepositoryManifest["links"]): Promise<string> {
  const states = files.map((file) => [file.path, file.sha256, file.executable ?? false]);
  const hash = await sha256(JSON.stringify([states, links.map(({ path, target }) => [path, target])]));
  return hash.slice(0, 40);
}

async function describeLink({ path, target }: SourceLink) {
  return { path, target, sha256: await sha256(target) };
}

/** @throws ZodError when name or commit are none: they are checked where they come from */
function describe(
  name: string,
  commit: string,
  content: Pick<RepositoryManifest, "packs" | "files" | "links">,
  leftOut: readonly LeftOut[],
): RepositoryManifest {
  return RepositoryManifest.parse({
    schema: REPOSITORY_SCHEMA,
    name,
    commit,
    ...content,
    left_out_count: leftOut.length,
    left_out: leftOut.slice(0, limits.repositoryNotes),
  });
}
