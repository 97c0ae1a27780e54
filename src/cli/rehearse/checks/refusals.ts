/** What must be refused, and as what: spoilt requests, and calls that come too late, too often or under a used id. Pure. */
import { type Case, type Check, deliveriesOf, each, entriesOf, isGraded, NOTHING } from "./check.ts";

export const budget: Check = {
  name: "budget",
  promise: "Exactly the budget's calls are run.",
  needsLedger: true,
  examine: (found) => {
    const { rollout, ledger, budget: allowed } = found;
    if (!isGraded(found) || !ledger) return NOTHING;
    const made = rollout.calls.length;
    const counted = ledger.calls.filter(({ outcome }) => outcome !== "over_budget").length;
    const due = Math.min(made, allowed);
    const isExact = counted === due && ledger.calls_counted === counted && ledger.budget === allowed;
    // Only a rollout that used its budget up puts it to the test.
    if (isExact) return { occasions: made >= allowed ? 1 : 0, violations: [] };
    return { occasions: 1, violations: [`${counted} of ${made} calls counted (${ledger.calls_counted}), ${due} due`] };
  },
};

export const refused: Check = {
  name: "refused",
  promise: "Spoilt requests are refused as just that.",
  examine: ({ rollout }) =>
    each(
      deliveriesOf(rollout).filter(({ expected, status }) => expected !== "reply" && status !== "none" && status < 500),
      ({ expected, status }) => (status === expected ? undefined : `answered ${status} instead of ${expected}`),
    ),
};

export const afterGrading: Check = {
  name: "after_grading",
  promise: "A call after the grading is not run.",
  needsLedger: true,
  examine: (found) => notRun(found, "after_grading", (callId) => `${callId} came after the grading and was run`),
};

export const idReused: Check = {
  name: "id_reused",
  promise: "A call under a used id is not run.",
  needsLedger: true,
  examine: (found) => notRun(found, "id_reused", (callId) => `${callId} came again with other arguments and was run`),
};

/** Of calls that are to be refused for a reason: each is in the ledger as just that mistake, or as one beyond the budget. */
function notRun(found: Case, reason: "after_grading" | "id_reused", violation: (callId: string) => string) {
  return each(
    found.rollout.calls.filter(({ expects, shown }) => expects === reason && shown !== undefined),
    (call) => {
      const [entry] = entriesOf(found, call);
      const isRefused = entry?.outcome === "over_budget" || entry?.mistake === reason;
      return isRefused ? undefined : violation(call.callId);
    },
  );
}
