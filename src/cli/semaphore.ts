/** Lets so many pieces of work go on at once; more wait, in their order. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A place is handed on rather than freed, so that whoever waits longest has it.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
