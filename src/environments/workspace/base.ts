/**
 * The lower layer of a workspace: the item's repository, and the few directories that a shell expects around it. Read only,
 * and never reads a content.
 */
import type { Repository } from "../../corpus/repository/repository.ts";
import { COMMANDS } from "./commands.ts";
import type { DirectoryNode, FileNode, Node } from "./node.ts";
import { isWithin, nameOf, parentOf, REPOSITORY_ROOT } from "./paths.ts";

/** No commit says when a file was changed; the same for all, so that every rollout of an item sees the same. 2025-01-01. */
const MTIME = Date.UTC(2025, 0, 1);

const SYSTEM: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["/", ["bin", "dev", "home", REPOSITORY_ROOT.slice(1), "tmp", "usr"]],
  ["/bin", COMMANDS],
  ["/dev", ["null", "stderr", "stdin", "stdout"]],
  ["/home", ["user"]],
  ["/home/user", []],
  ["/tmp", []],
  ["/usr", ["bin"]],
  ["/usr/bin", COMMANDS],
]);

const DIRECTORY: DirectoryNode = { kind: "directory", mode: 0o755, mtime: MTIME, covers: false };
/** What commands and devices are as files: there, and empty. */
const PROGRAM: FileNode = { kind: "file", mode: 0o755, mtime: MTIME, size: 0, content: { in: "nowhere" } };
const DEVICE: FileNode = { kind: "file", mode: 0o666, mtime: MTIME, size: 0, content: { in: "nowhere" } };

/** What the base has at a path. */
export function baseNode(repository: Repository, path: string): Node | undefined {
  if (!isWithin(path, REPOSITORY_ROOT)) return systemNode(path);
  const inside = insideRepository(path);
  const entry = repository.find(inside);
  if (entry === undefined) return repository.list(inside) && DIRECTORY;
  if (entry.kind === "link") return { kind: "link", mtime: MTIME, target: entry.target };
  const mode = entry.executable ? 0o755 : 0o644;
  return { kind: "file", mode, mtime: MTIME, size: entry.size, content: { in: "repository", path: inside } };
}

/** The names in a directory of the base; none of what is no directory. */
export function baseNames(repository: Repository, directory: string): readonly string[] {
  if (!isWithin(directory, REPOSITORY_ROOT)) return SYSTEM.get(directory) ?? [];
  return repository.list(insideRepository(directory))?.map(({ name }) => name) ?? [];
}

function systemNode(path: string): Node | undefined {
  if (SYSTEM.has(path)) return DIRECTORY;
  const directory = parentOf(path);
  if (!SYSTEM.get(directory)?.includes(nameOf(path))) return undefined;
  return directory === "/dev" ? DEVICE : PROGRAM;
}

const insideRepository = (path: string) => path.slice(REPOSITORY_ROOT.length + 1);
