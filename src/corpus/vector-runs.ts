/**
 * Which passages a vector stands for: a page's passages in runs of about equal length. Numbers only.
 */
import { limits } from "../contract/limits.ts";
import { CorpusError } from "./document.ts";

/** The first passage of a run, counted from the page's first. */
export function runStart(run: number, runs: number, passages: number): number {
  return Math.floor((run * passages) / runs);
}

/**
 * How many runs each page's passages make: one passage each, or as many as it takes for their vectors to fit a worker.
 * @param passages by page: how many it has
 * @throws CorpusError when one vector a page is already too much
 */
export function runsByPage(passages: readonly number[], dimensions: number): number[] {
  const longest = Math.max(...passages);
  const most = Math.floor(limits.vectorBytes / (dimensions * Float32Array.BYTES_PER_ELEMENT));
  for (let length = 1; ; length++) {
    const runs = passages.map((count) => Math.ceil(count / length));
    if (runs.reduce((sum, count) => sum + count, 0) <= most) return runs;
    if (length < longest) continue;
    throw new CorpusError(
      `${passages.length} documents of ${dimensions} dimensions are more than a worker holds (${most} vectors): ` +
        "choose fewer dimensions",
    );
  }
}
