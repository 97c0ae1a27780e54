/**
 * A repository in the bucket: a manifest for each commit, and packs of files that commits share. Packs are named by what is in
 * them and never change; the manifest is written last and read first: a commit without a manifest does not exist.
 */
import * as z from "zod";

/** Raised whenever a worker could misread a repository that was built before. */
export const REPOSITORY_SCHEMA = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().nonnegative();

/** `owner/name`, as repositories are named at GitHub; it becomes a part of storage keys. */
export const RepositoryName = z.string().regex(/^\w[\w.-]{0,99}\/\w[\w.-]{0,99}$/, "is owner/name");

/** A commit's full hash, or another name for a state of the files; it becomes a part of storage keys. */
export const CommitName = z.string().regex(/^\w[\w.-]{0,99}$/, "is a commit's hash, or letters, digits, _, . and -");

export const PackedFile = z.object({
  path: z.string(),
  bytes,
  sha256,
  /** Left out where it is false. */
  executable: z.literal(true).optional(),
  /** Which of the manifest's packs, and from which byte of it. */
  pack: z.int().nonnegative(),
  offset: bytes,
});
export type PackedFile = z.infer<typeof PackedFile>;

/** A link of the repository; `sha256` is that of its target. */
export const PackedLink = z.object({ path: z.string(), target: z.string(), sha256 });
export type PackedLink = z.infer<typeof PackedLink>;

/** Something that is in the repository and not in the bucket. `bytes` is null where the size is not known. */
export const LeftOut = z.object({ path: z.string(), bytes: bytes.nullable(), why: z.string() });
export type LeftOut = z.infer<typeof LeftOut>;

export const RepositoryManifest = z.object({
  schema: z.literal(REPOSITORY_SCHEMA),
  name: RepositoryName,
  commit: CommitName,
  /** SHA-256 and length of what a pack holds when it is unpacked. */
  packs: z.array(z.object({ sha256, bytes })),
  /** Sorted by path. */
  files: z.array(PackedFile),
  links: z.array(PackedLink),
  /** How much was left out, and the first of it. */
  left_out_count: z.int().nonnegative(),
  left_out: z.array(LeftOut),
});
export type RepositoryManifest = z.infer<typeof RepositoryManifest>;

/** What the keys of all manifests begin with. */
export const REPOSITORIES = "repos/";

/** The manifest's key in the bucket: JSON, compressed by gzip, whose checksum tells of damage. */
export function manifestKey(name: string, commit: string): string {
  return `${REPOSITORIES}${name}/${commit}/manifest.json.gz`;
}

/** A pack's key in the bucket: files one after another, compressed by gzip. */
export function packKey(pack: string): string {
  return `repo-packs/${pack}.gz`;
}
