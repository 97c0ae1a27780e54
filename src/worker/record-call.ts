/** Records a call in its rollout's ledger, which decides what is answered. A call without ids is answered and not recorded. */
import { limits } from "../contract/limits.ts";
import type { CallResult } from "./answer-call.ts";
import type { Bindings } from "./bindings.ts";
import { argumentsText, type CallArguments, fingerprint } from "./call-arguments.ts";
import { RolloutClient } from "./rollout/client.ts";
import type { Opening, StoredAnswer } from "./rollout/store.ts";

/** What a call is answered, whether an earlier delivery of it decided that, and whether a ledger has it. */
export interface Recorded extends StoredAnswer {
  repeated: boolean;
  in_ledger: boolean;
}

export interface AnsweredCall {
  call_id: string;
  tool: string;
  args: CallArguments;
  result: CallResult;
  /** Milliseconds since 1970. */
  receivedAt: number;
}

/** @throws Fault the call's own where it has one, else that of the ledger, when the ledger cannot be reached */
export async function recordCall(bindings: Bindings, rollout: Opening, call: AnsweredCall): Promise<Recorded> {
  const { call_id, tool, args, result, receivedAt } = call;
  const { outcome, mistake, output, cut, fault } = result;
  const asItCame = { outcome, output, repeated: false, in_ledger: true };
  if (rollout.trace_id === "" || call_id === "") return { ...asItCame, in_ledger: false };
  const written = argumentsText(args);
  try {
    const recorded = await new RolloutClient(bindings, rollout).record({
      call_id,
      fingerprint: await fingerprint([tool, written]),
      tool: clip(tool, limits.quotedCharacters),
      arguments: clip(written, limits.ledgerArgumentsCharacters),
      outcome,
      mistake,
      output,
      cut,
      fault_boundary: fault?.boundary ?? null,
      received_at: receivedAt,
      milliseconds: Date.now() - receivedAt,
    });
    return recorded.kind === "as_it_came" ? asItCame : { ...recorded, in_ledger: true };
  } catch (ledgerFault) {
    throw fault ?? ledgerFault;
  }
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed()}… (${text.length} characters in all)`;
}
