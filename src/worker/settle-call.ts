/**
 * Has a call answered where its tool works: a stateless one here, and then recorded by the rollout; one that works in the
 * rollout's workspace by the rollout itself. One hop either way.
 */
import { Fault } from "../contract/failure.ts";
import type { JsonObject } from "../contract/wire.ts";
import type { Corpus } from "../corpus/corpus.ts";
import type { Environment, Tool } from "../environments/environment.ts";
import type { Workspace } from "../environments/workspace/workspace.ts";
import { answerCall, type CallResult, faulted } from "./answer-call.ts";
import type { Bindings } from "./bindings.ts";
import { loadCorpus } from "./corpora.ts";
import { type NamedCall, recordCall, type Recorded, runInRollout } from "./record-call.ts";
import type { Opening } from "./rollout/store.ts";

/**
 * `tool` is undefined where the model named one that does not exist.
 * @throws Fault the call's own where it has one, else that of the ledger, when the ledger cannot be reached
 */
export async function settleCall(
  environment: Environment,
  tool: Tool | undefined,
  item: JsonObject,
  rollout: Opening,
  call: NamedCall,
  bindings: Bindings,
): Promise<Recorded> {
  if (tool?.keeps !== "files") {
    const result = await answerCall(environment, tool, call.args, async (stateless, args) =>
      stateless.run(args, { corpus: await corpusOf(environment, bindings) }),
    );
    return recordCall(bindings, rollout, call, result);
  }
  const found = workspaceOf(environment, item);
  if (!found.ok) return recordCall(bindings, rollout, call, found.result);
  return runInRollout(bindings, rollout, call, { environment, tool, workspace: found.workspace });
}

function corpusOf({ name, corpus }: Environment, bindings: Bindings): Promise<Corpus> {
  if (corpus === undefined)
    throw new Fault("worker", `the environment ${name} has a tool that needs a corpus, and none`);
  return loadCorpus(bindings, corpus);
}

type Found = { ok: true; workspace: Workspace } | { ok: false; result: CallResult };

/** What the item's tools work in, or the fault of an item that does not say. */
function workspaceOf(environment: Environment, item: JsonObject): Found {
  try {
    if (environment.workspace) return { ok: true, workspace: environment.workspace(item) };
    throw new Fault("worker", `the environment ${environment.name} does not say what its tools work in`);
  } catch (thrown) {
    return { ok: false, result: faulted(thrown) };
  }
}
