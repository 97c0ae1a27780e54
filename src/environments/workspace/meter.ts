/**
 * Counts what a call makes the worker compute, and ends it when that is too much. By steps, since a clock stands still while a
 * worker computes; in estimated microseconds, so that steps of different kinds add up. Lets others have their turn in between.
 */
import { limits } from "../../contract/limits.ts";

/** Thrown into whatever goes on; commands may take it for an error of their own, so whoever runs them asks the meter. */
export class WorkExceeded extends Error {
  constructor() {
    super("the command did too much work");
    this.name = "WorkExceeded";
  }
}

export class Meter {
  readonly #pause: () => Promise<void>;
  #spent = 0;
  #pauseAt: number = limits.work.betweenPauses;
  /** What a byte costs besides being read, by the command that handles it. */
  #perByte = 0;

  /** @param pause gives others their turn */
  constructor(pause: () => Promise<void>) {
    this.#pause = pause;
  }

  get isExhausted(): boolean {
    return this.#spent > limits.work.ofCall;
  }

  /** @throws WorkExceeded from then on when the limit is reached */
  spend(microseconds: number): void {
    this.#spent += microseconds;
    if (this.isExhausted) throw new WorkExceeded();
  }

  spendOnBytes(bytes: number): void {
    this.spend(bytes * (limits.work.byte + this.#perByte));
  }

  /** Handles bytes at a price until the work is done. */
  async atPrice<T>(perByte: number, work: () => Promise<T>): Promise<T> {
    const before = this.#perByte;
    this.#perByte = perByte;
    try {
      return await work();
    } finally {
      this.#perByte = before;
    }
  }

  /** To be awaited now and then: others get their turn when enough was spent since they had it. */
  async rest(): Promise<void> {
    if (this.#spent < this.#pauseAt) return;
    this.#pauseAt = this.#spent + limits.work.betweenPauses;
    await this.#pause();
  }
}
