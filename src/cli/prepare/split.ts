/**
 * Splits rows into training and validation by their documents: no document that a row of one needs is needed by a row of the
 * other. What goes where depends on seed and documents alone, not on the order of the rows. Pure.
 */
import { hash, type Row } from "./rows.ts";

export interface Split {
  train: Row[];
  val: Row[];
  /** Rows that neither needed. */
  spare: Row[];
  /** Fewer rows than were asked for are there, so both got their share of them. */
  isShort: boolean;
}

/**
 * Whole groups of rows that share documents, in an order drawn by the seed, first for validation, then for training; each gets
 * as near to its size as whole groups allow, but one group at least while there are any.
 * @param sizes rows asked for; Infinity for all that are left to train on
 */
export function splitByDocument(rows: readonly Row[], sizes: { train: number; val: number }, seed: string): Split {
  const groups = groupsOf(rows)
    .map((group) => ({ group, order: hash(seed, keyOf(group)) }))
    .toSorted((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ group }) => group);
  const asked = sizes.train + sizes.val;
  const isShort = Number.isFinite(asked) ? asked > rows.length : sizes.val >= rows.length;
  const share = Number.isFinite(asked) ? Math.round((rows.length * sizes.val) / asked) : Math.floor(rows.length / 2);
  const val = take(groups, isShort ? share : sizes.val);
  const train = take(val.others, sizes.train);
  return { val: val.taken.flat(), train: train.taken.flat(), spare: train.others.flat(), isShort };
}

/** The first groups that fit into `size` rows together, and one more where that is nearer to the size, or where none fits. */
function take(groups: readonly Row[][], size: number): { taken: Row[][]; others: Row[][] } {
  const taken: Row[][] = [];
  let left = size;
  const others = groups.filter((group) => {
    if (group.length > left) return true;
    taken.push(group);
    left -= group.length;
    return false;
  });
  const least = Math.min(...others.map((group) => group.length));
  const isNearer = left > 0 && least - left < left;
  if (!isNearer && taken.length > 0) return { taken, others };
  const next = others.find((group) => group.length === least);
  return { taken: next ? [...taken, next] : taken, others: others.filter((group) => group !== next) };
}

/** Rows that share a document, directly or by way of others. A row without one is alone. */
function groupsOf(rows: readonly Row[]): Row[][] {
  const parents = new Map<string, string>();
  const rootOf = (path: string): string => {
    let root = path;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    return root;
  };
  for (const { paths } of rows)
    for (const path of paths.slice(1)) {
      const [a, b] = [rootOf(paths[0]!), rootOf(path)];
      if (a !== b) parents.set(b, a);
    }
  const groups = Map.groupBy(rows, ({ paths: [path], order }) =>
    path === undefined ? `row ${order}` : `path ${rootOf(path)}`,
  );
  return [...groups.values()];
}

/** What a group is, whatever the order of its rows: its first document, or its row where there is none. */
function keyOf(group: readonly Row[]): string {
  const paths = group.flatMap((row) => row.paths).toSorted();
  return paths[0] ?? group.map(({ order }) => order).toSorted()[0] ?? "";
}

/** Documents that rows of both need: none, ever. */
export function sharedDocuments({ train, val }: Pick<Split, "train" | "val">): string[] {
  const ofTraining = documentsOf(train);
  return [...documentsOf(val)].filter((path) => ofTraining.has(path));
}

export function documentsOf(rows: readonly Row[]): Set<string> {
  return new Set(rows.flatMap(({ paths }) => paths));
}
