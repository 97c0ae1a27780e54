/** What a service does with faults of its own: tells them as what they are, or as something else. */
import type { Ledger, LedgerCall } from "../../src/contract/ledger.ts";
import { asking, fieldsOf, isCall, isGrading, type Reply, replying, type Sabotage, showing } from "./saboteur.ts";

/** Has an own fault at the second call of every fourth rollout, for ever; keeps to the contract in all that follows from it. */
function faulting(asIf: { call: Reply; grading?: "passed" }): Sabotage {
  return (service) => {
    const faulted = new Set<string>();
    const isDue = ({ trace_id, call_id }: ReturnType<typeof fieldsOf>) =>
      call_id === "call_2" && /[048]$/.test(trace_id);
    const shown = showing(service, (ledger) => (faulted.has(ledger.trace_id) ? withFault(ledger) : ledger));
    return async (asked) => {
      const fields = fieldsOf(asked);
      if (isCall(asked) && isDue(fields)) {
        faulted.add(fields.trace_id);
        return asIf.call;
      }
      if (isGrading(asked) && faulted.has(fields.trace_id) && asIf.grading !== "passed") return FAULT;
      return shown(asked);
    };
  };
}
const FAULT: Reply = { status: 503, text: '{"error":{"code":"fault","message":"Try again."}}' };

function withFault(ledger: Ledger): Ledger {
  const [first] = ledger.calls;
  if (!first) return ledger;
  const fault: LedgerCall = { ...first, call_id: "call_2", outcome: "fault", mistake: null, output: "", faults: 4 };
  const calls = [first, { ...fault, fault_boundary: "storage" }, ...ledger.calls.slice(1)];
  return { ...ledger, calls, calls_counted: ledger.calls_counted + 1 };
}

export const faultsHonestly = faulting({ call: FAULT });
export const gradesFaultedRollouts = faulting({ call: FAULT, grading: "passed" });
export const tellsFaultsAsOverload = faulting({ call: { status: 429, text: "Slow down." } });
export const apologisesForFaults: Sabotage = (service) => {
  const apology = faulting({ call: { status: 200, text: "" }, grading: "passed" })(service);
  return async (asked) => {
    const reply = await apology(asked);
    const { id, call_id } = fieldsOf(asked);
    if (!isCall(asked) || reply.text !== "") return reply;
    const said = { type: "function_call_output", id, call_id, output: "Something went wrong. Try another tool." };
    return { status: 200, text: JSON.stringify(said) };
  };
};

/** Has an own fault at the first call of every fourth rollout, and tells and keeps it as the model's mistake. */
export const recordsFaultsAsMistakes: Sabotage = (service) => {
  const spoilt = new Map<string, string>();
  const output = "Something went wrong. Try other arguments.";
  const shown = showing(service, (ledger) => {
    const args = spoilt.get(ledger.trace_id);
    const asIfSent = (call: LedgerCall) =>
      call.call_id === "call_1" ? { ...call, arguments: args ?? "", output } : call;
    return args === undefined ? ledger : { ...ledger, calls: ledger.calls.map(asIfSent) };
  });
  return async (asked) => {
    const { trace_id, call_id, arguments: args } = fieldsOf(asked);
    if (!isCall(asked) || call_id !== "call_1" || !/[048]$/.test(trace_id)) return shown(asked);
    spoilt.set(trace_id, args);
    return replying(await service(asking(asked, { arguments: '{"path": ' })), { output });
  };
};

/** Never answers the calls of one item but with a fault. */
export const failsItem =
  (name: string): Sabotage =>
  (service) =>
  async (asked) =>
    isCall(asked) && asked.text.includes(JSON.stringify(name)) ? FAULT : service(asked);
