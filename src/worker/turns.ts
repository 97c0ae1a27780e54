/** Bounds how much is under way at a time in this isolate, so that what it holds in memory stays bounded too. */
import { limits } from "../contract/limits.ts";

/**
 * Turns for work that is not needed by one request only. The platform may end a request in the midst of its turn, and then nobody
 * gives it back: so a turn is over after the time that anyone waits for shared work.
 */
export class Turns {
  readonly #most: number;
  /** The turns under way: what each weighs, and when it began. */
  readonly #taken = new Map<symbol, { weight: number; began: number }>();
  #waiting: (() => void)[] = [];

  /** @param most what all work under way may weigh together; work that weighs more by itself comes alone */
  constructor(most: number) {
    this.#most = most;
  }

  /** The work's result, when it had its turn. @throws what the work throws */
  async take<T>(weight: number, work: () => Promise<T>): Promise<T> {
    while (!this.#hasRoom(weight)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const turn = Symbol("turn");
    this.#taken.set(turn, { weight, began: Date.now() });
    try {
      return await work();
    } finally {
      this.#taken.delete(turn);
      this.#wake();
    }
  }

  #hasRoom(weight: number): boolean {
    const over = Date.now() - limits.sharedWorkMilliseconds;
    let underWay = 0;
    for (const [turn, taken] of this.#taken) {
      if (taken.began < over) this.#taken.delete(turn);
      else underWay += taken.weight;
    }
    return underWay === 0 || underWay + weight <= this.#most;
  }

  /** All who wait look again: the first of them may belong to a request that has ended, and would not. */
  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }
}
