/** What a ledger must be: all that was answered, nothing else, each call once, in order. Pure. */
import { digest, type PlayedCall } from "../observations.ts";
import { callsOf, type Check, each, entriesOf, hasArguments, sentCall } from "./check.ts";

export const lost: Check = {
  name: "lost",
  promise: "Every answered call is in its ledger, with its answer.",
  needsLedger: true,
  examine: (found) =>
    each(
      found.rollout.calls.filter(({ shown }) => shown !== undefined),
      (call) => {
        const [entry] = entriesOf(found, call);
        if (!entry) return `${call.callId} was answered and is not in the ledger`;
        if (entry.tool !== call.tool) return `${call.callId} is in the ledger as a call of ${entry.tool}`;
        if (!hasArguments(entry, call)) return `${call.callId} has other arguments in the ledger`;
        return digest(entry.output) === call.shown ? undefined : `${call.callId} has another output in the ledger`;
      },
    ),
};

export const duplicated: Check = {
  name: "duplicated",
  promise: "No call is in a ledger twice.",
  needsLedger: true,
  examine: (found) => {
    const times = (call: PlayedCall) => entriesOf(found, call).length;
    return each(
      found.rollout.calls.filter((call) => call.deliveries.length > 1 || times(call) > 1),
      (call) => (times(call) > 1 ? `${call.callId} is in the ledger ${times(call)} times` : undefined),
    );
  },
};

export const invented: Check = {
  name: "invented",
  promise: "No ledger has a call that was not sent.",
  needsLedger: true,
  examine: ({ rollout, ledger }) => {
    const sent = new Set(rollout.calls.map(({ callId }) => callId));
    return each(callsOf(ledger), ({ call_id }) => (sent.has(call_id) ? undefined : `${call_id} was never sent`));
  },
};

export const order: Check = {
  name: "order",
  promise: "A ledger has its calls in the order of their turns.",
  needsLedger: true,
  examine: ({ rollout, ledger }) => {
    const turns = callsOf(ledger).map((entry) => sentCall(rollout, entry)?.turn ?? -1);
    const steps = turns.slice(1).map((turn, at) => ({ from: turns[at] ?? -1, turn }));
    return each(steps, ({ from, turn }) =>
      turn < from ? `a call of turn ${turn} stands after one of turn ${from}` : undefined,
    );
  },
};

export const claims: Check = {
  name: "claims",
  promise: "Every call that the trainer claims is in the ledger.",
  needsLedger: true,
  examine: ({ ledger }) =>
    each(ledger?.grades.flatMap((grade) => grade.claims ?? []) ?? [], ({ claimed, unrecorded }) =>
      unrecorded === 0 ? undefined : `${unrecorded} of ${claimed} claimed calls are not recorded`,
    ),
};
