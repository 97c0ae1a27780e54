/** The best of many, without sorting all of them: a heap whose root is the worst kept. Ties go to the lower number. */
export class TopList {
  readonly #capacity: number;
  readonly #items: number[] = [];
  readonly #scores: number[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Items have to come in ascending order: of equals, the one that came first stays. */
  add(item: number, score: number): void {
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
      this.#scores.push(score);
      this.#rise(this.#items.length - 1);
    } else if (this.#capacity > 0 && score > this.#scores[0]!) {
      this.#items[0] = item;
      this.#scores[0] = score;
      this.#sink();
    }
  }

  /** What was kept, best first. */
  take(): number[] {
    const order = [...this.#items.keys()];
    order.sort((a, b) => this.#scores[b]! - this.#scores[a]! || this.#items[a]! - this.#items[b]!);
    return order.map((at) => this.#items[at]!);
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#worse(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#items.length && this.#worse(child, worst)) worst = child;
      }
      if (worst === at) return;
      this.#swap(at, worst);
      at = worst;
    }
  }

  #worse(a: number, b: number): boolean {
    return (
      this.#scores[a]! < this.#scores[b]! || (this.#scores[a] === this.#scores[b] && this.#items[a]! > this.#items[b]!)
    );
  }

  #swap(a: number, b: number): void {
    [this.#items[a], this.#items[b]] = [this.#items[b]!, this.#items[a]!];
    [this.#scores[a], this.#scores[b]] = [this.#scores[b]!, this.#scores[a]!];
  }
}
