/** What is read on demand and kept for a while. Never decides what is read: a read function is given. */

/** Waits for a read that others share; `onExpiry` is called when that takes too long, and then the wait rejects. */
export type WaitForRead = <T>(read: Promise<T>, onExpiry: () => void) => Promise<T>;

/** Reads by key: each once at a time however many ask, the last used results kept up to a sum of sizes. */
export class KeptReads<Key, Value> {
  readonly #mostKept: number;
  readonly #sizeOf: (value: Value) => number;
  readonly #wait: WaitForRead;
  /** In order of last use, oldest first. */
  readonly #kept = new Map<Key, Value>();
  readonly #reading = new Map<Key, Promise<Value>>();
  #size = 0;

  constructor(mostKept: number, sizeOf: (value: Value) => number, wait: WaitForRead = (shared) => shared) {
    this.#mostKept = mostKept;
    this.#sizeOf = sizeOf;
    this.#wait = wait;
  }

  /** The result, if it is kept. */
  peek(key: Key): Value | undefined {
    const value = this.#kept.get(key);
    if (value === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    return value;
  }

  /** The result, read if need be. A read that fails is not remembered. @throws what the read function throws */
  async get(key: Key, read: () => Promise<Value>): Promise<Value> {
    const kept = this.peek(key);
    if (kept !== undefined) return kept;
    const reading = this.#reading.get(key) ?? this.#start(key, read);
    return this.#wait(reading, () => this.#forget(key, reading));
  }

  #start(key: Key, read: () => Promise<Value>): Promise<Value> {
    const reading = read()
      .then((value) => this.#keep(key, value))
      .finally(() => this.#forget(key, reading));
    this.#reading.set(key, reading);
    return reading;
  }

  #forget(key: Key, reading: Promise<Value>): void {
    if (this.#reading.get(key) === reading) this.#reading.delete(key);
  }

  #keep(key: Key, value: Value): Value {
    const replaced = this.#kept.get(key);
    this.#size += this.#sizeOf(value) - (replaced === undefined ? 0 : this.#sizeOf(replaced));
    this.#kept.set(key, value);
    for (const [oldest, old] of this.#kept) {
      if (this.#size <= this.#mostKept) break;
      this.#kept.delete(oldest);
      this.#size -= this.#sizeOf(old);
    }
    return value;
  }
}
