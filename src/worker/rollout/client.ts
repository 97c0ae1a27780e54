/** How the flows reach a rollout's object: by its trace id, retried with a fresh stub, failures as faults of the ledger. */
import type { Ledger } from "../../contract/ledger.ts";
import type { Bindings } from "../bindings.ts";
import { withRetries } from "../retry.ts";
import { limits } from "../../contract/limits.ts";
import type { Grading, NewRun, Ran, Recorded, Rollout } from "./object.ts";
import type { NewCall, NewGrade, Opening } from "./store.ts";

/** @throws Fault("ledger") when the object cannot be reached. Every method is safe to repeat. */
export class RolloutClient {
  readonly #namespace: Bindings["ROLLOUT"];
  readonly #opening: Opening;

  constructor(bindings: Bindings, opening: Opening) {
    this.#namespace = bindings.ROLLOUT;
    this.#opening = opening;
  }

  record(call: NewCall): Promise<Recorded> {
    return this.#reach(async (rollout) => await rollout.record(this.#opening, call));
  }

  /** Waits for its turn and its end, longer than for what only writes. */
  run(call: NewRun): Promise<Ran> {
    return this.#reach(async (rollout) => await rollout.run(this.#opening, call), limits.workspaceTurnMilliseconds);
  }

  openGrading(fingerprint: string, now: number): Promise<Grading> {
    return this.#reach(async (rollout) => await rollout.openGrading(this.#opening, fingerprint, now));
  }

  closeGrading(grade: NewGrade): Promise<Grading> {
    return this.#reach(async (rollout) => await rollout.closeGrading(this.#opening, grade));
  }

  /** A stub is broken for good after its object was reset, so each try takes a new one. */
  #reach<T>(operation: (rollout: DurableObjectStub<Rollout>) => Promise<T>, milliseconds?: number): Promise<T> {
    return withRetries("ledger", () => operation(this.#namespace.getByName(this.#opening.trace_id)), milliseconds);
  }
}

/** The ledger of a rollout, or null when nothing was recorded. @throws Fault("ledger") */
export function readLedger(bindings: Bindings, traceId: string): Promise<Ledger | null> {
  return withRetries("ledger", () => bindings.ROLLOUT.getByName(traceId).ledger());
}
