/** Ledgers of FinQA rollouts, made of the calls that matter to a test. Test material. */
import type { Ledger, LedgerCall } from "../../../src/contract/ledger.ts";
import type { JsonObject } from "../../../src/contract/wire.ts";
import { limits } from "../../../src/contract/limits.ts";
import { continuingCall, cutOutput } from "../../../src/environments/output.ts";

export function call(tool: string, args: JsonObject, differing: Partial<LedgerCall> = {}): LedgerCall {
  return {
    sequence: 1,
    call_id: "call_1",
    tool,
    arguments: JSON.stringify(args),
    outcome: "ok",
    mistake: null,
    output: "",
    cut: false,
    faults: 0,
    fault_boundary: null,
    received_at: "2026-01-01T00:00:00.000Z",
    milliseconds: 1,
    ...differing,
  };
}

/** A call with the start of its answer, and further ones with the rest where that is too long for one, as the tools do it. */
export function callsFor(tool: string, args: JsonObject, answer: string): LedgerCall[] {
  const calls: LedgerCall[] = [];
  for (let offset: number | undefined = 0; offset !== undefined;) {
    let next: number | undefined;
    const output = cutOutput(answer, offset, limits.outputCharacters, (from) => {
      next = from;
      return continuingCall(tool, args, from);
    });
    if (output === undefined) throw new Error(`nothing at ${offset} of ${answer.length}`);
    calls.push(call(tool, offset === 0 ? args : { ...args, offset }, { output: output.text, cut: output.cut }));
    offset = output.cut ? next : undefined;
  }
  return calls;
}

/** The calls are numbered in their order. */
export function ledgerOf(calls: readonly LedgerCall[]): Ledger {
  return {
    trace_id: "trace_1",
    run: "default",
    environment: "finqa",
    item: null,
    opened_at: "2026-01-01T00:00:00.000Z",
    closed_at: null,
    calls_counted: calls.length,
    budget: 10,
    calls: calls.map((made, at) => ({ ...made, sequence: at + 1 })),
    grades: [],
    refusals: [],
  };
}
