/**
 * Has a call answered by its rollout: a call that has been run is recorded in the ledger, which decides what is answered; one
 * that works in the rollout's workspace is run there. A call without ids is answered and not recorded.
 */
import { Fault } from "../contract/failure.ts";
import { limits } from "../contract/limits.ts";
import { NOTHING_KEPT } from "../environments/workspace/files.ts";
import type { CallResult } from "./answer-call.ts";
import type { Bindings } from "./bindings.ts";
import { argumentsText, type CallArguments, fingerprint } from "./call-arguments.ts";
import { RolloutClient } from "./rollout/client.ts";
import type { Opening, StoredAnswer } from "./rollout/store.ts";
import { answerInWorkspace, type WorkspaceCall } from "./workspace-call.ts";

/** What a call is answered, whether an earlier delivery of it decided that, and whether a ledger has it. */
export interface Recorded extends StoredAnswer {
  repeated: boolean;
  in_ledger: boolean;
  /** What there is instead of an answer, where the outcome is a fault. */
  fault?: Fault | undefined;
}

/** A call as it came, before or after it was run. */
export interface NamedCall {
  call_id: string;
  tool: string;
  args: CallArguments;
  /** Milliseconds since 1970. */
  receivedAt: number;
}

/** @throws Fault the call's own where it has one, else that of the ledger, when the ledger cannot be reached */
export async function recordCall(
  bindings: Bindings,
  rollout: Opening,
  call: NamedCall,
  result: CallResult,
): Promise<Recorded> {
  const { outcome, mistake, output, cut, fault } = result;
  const asItCame = { outcome, output, repeated: false, in_ledger: true, fault };
  if (!hasIds(rollout, call)) return { ...asItCame, in_ledger: false };
  try {
    const recorded = await new RolloutClient(bindings, rollout).record({
      ...(await identify(call)),
      outcome,
      mistake,
      output,
      cut,
      fault_boundary: fault?.boundary ?? null,
      milliseconds: Date.now() - call.receivedAt,
    });
    return recorded.kind === "as_it_came" ? asItCame : { ...recorded, in_ledger: true, fault };
  } catch (ledgerFault) {
    throw fault ?? ledgerFault;
  }
}

/** Without ids, the workspace is a fresh one and what happens in it is forgotten. @throws Fault of the ledger, when it cannot be reached */
export async function runInRollout(
  bindings: Bindings,
  rollout: Opening,
  call: NamedCall,
  work: Omit<WorkspaceCall, "args" | "receivedAt">,
): Promise<Recorded> {
  if (!hasIds(rollout, call)) {
    const { result } = await answerInWorkspace({ ...work, ...call, tool: work.tool }, () => NOTHING_KEPT, bindings);
    return { ...result, repeated: false, in_ledger: false };
  }
  const named = await identify(call);
  const ran = await new RolloutClient(bindings, rollout).run({
    ...named,
    written: argumentsText(call.args),
    workspace: work.workspace,
  });
  const { fault, ...answered } = ran;
  return { ...answered, in_ledger: true, fault: fault && new Fault(fault.boundary, fault.message) };
}

const hasIds = (rollout: Opening, call: NamedCall) => rollout.trace_id !== "" && call.call_id !== "";

/** What a ledger knows a call by, and keeps of it. */
async function identify({ call_id, tool, args, receivedAt }: NamedCall) {
  const written = argumentsText(args);
  return {
    call_id,
    fingerprint: await fingerprint([tool, written]),
    tool: clip(tool, limits.quotedCharacters),
    arguments: clip(written, limits.ledgerArgumentsCharacters),
    received_at: receivedAt,
  };
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed()}… (${text.length} characters in all)`;
}
