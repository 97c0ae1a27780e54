/** The paths of a repository as a tree: looked up by path, listed by directory. Never reads a content. */
import { comparePaths } from "../document.ts";
import type { RepositoryEntry } from "./repository.ts";

/** A child of a directory. */
export interface DirectoryEntry {
  name: string;
  kind: RepositoryEntry["kind"] | "directory";
}

export class EntryTree<Entry extends RepositoryEntry> {
  /** Sorted by path (by code unit). */
  readonly entries: readonly Entry[];
  readonly #byPath: ReadonlyMap<string, Entry>;
  readonly #directories: ReadonlyMap<string, readonly DirectoryEntry[]>;

  constructor(entries: Iterable<Entry>) {
    this.entries = [...entries].toSorted((a, b) => comparePaths(a.path, b.path));
    this.#byPath = new Map(this.entries.map((entry) => [entry.path, entry]));
    this.#directories = directoriesOf(this.entries);
  }

  find(path: string): Entry | undefined {
    return this.#byPath.get(path);
  }

  /** The children of a directory ("" is the root), sorted by name; undefined for what is no directory. */
  list(directory: string): readonly DirectoryEntry[] | undefined {
    return this.#directories.get(directory);
  }
}

function directoriesOf(entries: readonly RepositoryEntry[]): Map<string, DirectoryEntry[]> {
  const directories = new Map<string, DirectoryEntry[]>([["", []]]);
  /** The children of a directory, which a first child adds to its parent. */
  const childrenOf = (directory: string): DirectoryEntry[] => {
    const known = directories.get(directory);
    if (known !== undefined) return known;
    const children: DirectoryEntry[] = [];
    directories.set(directory, children);
    childrenOf(parentOf(directory)).push({ name: nameOf(directory), kind: "directory" });
    return children;
  };
  for (const { path, kind } of entries) childrenOf(parentOf(path)).push({ name: nameOf(path), kind });
  for (const children of directories.values()) children.sort((a, b) => comparePaths(a.name, b.name));
  return directories;
}

/** The directory that a path lies in; "" for the root. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
