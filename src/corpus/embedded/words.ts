/**
 * The embedded embedder: texts as weighted sums of the vectors of their words, which `train.ts` takes from the corpus itself.
 * No service, no network. Sections:
 *
 *     words.row     by term: the row of its vector and 1, or 0 for a term without
 *     words.codes   by row, then dimension: from -127 to 127
 *     words.scale   by row: what a code of 1 is worth
 */
import type { EmbedderName } from "../../contract/manifest.ts";
import type { Sections } from "../format.ts";

/** More improve no ranking of FinQA's questions; fewer begin to be worse. */
export const DIMENSIONS = 32;
export const embeddedName: EmbedderName = { kind: "embedded", model: "corpus-words-1", dimensions: DIMENSIONS };

/** Embeds texts by the word table of an index. */
export class WordTable {
  readonly #row: Uint16Array | Uint32Array;
  readonly #codes: Int8Array;
  readonly #scale: Float32Array;

  /** @throws Fault("index") when a section is missing */
  constructor(sections: Pick<Sections, "get" | "getIds">) {
    this.#row = sections.getIds("words.row");
    this.#codes = sections.get("words.codes", "int8");
    this.#scale = sections.get("words.scale", "float32");
  }

  /**
   * The sum of the terms' vectors, each times its weight, brought to length 1; undefined when it has none.
   * @param weightOf by place in `terms`
   */
  embed(terms: ArrayLike<number>, weightOf: (at: number) => number): Float32Array | undefined {
    const sum = new Float64Array(DIMENSIONS);
    for (let at = 0; at < terms.length; at++) {
      const row = this.#row[terms[at]!]! - 1;
      if (row === -1) continue;
      const weight = weightOf(at) * this.#scale[row]!;
      const from = row * DIMENSIONS;
      for (let dimension = 0; dimension < DIMENSIONS; dimension++)
        sum[dimension]! += weight * this.#codes[from + dimension]!;
    }
    return unitVector(sum);
  }
}

/** A vector brought to length 1; undefined for one without direction. */
export function unitVector(vector: Float32Array | Float64Array): Float32Array | undefined {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!(squares > 0) || squares === Infinity) return undefined;
  return Float32Array.from(vector, (value) => value / Math.sqrt(squares));
}
