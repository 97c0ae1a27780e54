/** What Cloudflare runs: the routes, and the class of the rollouts' objects. */
import { app } from "./routes.ts";

export { Rollout } from "./rollout/object.ts";
export default { fetch: app.fetch };
