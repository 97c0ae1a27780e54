/** What can stand at a path of a workspace. Data only. */

/** Where a file's bytes are: in the repository, in the rollout's store, or still in memory, in parts that are never changed. */
export type Content =
  | { in: "repository"; path: string }
  | { in: "store"; id: number }
  | { in: "memory"; parts: readonly Uint8Array[] }
  /** A device: reads as nothing, and takes everything. */
  | { in: "nowhere" };

export interface FileNode {
  kind: "file";
  /** Permission bits. */
  mode: number;
  /** Milliseconds since 1970. */
  mtime: number;
  /** Bytes. */
  size: number;
  content: Content;
}

export interface LinkNode {
  kind: "link";
  mtime: number;
  target: string;
}

export interface DirectoryNode {
  kind: "directory";
  mode: number;
  mtime: number;
  /** Whether it hides what the base has below its path. */
  covers: boolean;
}

export type Node = FileNode | LinkNode | DirectoryNode;

/** What the upper layer says of a path; `gone` hides what the base has there. */
export type UpperNode = Node | { kind: "gone" };
