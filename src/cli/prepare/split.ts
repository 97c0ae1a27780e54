/**
 * Splits rows into training and validation by their documents: no document that a row of one needs is needed by a row of the
 * other. What goes where depends on seed and documents alone, not on the order of the rows. Pure.
 */
import { hash, inOrder, type Row } from "./rows.ts";

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
 * as near to its size as whole groups allow, but one group at least while there are any. Within a file rows are in their own
 * order, so that those of one document do not come one after the other.
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
  const rowsOf = (some: readonly Row[][]) => inOrder(some.flat());
  return { val: rowsOf(val.taken), train: rowsOf(train.taken), spare: rowsOf(train.others), isShort };
}

interface Taken {
  taken: Row[][];
  others: Row[][];
}

/** The first groups that fit into `size` rows together, and what brings them nearer to it. */
function take(groups: readonly Row[][], size: number): Taken {
  let left = size;
  const fits = groups.map((group) => {
    if (group.length > left) return false;
    left -= group.length;
    return true;
  });
  const fitting = { taken: groups.filter((_, at) => fits[at]), others: groups.filter((_, at) => !fits[at]) };
  return left > 0 ? adjusted(fitting, left) : fitting;
}

/**
 * One more group, or one in another's place, where that comes nearer to the rows that are still wanted; one more anyhow, where
 * there is none yet. Groups are small and many, so one such change nearly always makes it exact.
 */
function adjusted({ taken, others }: Taken, left: number): Taken {
  const changes = [undefined, ...firstOfEachSize(taken)].flatMap((out) =>
    firstOfEachSize(others).map((into) => ({ out, into, missed: Math.abs(left - into.length + (out?.length ?? 0)) })),
  );
  const [best] = changes.toSorted((a, b) => a.missed - b.missed);
  if (best === undefined || (best.missed >= left && taken.length > 0)) return { taken, others };
  return {
    taken: [...taken.filter((group) => group !== best.out), best.into],
    others: [...others.filter((group) => group !== best.into), ...(best.out ? [best.out] : [])],
  };
}

function firstOfEachSize(groups: readonly Row[][]): Row[][] {
  return [...Map.groupBy(groups, (group) => group.length).values()].flatMap(([first]) => (first ? [first] : []));
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
