/**
 * The lower layer of a workspace: the item's repository, and the few directories that a shell expects around it. Read only,
 * and never reads a content.
 */
import type { Repository } from "../../corpus/repository/repository.ts";
import type { DirectoryNode, FileNode, Node } from "./node.ts";
import { isWithin, REPOSITORY_ROOT } from "./paths.ts";

/** No commit says when a file was changed; the same for all, so that every rollout of an item sees the same. 2025-01-01. */
const MTIME = Date.UTC(2025, 0, 1);

const SYSTEM: Record<string, readonly string[]> = {
  "/": ["bin", "dev", "home", REPOSITORY_ROOT.slice(1), "tmp", "usr"],
  "/bin": [],
  "/dev": ["null", "stderr", "stdin", "stdout"],
  "/home": ["user"],
  "/home/user": [],
  "/tmp": [],
  "/usr": ["bin"],
  "/usr/bin": [],
};
const DEVICES = new Set(SYSTEM["/dev"]?.map((name) => `/dev/${name}`));

const DIRECTORY: DirectoryNode = { kind: "directory", mode: 0o755, mtime: MTIME, covers: false };
const DEVICE: FileNode = { kind: "file", mode: 0o666, mtime: MTIME, size: 0, content: { in: "nowhere" } };

/** What the base has at a path. */
export function baseNode(repository: Repository, path: string): Node | undefined {
  if (!isWithin(path, REPOSITORY_ROOT)) {
    if (path in SYSTEM) return DIRECTORY;
    return DEVICES.has(path) ? DEVICE : undefined;
  }
  const inside = insideRepository(path);
  const entry = repository.find(inside);
  if (entry === undefined) return repository.list(inside) && DIRECTORY;
  if (entry.kind === "link") return { kind: "link", mtime: MTIME, target: entry.target };
  const mode = entry.executable ? 0o755 : 0o644;
  return { kind: "file", mode, mtime: MTIME, size: entry.size, content: { in: "repository", path: inside } };
}

/** The names in a directory of the base; none of what is no directory. */
export function baseNames(repository: Repository, directory: string): readonly string[] {
  if (!isWithin(directory, REPOSITORY_ROOT)) return SYSTEM[directory] ?? [];
  return repository.list(insideRepository(directory))?.map(({ name }) => name) ?? [];
}

const insideRepository = (path: string) => path.slice(REPOSITORY_ROOT.length + 1);
