/**
 * The bytes of a workspace's files, from wherever they are. Files of the repository are read when they are wanted, and once a
 * command reads several, those that follow are fetched together, since `grep -r` and its like read in the order of the paths.
 * Keeps the first fault: commands take a failed read for the file's own trouble.
 */
import { limits } from "../../contract/limits.ts";
import type { Repository } from "../../corpus/repository/repository.ts";
import { concatenate } from "../../corpus/bytes.ts";
import type { Meter } from "./meter.ts";
import type { Content } from "./node.ts";

export interface KeptContents {
  /** The bytes that were stored under this number. */
  content(id: number): Uint8Array;
}

export class Contents {
  readonly #repository: Repository;
  readonly #kept: KeptContents;
  readonly #meter: Meter;
  #reads = 0;
  /** The runs of files that were fetched together, by their places in the order of paths. */
  readonly #fetched = new Set<number>();
  #fault: { thrown: unknown } | undefined;

  constructor(repository: Repository, kept: KeptContents, meter: Meter) {
    this.#repository = repository;
    this.#meter = meter;
    this.#kept = kept;
  }

  throwFault(): void {
    if (this.#fault) throw this.#fault.thrown;
  }

  async read(content: Content): Promise<Uint8Array> {
    await this.#meter.rest();
    const parts = await this.parts(content);
    const [only] = parts;
    const bytes = only !== undefined && parts.length === 1 ? only : concatenate(parts);
    this.#meter.spendOnBytes(bytes.length);
    return bytes;
  }

  /** @throws Fault when the repository cannot be read */
  async parts(content: Content): Promise<readonly Uint8Array[]> {
    switch (content.in) {
      case "nowhere":
        return [];
      case "memory":
        return content.parts;
      case "store":
        return [this.#kept.content(content.id)];
      case "repository":
        return [await this.#readRepository(content.path)];
    }
  }

  async #readRepository(path: string): Promise<Uint8Array> {
    this.throwFault();
    try {
      if (++this.#reads > limits.readsBeforeFetchingAhead) await this.#fetchAhead(path);
      return await this.#repository.read(path);
    } catch (thrown) {
      this.#fault ??= { thrown };
      throw thrown;
    }
  }

  /** Fetches the run of files that the path lies in, once. */
  async #fetchAhead(path: string): Promise<void> {
    const { entries } = this.#repository;
    const run = Math.floor(placeOf(path, entries) / limits.filesFetchedAhead);
    if (this.#fetched.has(run)) return;
    this.#fetched.add(run);
    const start = run * limits.filesFetchedAhead;
    await this.#repository.prefetch(entries.slice(start, start + limits.filesFetchedAhead).map((entry) => entry.path));
  }
}

/** Where a path stands, or would stand, in entries sorted by path. */
function placeOf(path: string, entries: readonly { path: string }[]): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.path ?? "") < path) low = middle + 1;
    else high = middle;
  }
  return low;
}
