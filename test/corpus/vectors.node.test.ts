import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactDot, quantise, scoresReference, VectorScan } from "../../src/corpus/vectors.ts";
import { assemble } from "../assemble.ts";
import { gaussian, seeded } from "../random.ts";

const kernelFolder = fileURLToPath(new URL("../../src/corpus/kernel/", import.meta.url));
const committed = readFileSync(`${kernelFolder}scan.wasm`);
const kernel = new WebAssembly.Module(committed);

/** Around the kernel's block of 32 rows, and small. */
const counts = fc.oneof(fc.constantFrom(0, 1, 7, 8, 9, 31, 32, 33, 64, 65), fc.nat(100));
const dimensionCounts = fc.oneof(fc.constantFrom(1, 3, 4, 5, 15, 16, 17, 1_536), fc.integer({ min: 1, max: 2_000 }));
const seeds = fc.integer();
const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

test("the committed kernel is what its source compiles to", { timeout: 60_000 }, async () => {
  expect(Buffer.from(await assemble(`${kernelFolder}assembly/asconfig.json`)).equals(committed)).toBe(true);
});

describe("the kernel's scores", () => {
  test("are the exact sums of whole numbers that fit the codes, at their most extreme too", () => {
    const fillings = fc.constantFrom<(random: () => number) => number>(
      (random) => Math.floor(random() * 3) - 1,
      (random) => random() * 2 - 1,
      () => 1,
      () => -1,
    );
    fc.assert(
      fc.property(
        counts,
        dimensionCounts,
        seeds,
        fillings,
        fillings,
        (count, dimensions, seed, fillRows, fillQuery) => {
          const random = seeded(seed);
          const rows = Array.from({ length: count }, () => wholeNumbers(dimensions, 127, () => fillRows(random)));
          const query = wholeNumbers(dimensions, 63, () => fillQuery(random));
          const scan = VectorScan.create(kernel, quantise(concatenated(rows, dimensions), dimensions));
          expect([...scan.scores(query)]).toEqual(
            rows.map((row) => row.reduce((sum, value, d) => sum + value * query[d]!, 0)),
          );
        },
      ),
    );
  });

  test("are the reference's bit for bit, for any shape, one query after another", () => {
    const magnitudes = fc.constantFrom(1e-44, 1e-30, 1, 1e30, 3.4e38);
    fc.assert(
      fc.property(counts, dimensionCounts, seeds, magnitudes, (count, dimensions, seed, magnitude) => {
        const random = seeded(seed);
        const components = (length: number) => Float32Array.from({ length }, () => (random() * 2 - 1) * magnitude);
        const quantised = quantise(components(count * dimensions), dimensions);
        const scan = VectorScan.create(kernel, quantised);
        for (const query of [components(dimensions), components(dimensions)]) {
          expect(scan.scores(query)).toEqual(scoresReference(quantised, query));
        }
      }),
    );
  });

  test("are the reference's for any finite components", () => {
    const shapes = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 20 }));
    const inputs = shapes.chain(([count, dimensions]) =>
      fc.record({
        dimensions: fc.constant(dimensions),
        vectors: fc.array(finite, { minLength: count * dimensions, maxLength: count * dimensions }),
        query: fc.array(finite, { minLength: dimensions, maxLength: dimensions }),
      }),
    );
    fc.assert(
      fc.property(inputs, ({ dimensions, vectors, query }) => {
        const quantised = quantise(Float32Array.from(vectors), dimensions);
        const asked = Float32Array.from(query);
        expect(VectorScan.create(kernel, quantised).scores(asked)).toEqual(scoresReference(quantised, asked));
      }),
    );
  });

  test("miss the exact dot product by no more than half a step of each component", () => {
    fc.assert(
      fc.property(counts, dimensionCounts, seeds, (count, dimensions, seed) => {
        const normal = gaussian(seeded(seed));
        const vectors = Float32Array.from({ length: count * dimensions }, normal);
        const query = Float32Array.from({ length: dimensions }, normal);
        const scan = VectorScan.create(kernel, quantise(vectors, dimensions));
        scan.scores(query).forEach((score, row) => {
          const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
          const worst = largestError(vector, query);
          expect(Math.abs(score - exactDot(vectors, row, dimensions, query))).toBeLessThanOrEqual(worst);
        });
      }),
    );
  });

  test("are zero for a vector of zeros, and for a query of zeros", () => {
    const scan = VectorScan.create(kernel, quantise(Float32Array.of(0, 0, 0, 1, -2, 3), 3));
    expect([...scan.scores(Float32Array.of(1, 1, 1))]).toEqual([0, expect.closeTo(2, 1)]);
    expect([...scan.scores(new Float32Array(3))]).toEqual([0, 0]);
  });
});

describe("the best ten of thirty rescored", () => {
  const queryCount = 40;
  for (const dimensions of [128, 256, 768, 1_536]) {
    test.each([
      ["scattered", Infinity],
      ["clustered", 1],
      ["closely clustered", 0.3],
    ])(`are the exact best ten of 2,800 %s vectors of ${dimensions} dimensions`, (_, spread) => {
      const vectors = unitVectors(2_800 + queryCount, dimensions, spread);
      const queries = vectors.subarray(2_800 * dimensions);
      expect(recall(vectors.subarray(0, 2_800 * dimensions), queries, dimensions)).toBeGreaterThanOrEqual(0.999);
    });
  }
});

describe("what cannot be scored is refused", () => {
  const pair = quantise(Float32Array.of(1, 2, 3, 4), 2);

  test.each<[string, () => unknown]>([
    ["an incomplete row", () => quantise(new Float32Array(7), 3)],
    ["no dimensions", () => quantise(new Float32Array(0), 0)],
    ["a component that is not a number", () => quantise(Float32Array.of(1, NaN), 2)],
    ["an infinite component", () => quantise(Float32Array.of(1, -Infinity), 2)],
    ["codes of another shape", () => VectorScan.create(kernel, { ...pair, dimensions: 5 })],
    ["a missing scale", () => VectorScan.create(kernel, { ...pair, scales: new Float32Array(1) })],
    ["a shorter query", () => VectorScan.create(kernel, pair).scores(new Float32Array(1))],
    ["a longer query", () => VectorScan.create(kernel, pair).scores(new Float32Array(3))],
    ["a query that is not a number", () => VectorScan.create(kernel, pair).scores(Float32Array.of(NaN, 1))],
  ])("%s", (_, attempt) => {
    expect(attempt).toThrow(RangeError);
  });
});

/** Multiples of 1 from -largest to largest, the first ±largest: quantised at a scale of 1, and so without an error. */
function wholeNumbers(dimensions: number, largest: number, fill: () => number): Float32Array {
  return Float32Array.from({ length: dimensions }, (_, d) => (d === 0 ? largest : Math.round(fill() * largest)));
}

function concatenated(rows: readonly Float32Array[], dimensions: number): Float32Array {
  const vectors = new Float32Array(rows.length * dimensions);
  rows.forEach((row, index) => vectors.set(row, index * dimensions));
  return vectors;
}

/** Each component is off by half a step at most; the rest is what rounding to float32 adds. */
function largestError(vector: Float32Array, query: Float32Array): number {
  const step = largestOf(vector) / 127;
  const queryStep = largestOf(query) / 63;
  const sum = vector.reduce((error, value, d) => {
    return error + (Math.abs(query[d]!) * step + (Math.abs(value) + step / 2) * queryStep) / 2;
  }, 0);
  return sum * 1.00001;
}

function largestOf(vector: Float32Array): number {
  return vector.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
}

/** Unit vectors around 32 random centres, whose components have a deviation of 1; infinitely spread, the centres no longer count. */
function unitVectors(count: number, dimensions: number, spread: number): Float32Array {
  const uniform = seeded(dimensions);
  const normal = gaussian(uniform);
  const centres = Array.from({ length: 32 }, () => Float32Array.from({ length: dimensions }, normal));
  const vectors = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const centre = centres[Math.floor(uniform() * centres.length)]!;
    const vector = centre.map((value) => (spread === Infinity ? normal() : value + spread * normal()));
    const length = Math.sqrt(exactDot(vector, 0, dimensions, vector));
    vectors.set(
      vector.map((value) => value / length),
      row * dimensions,
    );
  }
  return vectors;
}

/** The part of each query's exact best ten that the scan's best thirty hold, on average. */
function recall(vectors: Float32Array, queries: Float32Array, dimensions: number): number {
  const scan = VectorScan.create(kernel, quantise(vectors, dimensions));
  const queryCount = queries.length / dimensions;
  let found = 0;
  for (let index = 0; index < queryCount; index++) {
    const query = queries.subarray(index * dimensions, (index + 1) * dimensions);
    const exact = Float64Array.from({ length: scan.count }, (_, row) => exactDot(vectors, row, dimensions, query));
    const candidates = new Set(best(scan.scores(query), 30));
    found += best(exact, 10).filter((row) => candidates.has(row)).length;
  }
  return found / (10 * queryCount);
}

function best(scores: Float32Array | Float64Array, count: number): number[] {
  return [...scores.keys()].toSorted((a, b) => scores[b]! - scores[a]!).slice(0, count);
}
