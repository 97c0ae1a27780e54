/** What Cloudflare runs: the routes, and the classes of the objects. */
import { app } from "./routes.ts";

export { Rollout } from "./rollout/object.ts";
export { RunDirectory } from "./run/directory.ts";
export { Run } from "./run/object.ts";
export default { fetch: app.fetch };
