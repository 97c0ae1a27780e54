/** What the rehearsal's worker is given: a deployment's bindings, and how it is controlled. */
import type { Bindings } from "../worker/bindings.ts";
import type { Rollout } from "./rollouts.ts";

export interface ChaosBindings extends Omit<Bindings, "ROLLOUT"> {
  ROLLOUT: DurableObjectNamespace<Rollout>;
  /** See `FaultControl`; unchecked. Without it nothing is served. */
  FAULT_CONTROL?: unknown;
}
