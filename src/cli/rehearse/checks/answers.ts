/** What an answer must be: the same for every delivery, whole, and the rollout's own. Pure. */
import { foreignCanaries, type GradeDelivery } from "../observations.ts";
import { type Check, each } from "./check.ts";

const scoresOf = (deliveries: readonly GradeDelivery[]) => deliveries.flatMap(({ score }) => score ?? []);

export const sameAnswer: Check = {
  name: "same_answer",
  promise: "Every delivery of a call or grading has one answer.",
  examine: ({ rollout }) => {
    const repeated = (answers: readonly unknown[]) => answers.length > 1;
    const calls = rollout.calls.map(({ callId, deliveries }) => ({
      id: callId,
      answers: deliveries.flatMap(({ answered }) => answered ?? []),
    }));
    const gradings = rollout.gradings.map(({ deliveries }) => ({ id: "grading", answers: scoresOf(deliveries) }));
    return each(
      [...calls, ...gradings].filter(({ answers }) => repeated(answers)),
      ({ id, answers }) => (new Set<unknown>(answers).size > 1 ? `${id} was answered in different ways` : undefined),
    );
  },
};

export const wholeReply: Check = {
  name: "whole_reply",
  promise: "Every reply is whole and has its call's own ids.",
  examine: ({ rollout }) =>
    each(
      rollout.calls.flatMap(({ callId, deliveries }) =>
        deliveries.flatMap(({ wellFormed }) => (wellFormed === undefined ? [] : { callId, wellFormed })),
      ),
      ({ callId, wellFormed }) => (!wellFormed ? `${callId} got a reply that is not its own or not whole` : undefined),
    ),
};

export const leaked: Check = {
  name: "leaked",
  promise: "No rollout is shown anything of another's.",
  examine: ({ rollout, ledger }) => {
    const { planned, foreignCanaries: shown } = rollout;
    const own = [...shown].map((canary) => `was shown ${canary}`);
    // Who was shown nothing, and has no ledger, can have been shown nothing of another's.
    const isShown = own.length > 0 || rollout.calls.some((call) => call.shown !== undefined);
    if (!ledger) return { occasions: isShown ? 1 : 0, violations: own.slice(0, 1) };
    const kept = foreignCanaries(JSON.stringify(ledger), planned.canary).map((canary) => `has ${canary} in its ledger`);
    const id = ledger.trace_id === planned.traceId ? [] : ["has another rollout's ledger"];
    return { occasions: 1, violations: [...own, ...kept, ...id].slice(0, 1) };
  },
};
