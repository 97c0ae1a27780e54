/**
 * The Durable Object that knows which runs there are: the list of `GET /runs`, told by the runs themselves. What comes without a
 * valid token is passed on only to a run that is known here, else counted here, so that a stranger creates nothing.
 */
import { DurableObject } from "cloudflare:workers";
import { limits } from "../../contract/limits.ts";
import type { RunEntry, RunList } from "../../contract/run.ts";
import type { Bindings } from "../bindings.ts";
import { signalRun } from "./client.ts";
import { DirectoryStore } from "./directory-store.ts";
import { type SignalCounts, signalsOf } from "./signal-counts.ts";

/** What came without a valid token under a run's name; null where the name was none, or one of too many. */
export interface StrangerSignals {
  run: string | null;
  counts: SignalCounts;
}

export class RunDirectory extends DurableObject<Bindings> {
  readonly #store: DirectoryStore;

  constructor(state: DurableObjectState, bindings: Bindings) {
    super(state, bindings);
    this.#store = new DirectoryStore(state.storage.sql);
  }

  /** A run as it stands now, in the place of what it told before. */
  put(entry: RunEntry): void {
    this.#store.put(entry);
  }

  list(): RunList {
    return { runs: this.#store.list(limits.directoryListed), elsewhere: signalsOf(this.#store.strangers()) };
  }

  /** Passes on what concerns a known run, at most once, and counts the rest. */
  async strangers(signals: StrangerSignals[]): Promise<void> {
    const passing = signals.flatMap(({ run, counts }) => {
      if (run !== null && this.#store.has(run)) return [signalRun(this.env, run, counts)];
      this.#store.addStrangers(counts);
      return [];
    });
    await Promise.allSettled(passing);
  }
}
