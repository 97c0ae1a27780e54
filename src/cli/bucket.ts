/** Mirrors built indexes and repositories into the bucket: this machine's (wrangler's local state) or Cloudflare's. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Manifest } from "../contract/manifest.ts";
import { manifestKey, packKey, type RepositoryManifest } from "../contract/repository.ts";
import { readManifest } from "./index-folder.ts";
import { runWrangler } from "./processes.ts";
import { BUCKET } from "./project.ts";
import { UserError } from "./user-error.ts";

/** `local` may name where the local state is kept, instead of `.wrangler/state`. */
export type Target = "remote" | { persistTo?: string };

/** What is put into the bucket, by key: a file, or a text. */
type Put = { key: string } & ({ file: string } | { content: string });

/**
 * Something to upload, safe to repeat and to interrupt: contents go under names that no other content has, and go first; what makes a
 * worker use them goes last.
 */
export interface Upload {
  contents: Put[];
  names: Put[];
}

/** The index in `folder`, to be the current one of `corpus`. @throws UserError where there is none */
export async function indexUpload(folder: string, corpus: string): Promise<Upload & { manifest: Manifest }> {
  const manifest = await readManifest(folder);
  if (!manifest) throw new UserError(`${folder} has no complete index of this version: build it with edgegym index.`);
  const prefix = `corpora/${corpus}/${manifest.version}`;
  const files = [...manifest.files.map((file) => file.name), "manifest.json"];
  return {
    manifest,
    contents: files.map((name) => ({ key: `${prefix}/${name}`, file: resolve(folder, name) })),
    names: [{ key: `corpora/${corpus}/current.json`, content: JSON.stringify({ version: manifest.version }) }],
  };
}

/** Repositories of a folder, whose files are named as their keys; the manifests name the packs. */
export function repositoriesUpload(folder: string, repositories: readonly RepositoryManifest[]): Upload {
  const packs = new Set(repositories.flatMap((manifest) => manifest.packs.map(({ sha256 }) => packKey(sha256))));
  const manifests = repositories.map(({ name, commit }) => manifestKey(name, commit));
  const toPut = (key: string): Put => ({ key, file: resolve(folder, key) });
  return { contents: [...packs].map(toPut), names: manifests.map(toPut) };
}

/** All of them together, since starting wrangler takes longer than what it puts. */
export async function upload(uploads: readonly Upload[], target: Target): Promise<void> {
  for (const puts of [uploads.flatMap(({ contents }) => contents), uploads.flatMap(({ names }) => names)])
    if (puts.length > 0) await putAll(puts, target);
}

/** Wrangler takes files, and the list of them as a file too; it runs in the project's folder, wherever this command does. */
async function putAll(puts: readonly Put[], target: Target): Promise<void> {
  const place =
    target === "remote" ? ["--remote"] : ["--local", ...(target.persistTo ? ["--persist-to", target.persistTo] : [])];
  const folder = await mkdtemp(join(tmpdir(), "edgegym-"));
  try {
    const objects = await Promise.all(
      puts.map(async (put, at) => {
        const file = "file" in put ? put.file : join(folder, `${at}`);
        if ("content" in put) await writeFile(file, put.content);
        return { key: put.key, file };
      }),
    );
    const list = join(folder, "list.json");
    await writeFile(list, JSON.stringify(objects));
    await runWrangler(["r2", "bulk", "put", BUCKET, "--filename", list, ...place]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
