/**
 * Rollouts whose objects are reset, before they have worked or after, or take no call. The reset is the platform's own: the
 * object is aborted, and the next call meets a new one, with what was durable. That is drawn on the caller's side. What an object
 * reads of the bucket itself, as repositories, fails as the worker's own reads do.
 */
import type { FaultDraws } from "../environments/fault-draws.ts";
import { Rollout as RealRollout } from "../worker/rollout/object.ts";
import type { ChaosBindings } from "./bindings.ts";
import { faultyBucket } from "./bucket.ts";
import { controlOf } from "./draws.ts";
import { standIn } from "./stand-in.ts";

export class Rollout extends RealRollout {
  constructor(state: DurableObjectState, bindings: ChaosBindings) {
    const control = controlOf(bindings);
    const { BUCKET } = bindings;
    super(state, { ...bindings, ...(control && { BUCKET: faultyBucket(BUCKET, control.draws) }) });
  }

  /** Ends the object at once, as a deployment or a move does. The call that asked for it gets the platform's error. */
  reset(): void {
    this.ctx.abort("The object was reset by the rehearsal.");
  }
}

type Rollouts = DurableObjectNamespace<Rollout>;
type Stub = DurableObjectStub<Rollout>;

export function faultyRollouts(rollouts: Rollouts, draws: FaultDraws): Rollouts {
  return standIn(rollouts, { getByName: (name, options) => faultyStub(rollouts.getByName(name, options), draws) });
}

/** What a stub has of its own; all else is a call to the object. */
const OWN = new Set<PropertyKey>(["id", "name", "fetch", "connect", "reset"]);

function faultyStub(stub: Stub, draws: FaultDraws): Stub {
  return new Proxy(stub, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (OWN.has(name) || typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        if (draws.hits("overloaded")) throw overloaded();
        if (draws.hits("reset_before")) await stub.reset();
        const answer: unknown = await Reflect.apply(value, target, args);
        // The answer has left the object, so what it wrote is durable; that the caller does not get it is the fault.
        if (draws.hits("reset_after")) await stub.reset();
        return answer;
      };
    },
  });
}

/** As the platform marks it. */
function overloaded(): Error {
  return Object.assign(new Error("Durable Object is overloaded. Too many requests queued."), { overloaded: true });
}
