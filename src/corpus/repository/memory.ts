/** A repository that is all in memory, as tests and small fixtures have it. Never reads or writes anything. */
import { requireFile, type Repository, type RepositoryEntry } from "./repository.ts";
import { EntryTree } from "./tree.ts";

/** What stands at a path: a text, bytes, a link, or a file that can be executed. */
export type MemoryContent = string | Uint8Array | { link: string } | { executable: string | Uint8Array };

/** @param files by path, as `src/index.ts` */
export function memoryRepository(
  files: Record<string, MemoryContent>,
  name = "owner/name",
  commit = "0".repeat(40),
): Repository {
  const contents = new Map<string, Uint8Array>();
  const entries: RepositoryEntry[] = [];
  for (const [path, given] of Object.entries(files)) {
    const bytes = bytesOf(given);
    const described = { path, size: bytes.length, blob: hex(bytes), executable: isExecutable(given) };
    if (isLink(given)) entries.push({ ...described, kind: "link", target: given.link });
    else entries.push({ ...described, kind: "file" });
    contents.set(path, bytes);
  }
  const tree = new EntryTree(entries);
  return {
    name,
    commit,
    entries: tree.entries,
    find: (path) => tree.find(path),
    list: (directory) => tree.list(directory),
    read: async (path) => contents.get(requireFile(tree, path).path) ?? new Uint8Array(),
    prefetch: async () => {},
  };
}

/** The content itself as its name: nothing else names it so exactly without waiting for a hash. */
function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(given: MemoryContent): Uint8Array {
  if (given instanceof Uint8Array) return given;
  if (typeof given === "string") return new TextEncoder().encode(given);
  return bytesOf("link" in given ? given.link : given.executable);
}

function isLink(given: MemoryContent): given is { link: string } {
  return typeof given === "object" && "link" in given;
}

function isExecutable(given: MemoryContent): boolean {
  return typeof given === "object" && "executable" in given;
}
