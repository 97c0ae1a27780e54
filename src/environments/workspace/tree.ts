/**
 * A workspace as one tree: what the rollout has changed over what the base has. Finds, puts and removes nodes; never reads a
 * content. All changes of a command are in memory until someone stores them.
 */
import type { Repository } from "../../corpus/repository/repository.ts";
import { limits } from "../../contract/limits.ts";
import { baseNames, baseNode } from "./base.ts";
import type { Meter } from "./meter.ts";
import type { Node, UpperNode } from "./node.ts";
import { childOf, nameOf, namesOf, parentOf } from "./paths.ts";
import { PosixError } from "./posix-error.ts";

/** Where a path leads: the same path without links, and what stands there. */
export interface Place {
  path: string;
  node: Node | undefined;
  /** Whether the base is hidden there. */
  hidden: boolean;
}

/** Links followed on one path, as Linux has it. */
const LINKS_FOLLOWED = 40;

export class WorkspaceTree {
  readonly #repository: Repository;
  readonly #meter: Meter;
  readonly #upper: Map<string, UpperNode>;
  /** The names that the upper layer has in each directory. */
  readonly #names = new Map<string, Set<string>>();
  readonly #changed = new Set<string>();
  #bytes = 0;

  constructor(repository: Repository, kept: ReadonlyMap<string, UpperNode>, meter: Meter) {
    this.#repository = repository;
    this.#meter = meter;
    this.#upper = new Map(kept);
    for (const [path, node] of kept) {
      this.#addName(path);
      this.#bytes += bytesOf(node);
    }
  }

  /** What each changed path has now; undefined where the base is to be seen again. */
  changes(): Map<string, UpperNode | undefined> {
    return new Map([...this.#changed].map((path) => [path, this.#upper.get(path)]));
  }

  /**
   * Follows links, of the last name only with `follow`. A last name that does not exist is a place without a node.
   * @throws PosixError when a name before it does not exist or is no directory
   */
  locate(given: string, operation: string, follow = true): Place {
    let names = namesOf(given);
    if (isTooLong(given, names))
      throw new PosixError("ENAMETOOLONG", operation, given.slice(0, limits.quotedCharacters));
    let followed = 0;
    let place: Place = this.#root();
    for (let at = 0; at < names.length; at++) {
      this.#meter.spend(limits.work.name);
      const isLast = at === names.length - 1;
      place = this.#child(place, names[at] ?? "");
      const { node } = place;
      if (node?.kind === "link" && (follow || !isLast)) {
        if (++followed > LINKS_FOLLOWED) throw new PosixError("ELOOP", operation, given);
        const base = node.target.startsWith("/") ? "" : parentOf(place.path);
        names = namesOf([base, node.target, ...names.slice(at + 1)].join("/"));
        if (isTooLong("", names)) throw new PosixError("ENAMETOOLONG", operation, given);
        place = this.#root();
        at = -1;
      } else if (!isLast && node?.kind !== "directory") {
        throw new PosixError(node === undefined ? "ENOENT" : "ENOTDIR", operation, given);
      }
    }
    return place;
  }

  /** The names in a directory, sorted by code unit. */
  namesIn({ path, node, hidden }: Place): string[] {
    const isHidden = hidden || (node?.kind === "directory" && node.covers);
    const names = new Set(isHidden ? [] : baseNames(this.#repository, path));
    for (const name of this.#names.get(path) ?? []) {
      if (this.#upper.get(childOf(path, name))?.kind === "gone") names.delete(name);
      else names.add(name);
    }
    this.#meter.spend(names.size * limits.work.name);
    return [...names].toSorted((a, b) => (a < b ? -1 : 1));
  }

  /** The place of a name in a directory. */
  childIn(directory: Place, name: string): Place {
    return this.#child(directory, name);
  }

  /** @throws PosixError("ENOSPC") when the workspace is full */
  put({ path }: Place, node: UpperNode, operation: string): void {
    const before = this.#upper.get(path);
    const bytes = this.#bytes + bytesOf(node) - bytesOf(before);
    const grows = before === undefined && node.kind !== "gone";
    if (bytes > limits.workspaceBytes && bytes > this.#bytes) throw new PosixError("ENOSPC", operation, path);
    if (grows && this.#upper.size >= limits.workspaceNodes) throw new PosixError("ENOSPC", operation, path);
    this.#bytes = bytes;
    this.#upper.set(path, node);
    this.#addName(path);
    this.#changed.add(path);
  }

  /** Removes a node and all below it. */
  remove(place: Place): void {
    for (const name of this.#names.get(place.path) ?? []) this.#drop(childOf(place.path, name));
    this.#drop(place.path);
    if (!place.hidden && baseNode(this.#repository, place.path)) this.put(place, { kind: "gone" }, "rm");
  }

  /** Forgets what the upper layer has at a path and below. */
  #drop(path: string): void {
    for (const name of this.#names.get(path) ?? []) this.#drop(childOf(path, name));
    const node = this.#upper.get(path);
    if (node === undefined) return;
    this.#bytes -= bytesOf(node);
    this.#upper.delete(path);
    this.#names.get(parentOf(path))?.delete(nameOf(path));
    this.#changed.add(path);
  }

  #root(): Place {
    const upper = this.#upper.get("/");
    const node = upper === undefined ? baseNode(this.#repository, "/") : visible(upper);
    return { path: "/", node, hidden: false };
  }

  #child(parent: Place, name: string): Place {
    const path = childOf(parent.path, name);
    const hidden = parent.hidden || (parent.node?.kind === "directory" && parent.node.covers);
    const upper = this.#upper.get(path);
    if (upper !== undefined) return { path, node: visible(upper), hidden };
    return { path, node: hidden ? undefined : baseNode(this.#repository, path), hidden };
  }

  #addName(path: string): void {
    if (path === "/") return;
    const directory = parentOf(path);
    const names = this.#names.get(directory) ?? new Set();
    this.#names.set(directory, names.add(nameOf(path)));
  }
}

const isTooLong = (path: string, names: readonly string[]) =>
  path.length > limits.workspacePathCharacters || names.length > limits.workspacePathNames;

const visible = (node: UpperNode): Node | undefined => (node.kind === "gone" ? undefined : node);

/** What a node takes of the rollout's space. What the repository has takes none. */
function bytesOf(node: UpperNode | undefined): number {
  if (node?.kind !== "file") return 0;
  return node.content.in === "store" || node.content.in === "memory" ? node.size : 0;
}
