/** Says whether this deployment can serve: its bindings, its secrets, the index of each environment. Open to all, names no secret's value. */
import { asFault } from "../contract/failure.ts";
import { environments } from "../environments/index.ts";
import { hasToken } from "./auth.ts";
import type { Bindings } from "./bindings.ts";
import { loadCorpus } from "./corpora.ts";
import { type Flow, reply } from "./exit.ts";

type IndexHealth = { version: string; documents: number } | { fault: string };

/** 200 when everything a trainer needs is there, else 503; the body says what is missing. Loads an index that is not loaded yet. */
export async function healthFlow(bindings: Bindings): Promise<Flow> {
  const present = {
    BUCKET: bindings.BUCKET !== undefined,
    ROLLOUT: bindings.ROLLOUT !== undefined,
    RUN: bindings.RUN !== undefined,
    RUN_DIRECTORY: bindings.RUN_DIRECTORY !== undefined,
    TRAINER_TOKEN: hasToken("TRAINER_TOKEN", bindings),
    ADMIN_TOKEN: hasToken("ADMIN_TOKEN", bindings),
  };
  const indexes = await Promise.all(
    environments.flatMap(({ name, corpus }) => (corpus === undefined ? [] : [namedHealth(name, corpus, bindings)])),
  );
  const ok = Object.values(present).every(Boolean) && indexes.every(([, health]) => !("fault" in health));
  return reply({ ok, bindings: present, indexes: Object.fromEntries(indexes) }, ok ? 200 : 503);
}

async function namedHealth(
  environment: string,
  corpus: string,
  bindings: Bindings,
): Promise<readonly [string, IndexHealth]> {
  try {
    const { version, documents } = await loadCorpus(bindings, corpus);
    return [environment, { version, documents }];
  } catch (thrown) {
    return [environment, { fault: asFault(thrown).boundary }];
  }
}
