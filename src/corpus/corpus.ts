/**
 * What a tool can ask of a corpus. `open.ts` makes one from the built files.
 */

/** A page found by a search, with its best passages in reading order. */
export interface Hit {
  path: string;
  score: number;
  passages: string[];
}

/** The children of one directory: directories end in "/". Sorted, directories first. */
export type Listing = readonly string[];

export interface Corpus {
  /** Content hash of the index: two corpora with the same version answer alike. */
  readonly version: string;
  readonly documents: number;
  /** The best `topK` pages for a query of at most `limits.queryCharacters`, best first. @throws Fault */
  search(query: string, topK: number): Promise<Hit[]>;
  /** Children of a directory ("" is the root), or undefined when there is none of that path. */
  list(path: string): Listing | undefined;
  /** Whether a document has exactly this path. */
  has(path: string): boolean;
  /** A document's whole text, or undefined when there is none of that path. @throws Fault */
  read(path: string): Promise<string | undefined>;
  /** Existing paths (documents, or directories ending in "/") that someone who wrote `path` may have meant, best first. */
  nearest(path: string, count: number): string[];
}
