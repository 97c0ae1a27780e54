/** Bounds how much is under way at a time in this isolate, so that what it holds in memory stays bounded too. */
import { limits } from "../contract/limits.ts";

/**
 * Turns for work that is not needed by one request only. The platform may end a request in the midst of its turn, and then nobody
 * gives it back: so a turn is over after the time that anyone waits for shared work.
 */
export class Turns {
  readonly #most: number;
  /** When each turn under way began. */
  readonly #taken = new Map<symbol, number>();
  #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** The work's result, when it had its turn. @throws what the work throws */
  async take<T>(work: () => Promise<T>): Promise<T> {
    while (this.#underWay() >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const turn = Symbol("turn");
    this.#taken.set(turn, Date.now());
    try {
      return await work();
    } finally {
      this.#taken.delete(turn);
      this.#wake();
    }
  }

  #underWay(): number {
    const over = Date.now() - limits.sharedWorkMilliseconds;
    for (const [turn, began] of this.#taken) if (began < over) this.#taken.delete(turn);
    return this.#taken.size;
  }

  /** All who wait look again: the first of them may belong to a request that has ended, and would not. */
  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }
}
