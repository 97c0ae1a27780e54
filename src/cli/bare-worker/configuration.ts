/** What wrangler.toml says of the worker, as the runtime's options: the bindings, variables and dates of a deployment. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { MiniflareOptions } from "miniflare";
import * as z from "zod";
import { inProject } from "../project.ts";
import type { Bundle } from "./bundle.ts";

/** The parts of wrangler.toml that the worker has. */
const Config = z.object({
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  vars: z.record(z.string(), z.json()),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string() })),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string(), class_name: z.string() })) }),
  migrations: z.array(z.object({ new_sqlite_classes: z.array(z.string()).default([]) })),
});
type Config = z.infer<typeof Config>;

/** Variables and secrets by name. */
export type Variables = Config["vars"];

export interface Configured {
  bundle: Bundle;
  /** Beside those of wrangler.toml, and before them. */
  variables: Variables;
  /** 0 for any that is free. */
  port: number;
  /** Whether a debugger can be attached. */
  inspected: boolean;
}

/** Of a worker whose storage is in `folder`. The runtime is loaded here: it would slow every other command down. */
export async function configuration(folder: string): Promise<(next: Configured) => MiniflareOptions> {
  const [miniflare, wrangler] = await Promise.all([import("miniflare"), import("wrangler")]);
  const config = Config.parse(wrangler.unstable_readConfig({ config: inProject("wrangler.toml") }));
  const environment = launchedBySh(folder);
  return ({ bundle, variables, port, inspected }) =>
    miniflare.convertV4MiniflareOptions({
      modules: bundle,
      modulesRoot: "/",
      compatibilityDate: config.compatibility_date,
      compatibilityFlags: config.compatibility_flags,
      bindings: { ...config.vars, ...variables },
      r2Buckets: Object.fromEntries(config.r2_buckets.map(({ binding, bucket_name }) => [binding, bucket_name])),
      durableObjects: durableObjects(config),
      resourcePersistencePath: join(folder, "state"),
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
      unsafeRuntimeEnv: environment,
      handleStructuredLogs: () => {},
      ...(inspected && { inspectorPort: 0 }),
      cf: false,
    });
}

function durableObjects({ durable_objects, migrations }: Config) {
  const sqlite = new Set(migrations.flatMap(({ new_sqlite_classes }) => new_sqlite_classes));
  const classes = durable_objects.bindings.map(({ name, class_name: className }) => {
    return [name, { className, useSQLite: sqlite.has(className) }] as const;
  });
  return Object.fromEntries(classes);
}

/** Has workerd started by workerd.sh, which learns from these variables what to start and for which storage. */
function launchedBySh(folder: string): Record<string, string> {
  if (process.platform === "win32") return {};
  // The package has no types; its main export is the binary's path.
  const { default: workerd } = z.object({ default: z.string() }).parse(createRequire(import.meta.url)("workerd"));
  process.env["MINIFLARE_WORKERD_PATH"] = inProject("src", "cli", "bare-worker", "workerd.sh");
  return { EDGEGYM_FOLDER: folder, EDGEGYM_WORKERD: workerd };
}
