/** The best of many, without sorting all of them: a heap whose root is the worst kept. Ties go to the lower number. */
export class TopList {
  /** A score has to be above this to be kept. */
  least = -Infinity;
  readonly #capacity: number;
  readonly #items: Int32Array;
  readonly #scores: Float64Array;
  #size = 0;

  /** @param capacity at least 1 */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#items = new Int32Array(capacity);
    this.#scores = new Float64Array(capacity);
  }

  /** Items have to come in ascending order: of equals, the one that came first stays. */
  add(item: number, score: number): void {
    if (score <= this.least) return;
    if (this.#size < this.#capacity) this.#rise(this.#size++, item, score);
    else this.#sink(item, score);
    if (this.#size === this.#capacity) this.least = this.#scores[0]!;
  }

  /** What was kept, in no order. */
  items(): number[] {
    return Array.from(this.#items.subarray(0, this.#size));
  }

  /** Puts an item at a free leaf, and moves what is better than it down. */
  #rise(from: number, item: number, score: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (score > this.#scores[parent]!) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, item, score);
  }

  /** Puts an item in the root's place, and moves what is worse than it up. */
  #sink(item: number, score: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#worse(child + 1, child)) child++;
      if (this.#scores[child]! >= score) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, item, score);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#items[from]!, this.#scores[from]!);
  }

  #put(at: number, item: number, score: number): void {
    this.#items[at] = item;
    this.#scores[at] = score;
  }

  #worse(a: number, b: number): boolean {
    const difference = this.#scores[a]! - this.#scores[b]!;
    return difference < 0 || (difference === 0 && this.#items[a]! > this.#items[b]!);
  }
}
