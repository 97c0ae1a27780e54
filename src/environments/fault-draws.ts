/**
 * Which operations meet a fault: drawn from seeded sequences, one for each kind, so that the n-th operation of a kind fares
 * alike in every run with the same seed. Pure but for its own counts.
 */
import type { FaultCounts, FaultKind, FaultSettings } from "../contract/faults.ts";
import { seededRandom } from "./random.ts";
import type { Random } from "./rehearsal.ts";

export class FaultDraws {
  #settings: FaultSettings;
  #sequences = new Map<FaultKind, Random>();
  readonly #counts: FaultCounts = {};

  constructor(settings: FaultSettings) {
    this.#settings = settings;
  }

  get settings(): FaultSettings {
    return this.#settings;
  }

  /** How often each kind was drawn. */
  get counts(): FaultCounts {
    return { ...this.#counts };
  }

  /** Goes on in its sequences, unless the seed is another one. */
  change(settings: FaultSettings): void {
    if (settings.seed !== this.#settings.seed) this.#sequences.clear();
    this.#settings = settings;
  }

  /** Whether this operation meets a fault of the kind; counted if so. */
  hits(kind: FaultKind): boolean {
    const share = this.#settings[kind];
    // Without a share nothing is drawn: a kind that is switched on later begins its sequence then.
    if (share === 0 || this.random(kind)() >= share) return false;
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    return true;
  }

  /** The sequence of a kind, for what else has to be drawn about its faults. */
  random(kind: FaultKind): Random {
    const known = this.#sequences.get(kind) ?? seededRandom(this.#settings.seed, kind);
    this.#sequences.set(kind, known);
    return known;
  }
}
