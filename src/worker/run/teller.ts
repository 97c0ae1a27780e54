/**
 * How a rollout tells its run of itself: afterwards, one message at a time, each with the rollout as it then is. What comes
 * meanwhile needs no message of its own: one more is sent when that one is through. Never throws.
 */
import { limits } from "../../contract/limits.ts";

/** Pauses and chance come from outside. */
export interface Telling {
  /** Sends what there is to tell now; rejects when it did not arrive. */
  send: () => Promise<unknown>;
  pause: (milliseconds: number) => Promise<unknown>;
  /** From 0 up to 1. */
  random: () => number;
  /** Hears of what made the last try fail. */
  gaveUp: (error: unknown) => void;
}

export class Teller {
  readonly #telling: Telling;
  #news = false;
  #round: Promise<boolean> | undefined;

  constructor(telling: Telling) {
    this.#telling = telling;
  }

  /** Begins no work before the caller has answered. True when all that there was to tell has arrived; false when it was given up. */
  tell(): Promise<boolean> {
    this.#news = true;
    this.#round ??= this.#tellAll();
    return this.#round;
  }

  async #tellAll(): Promise<boolean> {
    await this.#telling.pause(this.#telling.random() * limits.tellWithinMilliseconds);
    let told = true;
    while (told && this.#news) {
      this.#news = false;
      told = await this.#send();
    }
    this.#round = undefined;
    return told;
  }

  async #send(): Promise<boolean> {
    const { send, pause, random, gaveUp } = this.#telling;
    for (let attempt = 1; ; attempt++) {
      try {
        await send();
        return true;
      } catch (error) {
        if (attempt === limits.attempts) {
          gaveUp(error);
          return false;
        }
      }
      await pause(limits.tellRetryMilliseconds * 4 ** (attempt - 1) * (0.5 + random()));
    }
  }
}
