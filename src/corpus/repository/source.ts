/**
 * What a repository is built from, and what of it is left out: each entry that a clone, a folder or an archive brings is taken, or
 * noted with the reason. Nothing that is brought is trusted. Pure: never reads a file.
 */
import { limits } from "../../contract/limits.ts";
import type { LeftOut } from "../../contract/repository.ts";
import { comparePaths, CorpusError, pathFault } from "../document.ts";
import { leadsOut } from "./links.ts";

export interface SourceFile {
  kind: "file";
  path: string;
  content: Uint8Array<ArrayBuffer>;
  executable: boolean;
}

export interface SourceLink {
  kind: "link";
  path: string;
  /** Where it points, as the repository has it. */
  target: string;
}

export type SourceEntry = SourceFile | SourceLink;

/** Entries that agree with each other, sorted by path, and what is not among them. */
export interface Gathered {
  entries: SourceEntry[];
  leftOut: LeftOut[];
}

/** Git looks as far for a zero byte, to tell a binary file from a text. */
const TOLD_BY_BYTES = 8_000;

/** Takes entries in one after another, however many and however large. */
export class Gathering {
  readonly #entries = new Map<string, SourceEntry>();
  readonly #leftOut: LeftOut[] = [];
  #bytes = 0;

  /** Whether a file's content is wanted; if not, it is left out and noted. To be asked before a content is read. */
  wants(path: string, bytes: number): boolean {
    const why = this.#pathProblem(path) ?? sizeProblem(bytes);
    if (why !== undefined) this.leaveOut(path, bytes, why);
    return why === undefined;
  }

  /** @throws CorpusError when the repository becomes too large */
  add(entry: SourceEntry): void {
    const bytes = entry.kind === "file" ? entry.content.length : entry.target.length;
    const why = this.#pathProblem(entry.path) ?? contentProblem(entry);
    if (why !== undefined) return this.leaveOut(entry.path, bytes, why);
    this.#entries.set(entry.path, entry);
    this.#bytes += bytes;
    this.#requireRoom();
  }

  leaveOut(path: string, bytes: number | null, why: string): void {
    this.#leftOut.push({ path: printable(path), bytes, why });
    this.#requireRoom();
  }

  /** What was gathered: without links that lead out, and without what would lie in a file. */
  finish(): Gathered {
    const links = new Map<string, string>();
    for (const entry of this.#entries.values()) if (entry.kind === "link") links.set(entry.path, entry.target);
    const entries: SourceEntry[] = [];
    for (const entry of this.#entries.values()) {
      const why =
        this.#conflict(entry.path) ?? (leadsOut(entry.path, links) ? "a link out of the repository" : undefined);
      if (why === undefined) entries.push(entry);
      else this.leaveOut(entry.path, null, why);
    }
    return {
      entries: entries.toSorted((a, b) => comparePaths(a.path, b.path)),
      leftOut: this.#leftOut.toSorted((a, b) => comparePaths(a.path, b.path) || comparePaths(a.why, b.why)),
    };
  }

  #pathProblem(path: string): string | undefined {
    if (pathFault(path) !== undefined) return "a path that no repository has";
    if (path.split("/").some((name) => name.toLowerCase() === ".git")) return "git's own";
    if (this.#entries.has(path)) return "a path that comes twice";
    return undefined;
  }

  /** A file or link cannot be a directory too. */
  #conflict(path: string): string | undefined {
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
      if (this.#entries.has(path.slice(0, at))) return "a path through a file or link";
    }
    return undefined;
  }

  #requireRoom(): void {
    if (this.#entries.size + this.#leftOut.length > limits.repositoryPaths)
      throw new CorpusError(`the repository has more than ${limits.repositoryPaths.toLocaleString("en")} paths`);
    if (this.#bytes > limits.repositoryBytes)
      throw new CorpusError(
        `the repository has more than ${limits.repositoryBytes.toLocaleString("en")} bytes of files`,
      );
  }
}

function sizeProblem(bytes: number): string | undefined {
  return bytes > limits.repositoryFileBytes ? "too large a file" : undefined;
}

function contentProblem(entry: SourceEntry): string | undefined {
  if (entry.kind === "link") return entry.target.length > limits.pathCharacters ? "too long a link" : undefined;
  const { content } = entry;
  const isBinary = content.subarray(0, TOLD_BY_BYTES).includes(0);
  if (isBinary && content.length > limits.repositoryBinaryBytes) return "a large binary file";
  return sizeProblem(content.length);
}

/** A path as it may stand in a manifest and on a terminal. */
function printable(path: string): string {
  return path
    .slice(0, limits.pathCharacters)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, "\uFFFD");
}
