/**
 * What a corpus is made of: documents with a path and a text, and the rules a set of them keeps. Never reads a file.
 */
import { limits } from "../contract/limits.ts";

/** One page of a corpus. `text` is what `cat` shows and what passages are cut from. */
export interface Document {
  path: string;
  text: string;
}

/** A corpus that cannot be indexed, in words for the person who indexes it. */
export class CorpusError extends Error {
  override readonly name = "CorpusError";
}

/**
 * The documents sorted by path (by code unit, so that every machine agrees), each path once.
 * @throws CorpusError for no documents, an unusable path, a path that is also a directory, or one path with two texts
 */
export function normaliseDocuments(documents: Iterable<Document>): Document[] {
  const texts = new Map<string, string>();
  for (const { path, text } of documents) {
    checkPath(path);
    const known = texts.get(path);
    if (known !== undefined && known !== text) throw new CorpusError(`${quote(path)} comes with two different texts`);
    texts.set(path, text);
  }
  if (texts.size === 0) throw new CorpusError("there are no documents to index");
  for (const path of texts.keys()) checkParents(path, texts);
  const sorted = [...texts].map(([path, text]) => ({ path, text }));
  return sorted.toSorted((a, b) => comparePaths(a.path, b.path));
}

/** The order of paths everywhere: by UTF-16 code unit, never by locale. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function checkPath(path: string): void {
  const fault = pathFault(path);
  if (fault !== undefined) throw new CorpusError(`the path ${quote(path)} ${fault}`);
}

/** What is wrong with a path, said after its name; undefined for one that is relative to a root and plain. */
export function pathFault(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.length > limits.pathCharacters) return `is longer than ${limits.pathCharacters} characters`;
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(path)) return "has a control character";
  if (!path.isWellFormed()) return "is not well-formed Unicode";
  const odd = path.split("/").find((segment) => segment === "" || segment === "." || segment === "..");
  if (odd !== undefined)
    return `has the segment "${odd}": write it relative to the corpus root, as in reports/2013/page.md`;
  return undefined;
}

function checkParents(path: string, texts: ReadonlyMap<string, string>): void {
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    const parent = path.slice(0, at);
    if (texts.has(parent))
      throw new CorpusError(`${quote(parent)} is a document and also the directory of ${quote(path)}`);
  }
}

function quote(path: string): string {
  return JSON.stringify(path.length > limits.quotedCharacters ? `${path.slice(0, limits.quotedCharacters)}…` : path);
}
