/** Random numbers that are the same in every run. */
import { seededRandom } from "../src/environments/random.ts";

/** Uniform in [0, 1). */
export const seeded = (seed: number): (() => number) => seededRandom(seed);

/** Standard normal, from uniform numbers: Box–Muller. */
export function gaussian(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
