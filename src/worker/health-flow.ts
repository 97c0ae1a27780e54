/** Says whether this deployment can serve: its bindings, its secrets, what each environment serves. Open to all, names no secret's value. */
import { asFault } from "../contract/failure.ts";
import type { Environment } from "../environments/environment.ts";
import { environments, NO_ENVIRONMENT } from "../environments/index.ts";
import { hasToken } from "./auth.ts";
import type { Bindings } from "./bindings.ts";
import { hasCorpus, loadCorpus } from "./corpora.ts";
import { type Flow, refuse, reply } from "./exit.ts";
import { hasRepositories } from "./repositories.ts";

/** What an environment serves; or that nothing was uploaded for it, as where a deployment serves another one; or that it cannot. */
type Serving =
  | { version: string; documents: number }
  | { repositories: true }
  | { uploaded: false }
  | { fault: string };

/**
 * 200 when everything a trainer needs is there, else 503; the body says what is missing. Of all environments at least one has to be
 * uploaded, and none may fail; where one is asked for, that one. Loads an index that is not loaded yet.
 */
export async function healthFlow(bindings: Bindings, asked?: string): Promise<Flow> {
  const wanted = environments.filter(({ name }) => asked === undefined || name === asked);
  if (wanted.length === 0) return refuse({ kind: "not_found", message: NO_ENVIRONMENT });
  const present = {
    BUCKET: bindings.BUCKET !== undefined,
    ROLLOUT: bindings.ROLLOUT !== undefined,
    RUN: bindings.RUN !== undefined,
    RUN_DIRECTORY: bindings.RUN_DIRECTORY !== undefined,
    TRAINER_TOKEN: hasToken("TRAINER_TOKEN", bindings),
    ADMIN_TOKEN: hasToken("ADMIN_TOKEN", bindings),
  };
  const indexes = await Promise.all(
    wanted.map(async (environment) => [environment.name, await servingOf(environment, bindings)] as const),
  );
  const found = indexes.map(([, serving]) => serving);
  const serves = found.some((serving) => !("uploaded" in serving)) && !found.some((serving) => "fault" in serving);
  const ok = Object.values(present).every(Boolean) && serves;
  return reply({ ok, bindings: present, indexes: Object.fromEntries(indexes) }, ok ? 200 : 503);
}

async function servingOf({ corpus }: Environment, bindings: Bindings): Promise<Serving> {
  try {
    if (corpus === undefined) return (await hasRepositories(bindings.BUCKET)) ? { repositories: true } : MISSING;
    return await servingCorpus(corpus, bindings);
  } catch (thrown) {
    return { fault: asFault(thrown).boundary };
  }
}

const MISSING: Serving = { uploaded: false };

async function servingCorpus(corpus: string, bindings: Bindings): Promise<Serving> {
  try {
    const { version, documents } = await loadCorpus(bindings, corpus);
    return { version, documents };
  } catch (thrown) {
    // To be told apart from an index that is damaged: whoever serves another environment never uploads this one.
    if (asFault(thrown).boundary === "index" && !(await hasCorpus(bindings, corpus))) return MISSING;
    throw thrown;
  }
}
