/**
 * The worker of a rehearsal: the real routes and the real rollouts, behind storage and objects that fail as they are told to.
 * Test-only: never deployed, imported by nothing, and without the binding FAULT_CONTROL, which wrangler.toml does not define,
 * it answers nothing. Never changes what the worker itself does, but for one limit.
 */
import { FAULTS_PATH, FaultControl } from "../contract/faults.ts";
import { limits } from "../contract/limits.ts";
import { FaultDraws } from "../environments/fault-draws.ts";
import worker from "../worker/index.ts";
import { faultyBucket } from "./bucket.ts";
import { closed, controlFaults } from "./control.ts";
import { faultyRollouts } from "./rollouts.ts";
import type { ChaosBindings } from "./bindings.ts";

export * from "../worker/index.ts";
export { Rollout } from "./rollouts.ts";

// A worker that keeps a small corpus in memory hardly reads its bucket. This one keeps no texts, so that each search and cat
// reads them, and the bucket's faults meet calls all the time instead of the first few.
Object.assign(limits, { textsKeptBytes: 0 });

/** Of this isolate, which serves the requests as long as the process lives. */
let draws: FaultDraws | undefined;

export default {
  ...worker,
  async fetch(request: Request, bindings: ChaosBindings, context: ExecutionContext): Promise<Response> {
    const control = FaultControl.safeParse(bindings.FAULT_CONTROL);
    if (!control.success) return closed();
    draws ??= new FaultDraws(control.data.settings);
    if (new URL(request.url).pathname === FAULTS_PATH) return controlFaults(request, control.data.token, draws);
    const faulty = {
      ...bindings,
      BUCKET: faultyBucket(bindings.BUCKET, draws),
      ROLLOUT: faultyRollouts(bindings.ROLLOUT, draws),
    };
    return worker.fetch(request, faulty, context);
  },
};
