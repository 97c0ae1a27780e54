/** Work of one object, piece after piece, in the order in which it came: its awaits let other calls in, which have to wait. */

export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** The work's result, when all before it is done, well or not. */
  add<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
