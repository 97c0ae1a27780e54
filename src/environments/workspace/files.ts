/**
 * The filesystem of one rollout during one call: copy-on-write over the item's repository, behind the interface that the shell
 * works on. Sizes come from the repository's manifest, so that listing reads no content; contents are read when a command
 * wants them. Never stores anything: whoever runs the call stores `changes`, or drops them.
 */
import type {
  BufferEncoding,
  CpOptions,
  FileContent,
  FsStat,
  IFileSystem,
  MkdirOptions,
  RmOptions,
} from "just-bash/browser";
import type { Repository } from "../../corpus/repository/repository.ts";
import { type ByteText, byteText, decodeAs, encodeAs } from "./bytes.ts";
import { Contents, type KeptContents } from "./contents.ts";
import { Meter } from "./meter.ts";
import type { DirectoryNode, FileNode, LinkNode, Node, UpperNode } from "./node.ts";
import { childOf, isWithin, parentOf, resolvePath } from "./paths.ts";
import { PosixError } from "./posix-error.ts";
import { type Place, WorkspaceTree } from "./tree.ts";

/** What earlier calls of the rollout have changed. */
export interface KeptFiles extends KeptContents {
  nodes: ReadonlyMap<string, UpperNode>;
}

/** Of a rollout that has changed nothing. */
export const NOTHING_KEPT: KeptFiles = { nodes: new Map(), content: () => new Uint8Array() };

/** When everything that a call writes is written (milliseconds since 1970), and how it lets others have their turn. */
export interface Clock {
  now: number;
  pause: () => Promise<void>;
}

type ReadOptions = { encoding?: BufferEncoding | null } | BufferEncoding;
type WriteOptions = { encoding?: BufferEncoding } | BufferEncoding;

export class RolloutFiles implements IFileSystem {
  readonly meter: Meter;
  readonly #tree: WorkspaceTree;
  readonly #contents: Contents;
  readonly #now: number;

  constructor(repository: Repository, kept: KeptFiles, { now, pause }: Clock) {
    this.meter = new Meter(pause);
    this.#tree = new WorkspaceTree(repository, kept.nodes, this.meter);
    this.#contents = new Contents(repository, kept, this.meter);
    this.#now = now;
  }

  /** What each changed path has now; undefined where the base is to be seen again. */
  changes(): Map<string, UpperNode | undefined> {
    return this.#tree.changes();
  }

  /** @throws Fault that a read met. A command takes it for a file that cannot be read, so whoever runs it has to ask. */
  throwFault(): void {
    this.#contents.throwFault();
  }

  async readFile(path: string, options?: ReadOptions): Promise<string> {
    return decodeAs(await this.readFileBuffer(path), encodingOf(options));
  }

  async readFileBytes(path: string): Promise<ByteText> {
    return byteText(await this.readFileBuffer(path));
  }

  async readFileBuffer(path: string): Promise<Uint8Array> {
    const { node } = this.#existing(path, "open");
    if (node.kind === "file") return this.#contents.read(node.content);
    throw new PosixError("EISDIR", "read", path);
  }

  async writeFile(path: string, content: FileContent, options?: WriteOptions): Promise<void> {
    const place = this.#writable(path, "write");
    const bytes = encodeAs(content, encodingOf(options));
    this.#putContent(place, bytes.length, { in: "memory", parts: [bytes] });
  }

  async appendFile(path: string, content: FileContent, options?: WriteOptions): Promise<void> {
    const bytes = encodeAs(content, encodingOf(options));
    const place = this.#writable(path, "write");
    const old = place.node?.kind === "file" ? place.node : undefined;
    const parts = old === undefined ? [] : await this.#contents.parts(old.content);
    this.#putContent(place, (old?.size ?? 0) + bytes.length, { in: "memory", parts: [...parts, bytes] });
  }

  async exists(path: string): Promise<boolean> {
    try {
      return this.#tree.locate(path, "access").node !== undefined;
    } catch {
      return false;
    }
  }

  async isDirectory(path: string): Promise<boolean> {
    try {
      return this.#tree.locate(path, "stat").node?.kind === "directory";
    } catch (error) {
      if (error instanceof PosixError) return false;
      throw error;
    }
  }

  async stat(path: string): Promise<FsStat> {
    return statOf(this.#existing(path, "stat"));
  }

  async lstat(path: string): Promise<FsStat> {
    return statOf(this.#existing(path, "lstat", false));
  }

  async mkdir(path: string, options?: MkdirOptions): Promise<void> {
    if (options?.recursive) return this.#makeAll(path);
    const place = this.#tree.locate(path, "mkdir", false);
    if (place.node !== undefined) throw new PosixError("EEXIST", "mkdir", path);
    this.#tree.put(place, this.#newDirectory(), "mkdir");
  }

  async readdir(path: string): Promise<string[]> {
    return this.#tree.namesIn(this.#directory(path, "scandir"));
  }

  async readdirWithFileTypes(path: string) {
    const directory = this.#directory(path, "scandir");
    return this.#tree.namesIn(directory).map((name) => ({ name, ...kindOf(this.#tree.childIn(directory, name).node) }));
  }

  async rm(path: string, options?: RmOptions): Promise<void> {
    const place = options?.force ? this.#ifExisting(path, "rm") : this.#existing(path, "rm", false);
    if (place === undefined) return;
    const isFull = place.node.kind === "directory" && this.#tree.namesIn(place).length > 0;
    if (isFull && !options?.recursive) throw new PosixError("ENOTEMPTY", "rm", path);
    this.#tree.remove(place);
  }

  async cp(source: string, destination: string, options?: CpOptions): Promise<void> {
    const from = this.#existing(source, "cp", false);
    if (from.node.kind === "directory" && !options?.recursive) throw new PosixError("EISDIR", "cp", source);
    const to = this.#tree.locate(destination, "cp");
    if (from.path === to.path) return;
    if (from.node.kind === "directory" && isWithin(to.path, from.path)) throw new PosixError("EINVAL", "cp", source);
    if (from.node.kind !== "directory" && to.node?.kind === "directory")
      throw new PosixError("EISDIR", "cp", destination);
    this.#copy(from, to, "cp", () => this.#now);
  }

  async mv(source: string, destination: string): Promise<void> {
    const from = this.#existing(source, "mv", false);
    const to = this.#tree.locate(destination, "mv", false);
    if (from.path === to.path) return;
    if (isWithin(to.path, from.path)) throw new PosixError("EINVAL", "mv", source);
    if (to.node?.kind === "directory") {
      if (from.node.kind !== "directory") throw new PosixError("EISDIR", "mv", destination);
      if (this.#tree.namesIn(to).length > 0) throw new PosixError("ENOTEMPTY", "mv", destination);
    } else if (to.node !== undefined && from.node.kind === "directory") {
      throw new PosixError("ENOTDIR", "mv", destination);
    }
    if (to.node !== undefined) this.#tree.remove(to);
    this.#copy(from, this.#tree.locate(destination, "mv", false), "mv", (node) => node.mtime);
    this.#tree.remove(from);
  }

  resolvePath(base: string, path: string): string {
    return resolvePath(base, path);
  }

  /** Every path below the root, as a traversal finds them. */
  getAllPaths(): string[] {
    const root = this.#tree.locate("/", "scandir");
    const paths: string[] = [];
    const visit = (place: Place) => {
      paths.push(place.path);
      if (place.node?.kind !== "directory") return;
      for (const name of this.#tree.namesIn(place)) visit(this.#tree.childIn(place, name));
    };
    visit(root);
    return paths;
  }

  async chmod(path: string, mode: number): Promise<void> {
    const place = this.#existing(path, "chmod");
    if (place.node.kind === "link") return;
    this.#tree.put(place, { ...place.node, mode: mode & 0o7777 }, "chmod");
  }

  async symlink(target: string, linkPath: string): Promise<void> {
    const place = this.#tree.locate(linkPath, "symlink", false);
    if (place.node !== undefined) throw new PosixError("EEXIST", "symlink", linkPath);
    this.#tree.put(place, { kind: "link", mtime: this.#now, target }, "symlink");
  }

  /** A copy: a file that is written to afterwards is no longer the other's. */
  async link(existingPath: string, newPath: string): Promise<void> {
    const from = this.#existing(existingPath, "link", false);
    if (from.node.kind === "directory") throw new PosixError("EISDIR", "link", existingPath);
    const to = this.#tree.locate(newPath, "link", false);
    if (to.node !== undefined) throw new PosixError("EEXIST", "link", newPath);
    this.#tree.put(to, from.node, "link");
  }

  async readlink(path: string): Promise<string> {
    const { node } = this.#existing(path, "readlink", false);
    if (node.kind === "link") return node.target;
    throw new PosixError("EINVAL", "readlink", path);
  }

  async realpath(path: string): Promise<string> {
    return this.#existing(path, "realpath").path;
  }

  async utimes(path: string, _atime: Date, mtime: Date): Promise<void> {
    const place = this.#existing(path, "utimes");
    this.#tree.put(place, { ...place.node, mtime: mtime.getTime() }, "utimes");
  }

  #existing(path: string, operation: string, follow = true): Place & { node: Node } {
    const { node, ...place } = this.#tree.locate(path, operation, follow);
    if (node === undefined) throw new PosixError("ENOENT", operation, path);
    return { ...place, node };
  }

  #ifExisting(path: string, operation: string): (Place & { node: Node }) | undefined {
    try {
      return this.#existing(path, operation, false);
    } catch (error) {
      if (error instanceof PosixError && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  #directory(path: string, operation: string): Place {
    const place = this.#existing(path, operation);
    if (place.node.kind === "directory") return place;
    throw new PosixError("ENOTDIR", operation, path);
  }

  /** Where a file can be written: one that is there, or a new name in a directory. */
  #writable(path: string, operation: string): Place {
    const place = this.#tree.locate(path, operation);
    if (place.node?.kind === "directory") throw new PosixError("EISDIR", operation, path);
    return place;
  }

  #putContent(place: Place, size: number, content: FileNode["content"]): void {
    const old = place.node?.kind === "file" ? place.node : undefined;
    if (old?.content.in === "nowhere") return;
    const mode = old?.mode ?? 0o644;
    this.#tree.put(place, { kind: "file", mode, mtime: this.#now, size, content }, "write");
  }

  #makeAll(path: string): void {
    const absolute = resolvePath("/", path);
    if (absolute !== "/") this.#makeAll(parentOf(absolute));
    // A link is no new name, whether it leads anywhere or not.
    const place = this.#tree.locate(absolute, "mkdir", false);
    if (place.node === undefined) return this.#tree.put(place, this.#newDirectory(), "mkdir");
    if (this.#tree.locate(absolute, "mkdir").node?.kind !== "directory") throw new PosixError("EEXIST", "mkdir", path);
  }

  #newDirectory(): DirectoryNode {
    return { kind: "directory", mode: 0o755, mtime: this.#now, covers: true };
  }

  /** Contents are shared: neither is ever changed in place. */
  #copy(from: Place & { node: Node }, to: Place, operation: string, mtimeOf: (node: Node) => number): void {
    if (from.node.kind !== "directory")
      return this.#tree.put(to, { ...ordinary(from.node), mtime: mtimeOf(from.node) }, operation);
    const merges = to.node?.kind === "directory";
    if (!merges) this.#tree.put(to, { ...from.node, mtime: mtimeOf(from.node), covers: true }, operation);
    for (const name of this.#tree.namesIn(from)) {
      const child = this.#tree.childIn(from, name);
      const target = this.#tree.locate(childOf(to.path, name), operation, false);
      if (child.node !== undefined) this.#copy({ ...child, node: child.node }, target, operation, mtimeOf);
    }
  }
}

function encodingOf(options: ReadOptions | WriteOptions | undefined): BufferEncoding | undefined {
  return typeof options === "object" ? (options.encoding ?? undefined) : options;
}

/** A copy of a device is an empty file. */
function ordinary(node: FileNode | LinkNode): FileNode | LinkNode {
  if (node.kind === "link" || node.content.in !== "nowhere") return node;
  return { ...node, content: { in: "memory", parts: [] } };
}

function kindOf(node: Node | undefined) {
  return {
    isFile: node?.kind === "file",
    isDirectory: node?.kind === "directory",
    isSymbolicLink: node?.kind === "link",
  };
}

function statOf({ path, node }: Place & { node: Node }): FsStat {
  const mode = node.kind === "link" ? 0o777 : node.mode;
  // The path stands for the node: there are no two paths to one node but by links, which are worked out before.
  return { ...kindOf(node), mode, size: sizeOf(node), mtime: new Date(node.mtime), identity: path };
}

function sizeOf(node: Node): number {
  if (node.kind === "file") return node.size;
  return node.kind === "link" ? encodeAs(node.target).length : 4_096;
}
