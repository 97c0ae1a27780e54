/** When the rehearsal's own worker is made to fail, and how often. */
import type { FaultSettings } from "../../contract/faults.ts";
import type { OwnWorker } from "../own-worker.ts";
import type { ServerFaults } from "./rehearse.ts";

/**
 * Shares of the operations that fail. High enough that hundreds of rollouts meet each kind, low enough that a call which is tried
 * again, by the worker and then by the trainer, succeeds in the end.
 */
const FAULTS: Partial<FaultSettings> = {
  r2_fail: 0.1,
  r2_slow: 0.2,
  r2_broken: 0.05,
  embedder_429: 0.2,
  embedder_500: 0.2,
  embedder_hang: 0.01,
  reset_before: 0.01,
  reset_after: 0.01,
  overloaded: 0.02,
};

/** The worker is deployed anew when so large shares of the rollouts have ended. */
const REDEPLOYS = [1 / 3, 2 / 3];

export function serverFaults(worker: OwnWorker): ServerFaults {
  let redeploying = Promise.resolve();
  let done = 0;
  return {
    begin: () => worker.setFaults(FAULTS),
    advance(ended, planned) {
      const due = REDEPLOYS[done];
      if (due === undefined || ended < due * planned) return;
      done++;
      redeploying = redeploying.then(() => worker.redeploy());
    },
    async end() {
      await redeploying;
      const injected = await worker.injected();
      await worker.setFaults(Object.fromEntries(Object.keys(FAULTS).map((kind) => [kind, 0])));
      return { ...injected, redeploy: done };
    },
  };
}
