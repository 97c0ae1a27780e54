/**
 * The vectors of an index: each stands for a run of a page's passages, and a page is as near to a query as its nearest vector.
 * Nearness is a cosine, counted in standard deviations above that of two arbitrary vectors of the index: embedders differ in the
 * level and the spread of their cosines. Sections:
 *
 *     vectors.first    by page: its first vector          vectors.exact                  float32, a row each
 *     vectors.spread   mean and deviation, as above       vectors.codes, vectors.scales  as `quantise` gives them
 */
import type { Sections } from "../format.ts";
import { exactDot, VectorScan } from "../vectors.ts";

export class PageVectors {
  readonly dimensions: number;
  readonly #first: Uint32Array;
  readonly #exact: Float32Array;
  readonly #scan: VectorScan;
  readonly #mean: number;
  readonly #deviation: number;
  /** By vector, of the query scanned last; a view into the kernel's memory. */
  #cosines: Float32Array = new Float32Array();

  /** @throws Fault("index") when a section is missing; RangeError when they do not fit each other */
  constructor(sections: Sections, kernel: WebAssembly.Module, dimensions: number) {
    this.dimensions = dimensions;
    this.#first = sections.get("vectors.first", "uint32");
    this.#exact = sections.get("vectors.exact", "float32");
    const [mean, deviation] = sections.get("vectors.spread", "float32");
    this.#mean = mean ?? 0;
    this.#deviation = deviation ?? 1;
    this.#scan = VectorScan.create(kernel, {
      count: this.#exact.length / dimensions,
      dimensions,
      codes: sections.get("vectors.codes", "int8"),
      scales: sections.get("vectors.scales", "float32"),
    });
  }

  /** Takes a query's cosines with all vectors, from their quantised form. @param query of length 1 */
  scan(query: Float32Array): void {
    this.#cosines = this.#scan.scores(query);
  }

  /** How near a page is to the query scanned last: approximate. */
  nearness(page: number): number {
    const cosines = this.#cosines;
    const end = this.#first[page + 1]!;
    let best = -1;
    for (let row = this.#first[page]!; row < end; row++) {
      const cosine = cosines[row]!;
      // The larger of the two, without a branch: which of a page's vectors is nearest is past predicting.
      best = (best + cosine + Math.abs(best - cosine)) / 2;
    }
    return (best - this.#mean) / this.#deviation;
  }

  /** How near a page is to a query of length 1, from the vectors as they were before quantisation. */
  exactNearness(page: number, query: Float32Array): number {
    return (this.#nearest(page, query).cosine - this.#mean) / this.#deviation;
  }

  /** Which of a page's runs of passages is nearest to the query, and how many it has. */
  nearestRun(page: number, query: Float32Array): { run: number; runs: number } {
    const { row } = this.#nearest(page, query);
    return { run: row - this.#first[page]!, runs: this.#first[page + 1]! - this.#first[page]! };
  }

  #nearest(page: number, query: Float32Array): { row: number; cosine: number } {
    const nearest = { row: this.#first[page]!, cosine: -1 };
    for (let row = this.#first[page]!; row < this.#first[page + 1]!; row++) {
      const cosine = exactDot(this.#exact, row, this.dimensions, query);
      if (cosine > nearest.cosine) {
        nearest.row = row;
        nearest.cosine = cosine;
      }
    }
    return nearest;
  }
}
