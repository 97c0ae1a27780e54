import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INDEX_FILE } from "../../src/contract/manifest.ts";
import { buildIndex } from "../../src/corpus/build.ts";
import { cooccurrence } from "../../src/corpus/embedded/cooccurrence.ts";
import { embedRows } from "../../src/corpus/embedded/decompose.ts";
import { eigen } from "../../src/corpus/embedded/eigen.ts";
import { unitVector } from "../../src/corpus/embedded/words.ts";
import { Sections } from "../../src/corpus/format.ts";
import { Searcher } from "../../src/corpus/search.ts";
import { gaussian, seeded } from "../random.ts";
import { kernel } from "./tiny.ts";

const close = (expected: number, precision = 1e-9) => expect.closeTo(expected, -Math.log10(precision));

/** Two subjects that share no word but "the"; each page takes some words of its subject. */
const subjects = {
  sea: "harbour vessel captain anchor cargo sailor deck tide".split(" "),
  farm: "wheat tractor harvest barn cattle plough field seed".split(" "),
};
const pages = Object.entries(subjects).flatMap(([subject, vocabulary]) => {
  const uniform = seeded(subject.length);
  return Array.from({ length: 30 }, (_, page) => ({
    path: `${subject}/${page}.md`,
    text: Array.from({ length: 12 }, () => `the ${vocabulary[Math.floor(uniform() * vocabulary.length)]}`).join(" "),
  }));
});

describe("words of one subject", () => {
  test("are nearer to each other than to those of another, also on pages that lack the word asked for", async () => {
    const { manifest, files } = await buildIndex(pages, "embedded");
    const searcher = new Searcher(new Sections(files.get(INDEX_FILE)!.buffer), manifest.embedder, kernel, undefined);
    const paths = pages.map(({ path }) => path).toSorted();
    for (const [subject, vocabulary] of Object.entries(subjects)) {
      for (const word of vocabulary) {
        searcher.vectors.scan(searcher.embedWords(searcher.readQuery(word))!);
        const nearness = (of: string) =>
          paths
            .map((path, page) => ({ path, near: searcher.vectors.nearness(page) }))
            .filter(({ path }) => path.startsWith(of) && !pages.find((page) => page.path === path)!.text.includes(word))
            .map(({ near }) => near);
        const other = subject === "sea" ? "farm" : "sea";
        expect(Math.min(...nearness(subject))).toBeGreaterThan(Math.max(...nearness(other)));
      }
    }
  });

  test("unknown words have no vector", async () => {
    const { manifest, files } = await buildIndex(pages, "embedded");
    const searcher = new Searcher(new Sections(files.get(INDEX_FILE)!.buffer), manifest.embedder, kernel, undefined);
    expect(searcher.embedWords(searcher.readQuery("walrus"))).toBeUndefined();
  });
});

describe("co-occurrence", () => {
  test("is symmetric, above zero, and only within a passage", () => {
    // Words 0 and 1 share the first passage, 2 and 3 the second.
    const matrix = cooccurrence(
      {
        passageFirst: Uint32Array.of(0, 2),
        tokenFirst: Uint32Array.of(0, 4, 8),
        tokens: Uint16Array.of(0, 1, 0, 1, 2, 3, 2, 3),
        terms: 4,
      },
      Int32Array.of(0, 1, 2, 3),
      4,
    );
    const entry = (row: number, column: number) => {
      const at = matrix.columns.subarray(matrix.first[row], matrix.first[row + 1]).indexOf(column);
      return at === -1 ? 0 : matrix.values[matrix.first[row]! + at]!;
    };
    expect(entry(0, 1)).toBeGreaterThan(0);
    expect(entry(0, 1)).toBe(entry(1, 0));
    for (const [a, b] of [
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [0, 0],
    ] as const)
      expect(entry(a, b)).toBe(0);
  });
});

describe("the decomposition", () => {
  test("of a small matrix takes it apart into its eigenvectors", () => {
    const size = 9;
    const normal = gaussian(seeded(7));
    const matrix = new Float64Array(size * size);
    for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) matrix[a * size + b] = matrix[b * size + a] = normal();
    const { values, vectors } = eigen(matrix, size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        let entry = 0;
        for (let at = 0; at < size; at++) entry += vectors[a * size + at]! * values[at]! * vectors[b * size + at]!;
        expect(entry).toEqual(close(matrix[a * size + b]!));
      }
    }
  });

  test("keeps what a matrix of low rank says of its rows", () => {
    // Rank 3 and positive, so that the rows' dot products are the matrix itself.
    const size = 60;
    const normal = gaussian(seeded(3));
    const factors = Array.from({ length: size }, () => [normal(), normal(), normal()]);
    const entries = factors.map((a) => factors.map((b) => a.reduce((sum, value, at) => sum + value * b[at]!, 0)));
    const rows = embedRows(
      {
        size,
        first: Uint32Array.from({ length: size + 1 }, (_, row) => row * size),
        columns: Uint32Array.from({ length: size * size }, (_, at) => at % size),
        values: Float32Array.from(entries.flat()),
      },
      8,
    );
    const dot = (a: number, b: number) =>
      Array.from({ length: 8 }, (_, at) => rows[a * 8 + at]! * rows[b * 8 + at]!).reduce((sum, part) => sum + part, 0);
    for (let a = 0; a < size; a += 7)
      for (let b = 0; b < size; b += 5) expect(dot(a, b)).toEqual(close(entries[a]![b]!, 1e-3));
  });

  test("of no words, or of words without company, is zero", () => {
    expect(
      embedRows({ size: 0, first: Uint32Array.of(0), columns: new Uint32Array(), values: new Float32Array() }, 4),
    ).toHaveLength(0);
    const alone = embedRows(
      { size: 2, first: new Uint32Array(3), columns: new Uint32Array(), values: new Float32Array() },
      4,
    );
    expect(alone).toEqual(new Float32Array(8));
  });
});

test("a vector of any length becomes one of length 1; one without direction none", () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
      const unit = unitVector(Float32Array.from(values));
      if (unit === undefined) return;
      expect(Math.hypot(...unit)).toEqual(close(1, 1e-5));
    }),
  );
  expect(unitVector(Float32Array.of(0, 0))).toBeUndefined();
  expect(unitVector(Float32Array.of(1, Number.NaN))).toBeUndefined();
});
