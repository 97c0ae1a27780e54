/**
 * The numbers of a thing of unknown shape, each by its path, as `errors/graders/exact/train_other_error_count`. Bounded in
 * depth and number, whatever comes. Pure.
 */

export interface Leaf {
  /** The keys on the way; of a list, each entry's own `name` where it has one, else its position. */
  path: readonly string[];
  value: number;
}

/** A step's event has about 40 numbers, four levels deep. */
const DEEPEST = 8;
const MOST_LEAVES = 500;
const LONGEST_KEY = 100;

/** Numbers, and texts that are one, in their order; beyond {@link MOST_LEAVES} none. */
export function leavesOf(thing: unknown): Leaf[] {
  const found: Leaf[] = [];
  collect(thing, [], found);
  return found;
}

function collect(thing: unknown, path: readonly string[], found: Leaf[]): void {
  if (found.length >= MOST_LEAVES || path.length > DEEPEST) return;
  const value = numberOf(thing);
  if (value !== undefined) return void found.push({ path, value });
  if (typeof thing !== "object" || thing === null) return;
  const entries = Array.isArray(thing)
    ? thing.map((entry, at): [string, unknown] => [nameOf(entry) ?? String(at), entry])
    : Object.entries(thing);
  for (const [key, entry] of entries) collect(entry, [...path, ...keys(key)], found);
}

/** Some hosts write a path as one key, as their result files do. */
const keys = (key: string) => key.split("/").map((part) => part.slice(0, LONGEST_KEY));

function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== "object" || entry === null || !("name" in entry)) return undefined;
  return typeof entry.name === "string" && entry.name !== "" ? entry.name : undefined;
}

/** No figure of a step is larger: sums of such numbers stay finite and whole. */
const LARGEST = 1e12;

/** A number that can be a figure; `"0.42"` is one too. */
export function numberOf(thing: unknown): number | undefined {
  const isText = typeof thing === "string" && /^\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(thing);
  const value = isText ? Number(thing) : thing;
  return typeof value === "number" && Math.abs(value) <= LARGEST ? value : undefined;
}
