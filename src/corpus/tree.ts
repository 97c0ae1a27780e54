/**
 * A corpus's paths as a tree of directories: children, and the existing paths nearest to one that does not exist.
 * Never reads a document.
 */
import { limits } from "../contract/limits.ts";
import type { Listing } from "./corpus.ts";
import { comparePaths } from "./document.ts";

interface Directory {
  /** The path with a "/" at its end; "" for the root. */
  path: string;
  directories: Map<string, Directory>;
  documents: Set<string>;
  listing: Listing | undefined;
}

/** A guess at what a path meant: its cost, and the directory reached so far. */
interface Guess {
  cost: number;
  directory: Directory;
}

/** Guesses followed from each level of the tree to the next. */
const BEAM = 8;
/** What a segment too many costs, and what a missing one, in edits of characters: leaving out is the likelier mistake. */
const SEGMENT_COST = 4;
const MISSING_COST = 3;
/** Segments of a mistaken path that are looked at, and characters of each. */
const DEEPEST = 12;
const LONGEST = 64;
/** Names that one look-up compares: a fraction of a second's work, whatever the corpus and the path. */
const MOST_COMPARED = 20_000;

export class PathTree {
  readonly #root: Directory = directory("");

  constructor(paths: Iterable<string>) {
    for (const path of paths) this.#add(path);
  }

  /** Whether a document has exactly this path. */
  has(path: string): boolean {
    const segments = path.split("/");
    const name = segments.pop() ?? "";
    return this.#find(segments)?.documents.has(name) ?? false;
  }

  /** The children of a directory by name: directories (marked by "/") first, sorted. Undefined for what is no directory. */
  list(path: string): Listing | undefined {
    const found = this.#find(path === "" ? [] : path.replace(/\/$/, "").split("/"));
    if (found === undefined) return undefined;
    found.listing ??= [
      ...[...found.directories.keys()].toSorted(comparePaths).map((name) => `${name}/`),
      ...[...found.documents].toSorted(comparePaths),
    ];
    return found.listing;
  }

  /**
   * Existing paths (a directory's ends in "/") that someone may have meant, best first: at each level the segments that
   * need the fewest edits, whatever their case, slashes and ending.
   */
  nearest(path: string, count: number): string[] {
    const wanted = segmentsOf(path);
    const found = new Map<string, number>();
    let guesses: Guess[] = [{ cost: 0, directory: this.#root }];
    const budget = { names: MOST_COMPARED };
    for (let at = 0; at < wanted.length; at++) guesses = descend(guesses, wanted, at, found, budget);
    for (const { cost, directory: reached } of guesses) keepBest(found, reached.path, cost);
    found.delete("");
    const best = [...found].toSorted(([a, costA], [b, costB]) => costA - costB || comparePaths(a, b));
    return best.slice(0, count).map(([nearest]) => nearest);
  }

  #add(path: string): void {
    const segments = path.split("/");
    const name = segments.pop() ?? "";
    let at = this.#root;
    for (const segment of segments) {
      let next = at.directories.get(segment);
      if (next === undefined) at.directories.set(segment, (next = directory(`${at.path}${segment}/`)));
      at = next;
    }
    at.documents.add(name);
  }

  #find(segments: readonly string[]): Directory | undefined {
    let at: Directory | undefined = this.#root;
    for (const segment of segments) at = at?.directories.get(segment);
    return at;
  }
}

function directory(path: string): Directory {
  return { path, directories: new Map(), documents: new Set(), listing: undefined };
}

/** Follows every guess by one segment, writes down the documents met, and returns the best guesses one level down. */
function descend(
  guesses: readonly Guess[],
  wanted: readonly string[],
  at: number,
  found: Map<string, number>,
  budget: { names: number },
): Guess[] {
  const segment = wanted[at] ?? "";
  const left = wanted.length - at - 1;
  const next: Guess[] = [];
  for (const { cost, directory: from } of [...guesses, ...below(guesses, budget)]) {
    for (const name of from.documents) {
      if (budget.names-- <= 0) break;
      keepBest(found, from.path + name, cost + left * SEGMENT_COST + documentDistance(segment, name));
    }
    for (const [name, child] of from.directories) {
      if (budget.names-- <= 0) break;
      next.push({ cost: cost + editDistance(segment, comparable(name)), directory: child });
    }
    // The segment may be one too many, as a mount point's name in front is.
    next.push({ cost: cost + SEGMENT_COST, directory: from });
  }
  const sorted = next.toSorted((a, b) => a.cost - b.cost || comparePaths(a.directory.path, b.directory.path));
  for (const guess of sorted.slice(BEAM)) keepBest(found, guess.directory.path, guess.cost + left * SEGMENT_COST);
  return sorted.slice(0, BEAM);
}

/** The directories one level further down, for a path that leaves out a level. */
function* below(guesses: readonly Guess[], budget: { names: number }): Generator<Guess> {
  for (const { cost, directory: from } of guesses) {
    for (const child of from.directories.values()) {
      if (budget.names-- <= 0) return;
      yield { cost: cost + MISSING_COST, directory: child };
    }
  }
}

function keepBest(found: Map<string, number>, path: string, cost: number): void {
  if (cost < (found.get(path) ?? Infinity)) found.set(path, cost);
}

/** A path as someone wrote it, in lower-case segments: slashes of both kinds, no "." or "..", nothing unprintable, not too long. */
function segmentsOf(path: string): string[] {
  const plain = path.slice(0, limits.pathCharacters).replaceAll("\\", "/").replaceAll(/\p{C}/gu, "").toLowerCase();
  const segments = plain.split("/").map((segment) => segment.trim().slice(0, LONGEST));
  return segments.filter((segment) => segment !== "" && segment !== "." && segment !== "..").slice(0, DEEPEST);
}

const comparable = (name: string) => name.toLowerCase().slice(0, LONGEST);

/** A missing ending costs little. */
function documentDistance(wanted: string, name: string): number {
  const lower = comparable(name);
  const stem = lower.replace(/\.[^.]*$/, "");
  return Math.min(editDistance(wanted, lower), editDistance(wanted, stem) + 0.5);
}

/** A row of Levenshtein's table, for one call after another. */
const table = new Uint16Array(LONGEST + 1);

/** Levenshtein's distance of two names of at most `LONGEST` characters, in one row: before its turn a cell holds the row above. */
function editDistance(a: string, b: string): number {
  if (a === b) return 0;
  for (let column = 0; column <= b.length; column++) table[column] = column;
  for (let row = 1; row <= a.length; row++) {
    const unit = a.charCodeAt(row - 1);
    let diagonal = row - 1;
    table[0] = row;
    for (let column = 1; column <= b.length; column++) {
      const above = table[column]!;
      const replaced = unit === b.charCodeAt(column - 1) ? diagonal : diagonal + 1;
      table[column] = Math.min(replaced, above + 1, table[column - 1]! + 1);
      diagonal = above;
    }
  }
  return table[b.length]!;
}
