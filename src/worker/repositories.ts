/**
 * The repositories of this isolate, at the commits that its rollouts work on: opened from R2 once, their packs read when a file is
 * wanted and kept for a while, shared by all rollouts and by commits that have a pack in common. A cache only, bounded in
 * bytes; a read that fails is forgotten, and the next request tries again.
 */
import { Fault } from "../contract/failure.ts";
import { limits } from "../contract/limits.ts";
import { CommitName, manifestKey, packKey, RepositoryName } from "../contract/repository.ts";
import { KeptReads } from "../corpus/kept-reads.ts";
import { PackedRepository, readManifest, unpack } from "../corpus/repository/open.ts";
import type { Repository } from "../corpus/repository/repository.ts";
import { withRetries } from "./retry.ts";
import { keepGoing, waitFor } from "./shared.ts";
import { Turns } from "./turns.ts";

const wait = <T>(shared: Promise<T>, onExpiry: () => void) => waitFor(shared, "storage", onExpiry);
const repositories = new KeptReads<string, Repository>(limits.repositoryPathsKept, sizeOf, wait);
const packs = new KeptReads<string, Uint8Array>(limits.repositoryPacksKeptBytes, (pack) => pack.length, wait);
const turns = new Turns(limits.repositoryReadsOfIsolate);

/**
 * The repository of a dataset's row. To be asked for with each call, which costs next to nothing when it is open: who holds on to
 * it keeps its paths in memory beyond what is bounded here.
 * @throws Fault("item") when the bucket has no such repository or commit: no later try will find it, nor is the model to blame
 * @throws Fault("storage") when R2 fails, Fault("index") when the manifest is damaged or of another version
 */
export async function openRepository(bucket: R2Bucket, name: string, commit: string): Promise<Repository> {
  if (!RepositoryName.safeParse(name).success || !CommitName.safeParse(commit).success)
    throw new Fault("item", "The item names no repository as owner/name, or no commit.");
  return repositories.get(`${name}/${commit}`, () => shared(() => open(bucket, name, commit)));
}

async function open(bucket: R2Bucket, name: string, commit: string): Promise<Repository> {
  const compressed = await readObject(bucket, manifestKey(name, commit));
  if (compressed === undefined)
    throw new Fault(
      "item",
      "The bucket has no repository of the item's name and commit: index it (edgegym index --source repo) and upload it.",
    );
  const getPack = (pack: string) => packs.get(pack, () => shared(() => readPack(bucket, pack)));
  return new PackedRepository(await readManifest(compressed), getPack);
}

async function readPack(bucket: R2Bucket, pack: string): Promise<Uint8Array> {
  const compressed = await readObject(bucket, packKey(pack));
  if (compressed === undefined) throw new Fault("index", `the bucket has no pack ${pack}: upload the repository again`);
  return unpack(pack, compressed);
}

/** Work that requests share: it outlives the one that started it, and waits for its turn. */
function shared<T>(work: () => Promise<T>): Promise<T> {
  const working = turns.take(work);
  keepGoing(working);
  return working;
}

function readObject(bucket: R2Bucket, key: string): Promise<ArrayBuffer | undefined> {
  return withRetries("storage", async () => (await bucket.get(key))?.arrayBuffer());
}

function sizeOf({ entries }: Repository): number {
  return 1 + entries.length;
}
