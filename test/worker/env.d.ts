/** What the worker under test is given, so that `env` and `exports` of `cloudflare:workers` have their types in tests. */
import type { Bindings } from "../../src/worker/bindings.ts";
import type * as worker from "../../src/worker/index.ts";

declare global {
  namespace Cloudflare {
    interface Env extends Bindings {}
    interface GlobalProps {
      mainModule: typeof worker;
      durableNamespaces: "Rollout" | "Run" | "RunDirectory";
    }
  }
}
