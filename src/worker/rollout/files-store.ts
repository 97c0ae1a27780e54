/**
 * All SQL of the files that a rollout has changed. Never decides anything, and knows nothing of what is below them.
 *
 *   workspace  one row: what the changes lie over
 *   nodes      one row per changed path
 *   contents   the bytes of files, in parts that fit into a row; shared by files of the same content
 *
 * The tables come into being with the first change, so that a rollout which only reads stores nothing.
 */
import { Fault } from "../../contract/failure.ts";
import { limits } from "../../contract/limits.ts";
import { concatenate } from "../../corpus/bytes.ts";
import type { KeptFiles } from "../../environments/workspace/files.ts";
import type { Content, UpperNode } from "../../environments/workspace/node.ts";
import type { Workspace } from "../../environments/workspace/workspace.ts";
import type { FileChanges } from "../workspace-call.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS workspace (repository TEXT NOT NULL, commit_name TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS nodes (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL, mode INTEGER, mtime INTEGER, size INTEGER, covers INTEGER, target TEXT,
    source TEXT, content INTEGER
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS contents (id INTEGER, part INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (id, part));
`;

type NodeRow = {
  path: string;
  kind: string;
  mode: number | null;
  mtime: number | null;
  size: number | null;
  covers: number | null;
  target: string | null;
  source: string | null;
  content: number | null;
};

export class FilesStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** What was kept of a workspace. @throws Fault("item") when it was kept of another: a rollout is of one item */
  kept(workspace: Workspace): KeptFiles {
    const content = (id: number) => this.#content(id);
    if (!this.#exists()) return { nodes: new Map(), content };
    const { repository, commit_name } = this.#sql
      .exec<{ repository: string; commit_name: string }>("SELECT * FROM workspace")
      .one();
    if (repository !== workspace.repository || commit_name !== workspace.commit)
      throw new Fault("item", "The calls of this rollout came with items of different repositories or commits.");
    const rows = this.#sql.exec<NodeRow>("SELECT * FROM nodes").toArray();
    return { nodes: new Map(rows.map((row) => [row.path, nodeOf(row)])), content };
  }

  /** To be called in a transaction. */
  keep(workspace: Workspace, changes: FileChanges): void {
    if (changes.size === 0) return;
    if (!this.#exists()) {
      this.#sql.exec(SCHEMA);
      this.#sql.exec("INSERT INTO workspace VALUES (?, ?)", workspace.repository, workspace.commit);
    }
    const stored = new Map<Content, number>();
    const latest = this.#sql.exec<{ id: number | null }>("SELECT max(content) AS id FROM nodes").one().id ?? 0;
    const idOf = (content: Content) => this.#contentId(content, stored, latest);
    for (const [path, node] of changes) {
      if (node === undefined) this.#sql.exec("DELETE FROM nodes WHERE path = ?", path);
      else this.#putNode(path, node, idOf);
    }
    this.#sql.exec("DELETE FROM contents WHERE id NOT IN (SELECT content FROM nodes WHERE content IS NOT NULL)");
  }

  #putNode(path: string, node: UpperNode, idOf: (content: Content) => number | null): void {
    const { kind } = node;
    const file = kind === "file" ? node : undefined;
    const covers = kind === "directory" ? Number(node.covers) : null;
    this.#sql.exec(
      "INSERT OR REPLACE INTO nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      path,
      kind,
      "mode" in node ? node.mode : null,
      "mtime" in node ? node.mtime : null,
      file?.size ?? null,
      covers,
      kind === "link" ? node.target : null,
      file?.content.in === "repository" ? file.content.path : null,
      file ? idOf(file.content) : null,
    );
  }

  /** Stores what is in memory, once for all files that share it. */
  #contentId(content: Content, stored: Map<Content, number>, latest: number): number | null {
    if (content.in === "store") return content.id;
    if (content.in !== "memory") return null;
    const known = stored.get(content);
    if (known !== undefined) return known;
    const id = latest + 1 + stored.size;
    stored.set(content, id);
    const bytes = concatenate(content.parts);
    for (let at = 0; at < bytes.length; at += limits.contentRowBytes) {
      const part = bytes.slice(at, at + limits.contentRowBytes);
      this.#sql.exec("INSERT INTO contents VALUES (?, ?, ?)", id, at / limits.contentRowBytes, part);
    }
    return id;
  }

  #content(id: number): Uint8Array {
    const parts = this.#sql.exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM contents WHERE id = ? ORDER BY part", id);
    return concatenate(parts.toArray().map(({ bytes }) => new Uint8Array(bytes)));
  }

  #exists(): boolean {
    return this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'nodes'").toArray().length > 0;
  }
}

function nodeOf({ kind, mode, mtime, size, covers, target, source, content }: NodeRow): UpperNode {
  const times = { mtime: mtime ?? 0, mode: mode ?? 0 };
  switch (kind) {
    case "gone":
      return { kind };
    case "link":
      return { kind, mtime: times.mtime, target: target ?? "" };
    case "directory":
      return { kind, ...times, covers: covers === 1 };
    default:
      return { kind: "file", ...times, size: size ?? 0, content: contentOf(source, content) };
  }
}

function contentOf(source: string | null, id: number | null): Content {
  if (source !== null) return { in: "repository", path: source };
  return id === null ? { in: "nowhere" } : { in: "store", id };
}
