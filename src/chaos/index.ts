/**
 * The worker of a rehearsal: the real routes and the real rollouts, behind storage and objects that fail as they are told to.
 * Test-only: never deployed, imported by nothing, and without the binding FAULT_CONTROL, which wrangler.toml does not define,
 * it answers nothing. Never changes what the worker itself does, but for what it keeps.
 */
import { FAULTS_PATH } from "../contract/faults.ts";
import { limits } from "../contract/limits.ts";
import worker from "../worker/index.ts";
import { faultyBucket } from "./bucket.ts";
import { closed, controlFaults } from "./control.ts";
import { controlOf } from "./draws.ts";
import { faultyRollouts } from "./rollouts.ts";
import type { ChaosBindings } from "./bindings.ts";

export * from "../worker/index.ts";
export { Rollout } from "./rollouts.ts";

// A worker that keeps a small corpus in memory hardly reads its bucket. This one keeps neither texts nor repositories, so that each
// call reads them, and the bucket's faults meet calls all the time instead of the first few.
Object.assign(limits, { textsKeptBytes: 0, repositoryPathsKept: 0, repositoryPacksKeptBytes: 0 });

export default {
  ...worker,
  async fetch(request: Request, bindings: ChaosBindings, context: ExecutionContext): Promise<Response> {
    const control = controlOf(bindings);
    if (control === undefined) return closed();
    const { token, draws } = control;
    if (new URL(request.url).pathname === FAULTS_PATH) return controlFaults(request, token, draws);
    const faulty = {
      ...bindings,
      BUCKET: faultyBucket(bindings.BUCKET, draws),
      ROLLOUT: faultyRollouts(bindings.ROLLOUT, draws),
    };
    return worker.fetch(request, faulty, context);
  },
};
