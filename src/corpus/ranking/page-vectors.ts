/**
 * The vectors of an index: each stands for a run of a page's passages, and a page is as near to a query as its nearest vector.
 * Its arrays serve one query after another: nothing here awaits.
 */
import type { Sections } from "../format.ts";
import { exactDot, VectorScan } from "../vectors.ts";

export class PageVectors {
  readonly dimensions: number;
  readonly #first: Uint32Array;
  readonly #exact: Float32Array;
  readonly #scan: VectorScan;
  /** By page, of the last query. */
  readonly #scores: Float32Array;
  #mean = 0;
  #deviation = 1;

  /** @throws Fault("index") when a section is missing; RangeError when they do not fit each other */
  constructor(sections: Sections, kernel: WebAssembly.Module, dimensions: number) {
    this.dimensions = dimensions;
    this.#first = sections.get("vectors.first", "uint32");
    this.#exact = sections.get("vectors.exact", "float32");
    this.#scores = new Float32Array(this.#first.length - 1);
    this.#scan = VectorScan.create(kernel, {
      count: this.#exact.length / dimensions,
      dimensions,
      codes: sections.get("vectors.codes", "int8"),
      scales: sections.get("vectors.scales", "float32"),
    });
  }

  /**
   * How far each page's cosine stands out among all pages, in standard deviations: comparable between embedders, whose
   * cosines differ in level and spread. From the quantised vectors; a view that the next call overwrites.
   * @param query of length 1
   */
  scores(query: Float32Array): Float32Array {
    const rows = this.#scan.scores(query);
    const scores = this.#scores;
    let [sum, squares] = [0, 0];
    for (let page = 0; page < scores.length; page++) {
      let best = -1;
      for (let row = this.#first[page]!; row < this.#first[page + 1]!; row++) best = Math.max(best, rows[row]!);
      scores[page] = best;
      sum += best;
      squares += best * best;
    }
    this.#mean = sum / scores.length;
    this.#deviation = Math.sqrt(Math.max(0, squares / scores.length - this.#mean ** 2)) || 1;
    for (let page = 0; page < scores.length; page++) scores[page] = (scores[page]! - this.#mean) / this.#deviation;
    return scores;
  }

  /** A page's score as `scores` gave it for the same query, but from the vectors as they were before quantisation. */
  exactScore(page: number, query: Float32Array): number {
    const [, best] = this.#nearest(page, query);
    return (best - this.#mean) / this.#deviation;
  }

  /** Which of a page's vectors is nearest to the query, counted from its first; and how many it has. */
  nearestOf(page: number, query: Float32Array): { at: number; of: number } {
    const [row] = this.#nearest(page, query);
    return { at: row - this.#first[page]!, of: this.#first[page + 1]! - this.#first[page]! };
  }

  #nearest(page: number, query: Float32Array): [row: number, cosine: number] {
    let nearest = this.#first[page]!;
    let best = -1;
    for (let row = this.#first[page]!; row < this.#first[page + 1]!; row++) {
      const cosine = exactDot(this.#exact, row, this.dimensions, query);
      if (cosine > best) [nearest, best] = [row, cosine];
    }
    return [nearest, best];
  }
}
