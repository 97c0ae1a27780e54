/** What a fault of the service must never be taken for: the trainer's fault, the model's, or a score. Pure. */
import { type Check, deliveriesOf, each, entriesOf, hasArguments } from "./check.ts";

export const faultAs4xx: Check = {
  name: "fault_as_4xx",
  promise: "Nothing well-formed is answered with a 4xx.",
  examine: ({ rollout }) =>
    each(
      deliveriesOf(rollout).flatMap(({ expected, status }) =>
        expected === "reply" && status !== "none" ? status : [],
      ),
      // Any other answer than a 200 or a fault would be shown to the model, a redirect or an empty 204 as well.
      (status) => (status !== 200 && status < 500 ? `answered ${status}` : undefined),
    ),
};

export const faultAsMistake: Check = {
  name: "fault_as_mistake",
  promise: "No well-formed call is answered as a mistake.",
  needsLedger: true,
  examine: (found) =>
    each(
      found.rollout.calls.filter((call) => call.expects === "ok" && entriesOf(found, call).length > 0),
      (call) => {
        // Where the arguments are others, the call itself is lost.
        const mistaken = entriesOf(found, call).find(
          (entry) => entry.outcome === "mistake" && hasArguments(entry, call),
        );
        return mistaken && `${call.callId} (${call.tool}) was answered as a mistake: ${mistaken.mistake}`;
      },
    ),
};

export const faultAsScore: Check = {
  name: "fault_as_score",
  promise: "No rollout with an unhealed fault is scored.",
  needsLedger: true,
  examine: (found) => {
    const { calls, gradings } = found.rollout;
    const scored = gradings.flatMap(({ deliveries }) => deliveries.filter(({ score }) => score !== undefined));
    const lastScored = scored.reduce((last, { at }) => Math.max(last, at), -Infinity);
    return each(
      calls.filter((call) => entriesOf(found, call).some(({ faults }) => faults > 0)),
      (call) => {
        const isUnhealed = entriesOf(found, call).some(({ outcome }) => outcome === "fault");
        // A score from before the call says nothing of it.
        const isScored = call.deliveries.some(({ at }) => at < lastScored);
        return isUnhealed && isScored ? `scored although ${call.callId} had a fault` : undefined;
      },
    );
  },
};
