/** One of the two that a watch asks, again and again: since when it answers, or does not, and when to ask it next. Never prints. */
import { limits } from "../../contract/limits.ts";
import type { WatchSource } from "../../contract/watch.ts";
import { UserError } from "../user-error.ts";

export interface SourceOptions {
  now: () => Date;
  /** A look that this has broken off is none. */
  signal: AbortSignal;
}

export class Source {
  readonly #look: () => Promise<void>;
  readonly #options: SourceOptions;
  #state: WatchSource = { answered_at: null, failing_since: null, problem: null };
  #failures = 0;

  /** @param look throws a UserError where nothing, or not all, was answered */
  constructor(look: () => Promise<void>, options: SourceOptions) {
    this.#look = look;
    this.#options = options;
  }

  get state(): WatchSource {
    return this.#state;
  }

  /** Asks once. @throws what is no UserError */
  async look(): Promise<void> {
    const { now, signal } = this.#options;
    try {
      await this.#look();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof UserError)) throw error;
      this.#failures += 1;
      const failing_since = this.#state.failing_since ?? now().toISOString();
      this.#state = { ...this.#state, failing_since, problem: error.message };
      return;
    }
    this.#failures = 0;
    this.#state = { answered_at: now().toISOString(), failing_since: null, problem: null };
  }

  /** Twice as long after each look without an answer. @param interval milliseconds between two looks */
  pause(interval: number): number {
    return Math.max(interval, Math.min(interval * 2 ** this.#failures, limits.watchLongestPauseMilliseconds));
  }
}
