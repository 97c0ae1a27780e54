/**
 * `node test/bench/kernel.ts`: what scoring all vectors against one query costs, next to a plain read of the quantised bytes.
 * Candidates take turns within one run; milliseconds are medians.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { exactDot, quantise, scoresReference, VectorScan } from "../../src/corpus/vectors.ts";
import { assemble } from "../assemble.ts";
import { gaussian, seeded } from "../random.ts";
import { interleave, table } from "./measure.ts";

const SHAPES = [
  { count: 2_800, dimensions: 1_536 },
  { count: 2_800, dimensions: 256 },
  { count: 40_000, dimensions: 128 },
];

/** The exports of `assembly/read.ts`. */
type Read = (at: number, bytes: number) => number;
type Readers = { readInOrder: Read; readInQuarters: Read };

const kernel = new WebAssembly.Module(readFileSync(here("../../src/corpus/kernel/scan.wasm")));
const reader = new WebAssembly.Module(await assemble(here("assembly/asconfig.json")));

for (const { count, dimensions } of SHAPES) {
  console.log(`${count.toLocaleString("en")} vectors × ${dimensions.toLocaleString("en")} dimensions`);
  console.log(`${table(measure(count, dimensions))}\n`);
}

function measure(count: number, dimensions: number): string[][] {
  const normal = gaussian(seeded(1));
  const vectors = Float32Array.from({ length: count * dimensions }, normal);
  const query = Float32Array.from({ length: dimensions }, normal);
  const quantised = quantise(vectors, dimensions);
  const scan = VectorScan.create(kernel, quantised);
  const bytes = quantised.codes.length;
  const { readInOrder, readInQuarters } = readers(quantised.codes);
  const candidates = {
    readInOrder: () => readInOrder(0, bytes),
    readInQuarters: () => readInQuarters(0, bytes),
    kernel: () => scan.scores(query),
    reference: () => scoresReference(quantised, query),
    float32: () => scanFloats(vectors, count, dimensions, query),
  };
  interleave(candidates, { rounds: 10 });
  const ms = interleave(candidates);
  const plainRead = Math.min(ms.readInOrder, ms.readInQuarters);
  const row = (name: string, time: number, read = bytes) => [
    name,
    time.toFixed(4),
    (read / time / 1e6).toFixed(1),
    (time / plainRead).toFixed(2),
  ];
  return [
    ["", "ms", "GB/s", "× plain read"],
    row("plain read, in order", ms.readInOrder),
    row("plain read, in quarters", ms.readInQuarters),
    row("kernel", ms.kernel),
    row("TypeScript reference", ms.reference),
    row("exact float32 scan, TypeScript", ms.float32, vectors.byteLength),
  ];
}

/** The plain reads, with a copy of the bytes in a memory of their own. */
function readers(codes: Int8Array): Readers {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(codes.length / 65_536) });
  new Int8Array(memory.buffer).set(codes);
  return new WebAssembly.Instance(reader, { env: { memory } }).exports as Readers;
}

function scanFloats(vectors: Float32Array, count: number, dimensions: number, query: Float32Array): Float32Array {
  const scores = new Float32Array(count);
  for (let row = 0; row < count; row++) scores[row] = exactDot(vectors, row, dimensions, query);
  return scores;
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
