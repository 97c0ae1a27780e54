/** What a deployment gives the worker: bindings, secrets and variables, as wrangler.toml and the deploy guide name them. */
import * as z from "zod";
import { Fault } from "../contract/failure.ts";
import { JsonObject } from "../contract/wire.ts";
import type { Environment } from "../environments/environment.ts";
import type { Rollout } from "./rollout/object.ts";
import type { RunDirectory } from "./run/directory.ts";
import type { Run } from "./run/object.ts";

export interface Bindings {
  /** Corpus indexes (`corpora/…`), repositories (`repos/…`, `repo-packs/…`) and archived ledgers (`ledgers/…`). */
  BUCKET: R2Bucket;
  ROLLOUT: DurableObjectNamespace<Rollout>;
  RUN: DurableObjectNamespace<Run>;
  RUN_DIRECTORY: DurableObjectNamespace<RunDirectory>;
  /** Comma-separated tokens for tools and grade. Unset closes these routes. */
  TRAINER_TOKEN?: string;
  /** Comma-separated tokens for everything else. Unset closes these routes. */
  ADMIN_TOKEN?: string;
  /** Where alarms of runs are posted to. Unset: they are shown only. */
  ALERT_WEBHOOK_URL?: string;
  /** Settings by environment name. */
  OPTIONS?: Record<string, unknown>;
  /** For an index that was built with OpenAI's embeddings. */
  OPENAI_API_KEY?: string;
  OPENAI_BASE_URL?: string;
  /** For an index that was built with Workers AI's embeddings. */
  AI?: { run(model: string, input: { text: string[] }): Promise<unknown> };
}

/** The settings of one environment. @throws Fault("configuration") when a value does not fit. */
export function optionsOf(environment: Environment, bindings: Bindings) {
  const all = JsonObject.safeParse(bindings.OPTIONS ?? {});
  if (!all.success) throw new Fault("configuration", "OPTIONS is not a JSON object of settings by environment");
  const { [environment.name]: own = {} } = all.data;
  const result = environment.options.safeParse(own);
  if (result.success) return result.data;
  throw new Fault("configuration", `OPTIONS.${environment.name}: ${z.prettifyError(result.error)}`);
}
