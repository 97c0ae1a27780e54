/**
 * A repository at one commit as a rollout's filesystem stands on it: every path with its kind and size known at once, contents
 * read when they are wanted. Read only; what a rollout changes is kept elsewhere. Never resolves a link: it says where one points.
 */
import { Fault } from "../../contract/failure.ts";
import type { DirectoryEntry, EntryTree } from "./tree.ts";

/** What files and links have in common. Directories are implied by paths, so an empty directory does not exist. */
interface PathOfCommit {
  /** Relative to the repository's root, with "/" between names: `src/index.ts`. Never "", ".", ".." or empty as a name. */
  path: string;
  /** Bytes of the content; of a link, of its target. */
  size: number;
  executable: boolean;
  /** Names the content (of a link: its target): same name, same content. SHA-256 in hexadecimal, save for one in memory. */
  blob: string;
}

export interface RepositoryFile extends PathOfCommit {
  kind: "file";
}

export interface RepositoryLink extends PathOfCommit {
  kind: "link";
  /** As the repository has it: relative to the link's own directory, never leading out of the repository, maybe to nothing. */
  target: string;
}

export type RepositoryEntry = RepositoryFile | RepositoryLink;

/** Shared between rollouts: nobody may change what it gives, neither entries nor the bytes of a content. */
export interface Repository {
  /** As `owner/name`. */
  readonly name: string;
  readonly commit: string;
  /** Files and links, sorted by path (by code unit). */
  readonly entries: readonly RepositoryEntry[];
  find(path: string): RepositoryEntry | undefined;
  /** The children of a directory ("" is the root), sorted by name; undefined for what is no directory. */
  list(directory: string): readonly DirectoryEntry[] | undefined;
  /**
   * A file's content, as a part of the pack that it is in: to be decoded or copied, and let go, for the pack to be let go too.
   * Who wants many files asks for them with `prefetch` before: each wait for a pack has a timer, and a request has 10,000.
   * @throws Fault("storage") when R2 fails after retries, Fault("index") when what it has is missing or damaged
   * @throws Fault("worker") when there is no file at the path: look it up before, with `find`
   */
  read(path: string): Promise<Uint8Array>;
  /**
   * Makes `read` of these paths quick, in few R2 reads: of as many as are kept in memory, the first of them. Who walks many files
   * does it some megabytes ahead, for others' reads push out what is not used soon. Paths without a file are passed over.
   * @throws Fault as `read`
   */
  prefetch(paths: readonly string[]): Promise<void>;
}

/** The file at a path. @throws Fault("worker") when there is none */
export function requireFile<Entry extends RepositoryEntry>(
  tree: EntryTree<Entry>,
  path: string,
): Extract<Entry, { kind: "file" }> {
  const entry = tree.find(path);
  if (isFile(entry)) return entry;
  throw new Fault("worker", "a repository was asked for the content of what is no file of it");
}

function isFile<Entry extends RepositoryEntry>(entry: Entry | undefined): entry is Extract<Entry, { kind: "file" }> {
  return entry?.kind === "file";
}
