/**
 * The repositories of this isolate, at the commits that its rollouts work on: opened from R2 once, their packs read when a file is
 * wanted and kept for a while, shared by all rollouts and by commits that have a pack in common. A cache only, bounded in
 * bytes; a read that fails is forgotten, and the next request tries again.
 */
import { Fault } from "../contract/failure.ts";
import { limits } from "../contract/limits.ts";
import { CommitName, manifestKey, packKey, REPOSITORIES, RepositoryName } from "../contract/repository.ts";
import { KeptReads } from "../corpus/kept-reads.ts";
import { type Pack, PackedRepository, readManifest, unpack } from "../corpus/repository/open.ts";
import type { Repository } from "../corpus/repository/repository.ts";
import { withRetries } from "./retry.ts";
import { keepGoing, waitFor } from "./shared.ts";
import { Turns } from "./turns.ts";

const wait = <T>(read: Promise<T>, onExpiry: () => void) => waitFor(read, "storage", onExpiry);

interface Kept {
  repositories: KeptReads<string, Repository>;
  packs: KeptReads<string, Uint8Array>;
  turns: Turns;
}

let kept: Kept | undefined;

/** Made when it is first asked for, so that an isolate that serves no repository has none. */
function keptHere(): Kept {
  kept ??= {
    repositories: new KeptReads(limits.repositoryPathsKept, sizeOf, wait),
    packs: new KeptReads(limits.repositoryPacksKeptBytes, (pack) => pack.length, wait),
    turns: new Turns(limits.repositoryReadingBytes),
  };
  return kept;
}

/**
 * The repository of a dataset's row. To be asked for with each call, which costs next to nothing when it is open: who holds on to
 * it keeps its paths in memory beyond what is bounded here.
 * @throws Fault("item") when the bucket has no such repository or commit: no later try will find it, nor is the model to blame
 * @throws Fault("storage") when R2 fails, Fault("index") when the manifest is damaged or of another version
 */
export async function openRepository(bucket: R2Bucket, name: string, commit: string): Promise<Repository> {
  if (!RepositoryName.safeParse(name).success || !CommitName.safeParse(commit).success)
    throw new Fault("item", "The item names no repository as owner/name, or no commit.");
  return keptHere().repositories.get(`${name}/${commit}`, () => shared(0, () => open(bucket, name, commit)));
}

let wereSeen = false;

/** Whether any repository was uploaded. Asked of the bucket until there is one. @throws Fault("storage") when R2 fails */
export async function hasRepositories(bucket: R2Bucket): Promise<boolean> {
  wereSeen ||= (await withRetries("storage", () => bucket.list({ prefix: REPOSITORIES, limit: 1 }))).objects.length > 0;
  return wereSeen;
}

async function open(bucket: R2Bucket, name: string, commit: string): Promise<Repository> {
  const compressed = await readObject(bucket, manifestKey(name, commit));
  if (compressed === undefined)
    throw new Fault(
      "item",
      "The bucket has no repository of the item's name and commit: index it (edgegym index --source repo) and upload it.",
    );
  const getPack = (pack: Pack) =>
    keptHere().packs.get(pack.sha256, () => shared(pack.bytes, () => readPack(bucket, pack)));
  return new PackedRepository(await readManifest(compressed), getPack);
}

async function readPack(bucket: R2Bucket, pack: Pack): Promise<Uint8Array> {
  const key = packKey(pack.sha256);
  const compressed = await readObject(bucket, key);
  if (compressed === undefined) throw new Fault("index", `the bucket has no ${key}: upload the repository again`);
  return unpack(pack, compressed);
}

/** Work that requests share: it outlives the one that started it, and waits for its turn. `bytes` is what it brings into memory. */
function shared<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  const working = keptHere().turns.take(Math.max(bytes, limits.repositoryReadBytes), work);
  keepGoing(working);
  return working;
}

function readObject(bucket: R2Bucket, key: string): Promise<ArrayBuffer | undefined> {
  return withRetries("storage", async () => (await bucket.get(key))?.arrayBuffer());
}

function sizeOf({ entries }: Repository): number {
  return 1 + entries.length;
}
