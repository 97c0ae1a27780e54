/**
 * Which passages a vector stands for: a page's passages in runs of about equal length. Numbers only.
 */
import { limits } from "../contract/limits.ts";
import { CorpusError } from "./document.ts";

/** About 180 words: a passage's neighbours say what it is about, and three times fewer vectors are kept. */
const PASSAGES = 3;

/** The first passage of a run, counted from the page's first. */
export function runStart(run: number, runs: number, passages: number): number {
  return Math.floor((run * passages) / runs);
}

/**
 * How many runs each page's passages make: runs of `PASSAGES`, or longer ones where the vectors of so many would not fit a worker.
 * @param passages by page: how many it has
 * @throws CorpusError when one vector a page is already too much
 */
export function runsByPage(passages: readonly number[], dimensions: number): number[] {
  const longest = Math.max(...passages);
  const most = Math.floor(limits.vectorBytes / (dimensions * Float32Array.BYTES_PER_ELEMENT));
  for (let length = PASSAGES; ; length = Math.ceil(length * 1.25)) {
    const runs = passages.map((count) => Math.ceil(count / length));
    if (runs.reduce((sum, count) => sum + count, 0) <= most) return runs;
    if (length < longest) continue;
    throw new CorpusError(
      `${passages.length} documents of ${dimensions} dimensions are more than a worker holds (${most} vectors): ` +
        "choose fewer dimensions",
    );
  }
}
