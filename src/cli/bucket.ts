/** Mirrors a built index into the bucket: this machine's (wrangler's local state) or Cloudflare's. */
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

/**
 * Uploads the index in `folder` as the current one of `corpus`. Safe to repeat and to interrupt: the files go under their
 * version's own name, and `current.json`, which makes a worker use them, goes last.
 */
export async function uploadIndex(folder: string, corpus: string, target: Target): Promise<Manifest> {
  const manifest = await readManifest(folder);
  if (!manifest) throw new UserError(`${folder} has no complete index of this version: build it with edgegym index.`);
  const prefix = `corpora/${corpus}/${manifest.version}`;
  const names = [...manifest.files.map((file) => file.name), "manifest.json"];
  await putAll(
    names.map((name) => ({ key: `${prefix}/${name}`, file: join(folder, name) })),
    target,
  );
  await withTemporaryFile(JSON.stringify({ version: manifest.version }), (file) =>
    putAll([{ key: `corpora/${corpus}/current.json`, file }], target),
  );
  return manifest;
}

/** Uploads repositories of a folder, whose files are named as their keys: the packs first, then the manifests that name them. */
export async function uploadRepositories(
  folder: string,
  repositories: readonly RepositoryManifest[],
  target: Target,
): Promise<void> {
  const packs = new Set(repositories.flatMap((manifest) => manifest.packs.map(({ sha256 }) => packKey(sha256))));
  const manifests = repositories.map(({ name, commit }) => manifestKey(name, commit));
  for (const keys of [[...packs], manifests])
    await putAll(
      keys.map((key) => ({ key, file: join(folder, key) })),
      target,
    );
}

function putAll(objects: { key: string; file: string }[], target: Target): Promise<void> {
  // Wrangler runs in the project's folder, wherever this command does.
  const list = objects.map(({ key, file }) => ({ key, file: resolve(file) }));
  const place =
    target === "remote" ? ["--remote"] : ["--local", ...(target.persistTo ? ["--persist-to", target.persistTo] : [])];
  return withTemporaryFile(JSON.stringify(list), (file) =>
    runWrangler(["r2", "bulk", "put", BUCKET, "--filename", file, ...place]),
  );
}

async function withTemporaryFile(content: string, use: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "edgegym-"));
  try {
    const file = join(folder, "file.json");
    await writeFile(file, content);
    await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
