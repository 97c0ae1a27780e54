import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Row } from "../../../src/cli/prepare/rows.ts";
import { sharedDocuments, type Split, splitByDocument } from "../../../src/cli/prepare/split.ts";
import { rowsOf } from "./rows.ts";

const ids = (rows: readonly Row[]) => rows.map(({ id }) => id).toSorted();
const idsOf = ({ train, val, spare }: Split) => ({ train: ids(train), val: ids(val), spare: ids(spare) });
const sizesOf = ({ train, val, spare }: Split) => [train.length, val.length, spare.length];

/** So many documents, each of so many rows. */
const documents = (count: number, rows: number) =>
  rowsOf(Array.from({ length: count * rows }, (_, at) => [`page ${at % count}`]));

/** Rows that need one to three of twelve pages, so that many hang together. */
const anyDocuments = fc.array(
  fc.uniqueArray(
    fc.integer({ min: 0, max: 40 }).map((page) => `page ${page}`),
    { minLength: 1, maxLength: 2 },
  ),
  { maxLength: 60 },
);
const anySizes = fc.record({ train: fc.integer({ min: 1, max: 40 }), val: fc.integer({ min: 1, max: 20 }) });

test("no document of one file is needed by the other, and every row is somewhere, once", () => {
  fc.assert(
    fc.property(anyDocuments, anySizes, (paths, sizes) => {
      const rows = rowsOf(paths);
      const split = splitByDocument(rows, sizes, "7");
      expect(sharedDocuments(split)).toEqual([]);
      expect(ids([...split.train, ...split.val, ...split.spare])).toEqual(ids(rows));
    }),
  );
});

test("the order of the rows makes no difference, but the seed does", () => {
  fc.assert(
    fc.property(anyDocuments, anySizes, (paths, sizes) => {
      const rows = rowsOf(paths);
      expect(idsOf(splitByDocument(rows.toReversed(), sizes, "7"))).toEqual(idsOf(splitByDocument(rows, sizes, "7")));
    }),
  );
  const rows = documents(100, 1);
  const val = (seed: string) => ids(splitByDocument(rows, { train: 50, val: 10 }, seed).val);
  expect(val("8")).not.toEqual(val("7"));
});

describe("the sizes are reached", () => {
  test("exactly, where whole documents allow", () => {
    expect(sizesOf(splitByDocument(documents(100, 2), { train: 100, val: 20 }, "7"))).toEqual([100, 20, 80]);
  });

  test("as nearly as whole documents allow, from above or below", () => {
    expect(sizesOf(splitByDocument(documents(40, 5), { train: 62, val: 13 }, "7"))).toEqual([60, 15, 125]);
  });

  test("with one document in another's place, where the first that come do not fit", () => {
    const rows = rowsOf([...Array.from({ length: 60 }, (_, at) => [`page ${at % 30}`]), ["a"], ["b"], ["c"]]);
    for (const seed of ["1", "2", "3", "4", "5", "6", "7", "8"])
      expect(sizesOf(splitByDocument(rows, { train: 20, val: 10 }, seed))).toEqual([20, 10, 33]);
  });

  test("with all that validation leaves", () => {
    expect(sizesOf(splitByDocument(documents(50, 2), { train: Infinity, val: 10 }, "7"))).toEqual([90, 10, 0]);
  });
});

describe("where there is too little", () => {
  test("each file gets its share", () => {
    const split = splitByDocument(documents(110, 1), { train: 1000, val: 100 }, "7");
    expect([...sizesOf(split), split.isShort]).toEqual([100, 10, 0, true]);
  });

  test("half of it, where training asked for all the rest and validation for more than all", () => {
    expect(sizesOf(splitByDocument(documents(20, 1), { train: Infinity, val: 100 }, "7"))).toEqual([10, 10, 0]);
  });

  test("two documents still make two files, and one does not", () => {
    expect(sizesOf(splitByDocument(documents(2, 50), { train: 1000, val: 100 }, "7"))).toEqual([50, 50, 0]);
    expect(sizesOf(splitByDocument(documents(1, 50), { train: 1000, val: 100 }, "7"))).toEqual([0, 50, 0]);
  });
});

test("rows of one document do not come one after the other: each file is in the rows' own order", () => {
  const { train } = splitByDocument(documents(10, 10), { train: 50, val: 10 }, "7");
  expect(train.map(({ order }) => order)).toEqual(train.map(({ order }) => order).toSorted());
});

test("rows without a document are alone", () => {
  const split = splitByDocument(rowsOf(Array.from({ length: 20 }, () => [])), { train: 10, val: 5 }, "7");
  expect(sizesOf(split)).toEqual([10, 5, 5]);
});
