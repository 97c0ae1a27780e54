/**
 * The promises of the service, each held against one rollout: what was sent and answered, and what its ledger says. Pure. A
 * promise that no request put to the test is not kept but unproven, so occasions are counted beside violations.
 */
import type { Ledger, LedgerCall } from "../../contract/ledger.ts";
import { JsonObject } from "../../contract/wire.ts";
import { digest, foreignCanaries, type GradeDelivery, type PlayedCall, type PlayedRollout } from "./observations.ts";
import { parse } from "../rollouts/wire.ts";

/** One rollout with its ledger; null where the service has none of it. */
export interface Case {
  rollout: PlayedRollout;
  ledger: Ledger | null;
  /** Calls that a rollout of the environment may make. */
  budget: number;
}

interface Finding {
  occasions: number;
  /** One line each, of ids and numbers only. */
  violations: string[];
}

export interface Check {
  name: string;
  /** What must hold, as a sentence. */
  promise: string;
  /** Whether it says nothing where the ledger could not be read. */
  needsLedger?: true;
  examine: (found: Case) => Finding;
}

/** One occasion for each of `values`, which violates the promise where `fault` says how. */
function each<T>(values: readonly T[], fault: (value: T) => string | undefined): Finding {
  return { occasions: values.length, violations: values.flatMap((value) => fault(value) ?? []) };
}

const NOTHING: Finding = { occasions: 0, violations: [] };

const callsOf = (ledger: Ledger | null): readonly LedgerCall[] => ledger?.calls ?? [];
const recorded = (ledger: Ledger | null, { callId }: PlayedCall) =>
  callsOf(ledger).filter(({ call_id }) => call_id === callId);
/** As JSON, whatever the order of its fields; a text that is none, and one that the ledger has cut, by its start. */
function hasArguments({ arguments: kept }: LedgerCall, { arguments: sent }: PlayedCall): boolean {
  const written = typeof sent === "string" ? sent : JSON.stringify(sent);
  const [meant, found] = [sortedJson(written), sortedJson(kept)];
  if (found !== undefined) return found === meant;
  // Storage has U+FFFD in place of half a character, as a cut leaves it.
  const start = kept.split("…")[0]?.replace(/\uFFFD$/, "") ?? "";
  return [written, meant].some((text) => text?.toWellFormed().startsWith(start));
}

/** Undefined for a text that is no JSON object. An empty one stands for a call without arguments. */
function sortedJson(text: string): string | undefined {
  const object = parse(text.trim() || "{}", JsonObject);
  return object && JSON.stringify(Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

const deliveriesOf = ({ calls, gradings }: PlayedRollout) => [...calls, ...gradings].flatMap((sent) => sent.deliveries);
const scoresOf = (deliveries: readonly GradeDelivery[]) => deliveries.flatMap(({ score }) => score ?? []);
const isGraded = ({ rollout }: Case) => rollout.ending === "graded";

const lost: Check = {
  name: "lost",
  promise: "Every answered call is in its ledger, with its answer.",
  needsLedger: true,
  examine: ({ rollout, ledger }) =>
    each(
      rollout.calls.filter(({ shown }) => shown !== undefined),
      (call) => {
        const [entry] = recorded(ledger, call);
        if (!entry) return `${call.callId} was answered and is not in the ledger`;
        if (entry.tool !== call.tool) return `${call.callId} is in the ledger as a call of ${entry.tool}`;
        if (!hasArguments(entry, call)) return `${call.callId} has other arguments in the ledger`;
        return digest(entry.output) === call.shown ? undefined : `${call.callId} has another output in the ledger`;
      },
    ),
};

const duplicated: Check = {
  name: "duplicated",
  promise: "No call is in a ledger twice.",
  needsLedger: true,
  examine: ({ rollout, ledger }) => {
    const times = (call: PlayedCall) => recorded(ledger, call).length;
    return each(
      rollout.calls.filter((call) => call.deliveries.length > 1 || times(call) > 1),
      (call) => (times(call) > 1 ? `${call.callId} is in the ledger ${times(call)} times` : undefined),
    );
  },
};

const invented: Check = {
  name: "invented",
  promise: "No ledger has a call that was not sent.",
  needsLedger: true,
  examine: ({ rollout, ledger }) => {
    const sent = new Set(rollout.calls.map(({ callId }) => callId));
    return each(callsOf(ledger), ({ call_id }) => (sent.has(call_id) ? undefined : `${call_id} was never sent`));
  },
};

const sameAnswer: Check = {
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

const wholeReply: Check = {
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

const order: Check = {
  name: "order",
  promise: "A ledger has its calls in the order of their turns.",
  needsLedger: true,
  examine: ({ rollout, ledger }) => {
    const turnOf = new Map(rollout.calls.map(({ callId, turn }) => [callId, turn]));
    const turns = callsOf(ledger).map(({ call_id }) => turnOf.get(call_id) ?? -1);
    const steps = turns.slice(1).map((turn, at) => ({ from: turns[at] ?? -1, turn }));
    return each(steps, ({ from, turn }) =>
      turn < from ? `a call of turn ${turn} stands after one of turn ${from}` : undefined,
    );
  },
};

const budget: Check = {
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

const score: Check = {
  name: "score",
  promise: "Every answer gets the score that it must get.",
  examine: ({ rollout }) => {
    const answered = rollout.gradings.flatMap(({ expectedScore, deliveries }) =>
      deliveries.filter(({ status }) => status === 200).map(({ score: got }) => ({ got, expectedScore })),
    );
    return each(
      // An answer without a score is wrong, whatever the right one is.
      answered.filter(({ got, expectedScore }) => got === undefined || expectedScore !== undefined),
      ({ got, expectedScore }) =>
        got === undefined || got !== expectedScore
          ? `${got ?? "none"} instead of ${expectedScore ?? "one"}`
          : undefined,
    );
  },
};

const gradeKept: Check = {
  name: "grade_kept",
  promise: "The ledger has the score that was answered.",
  needsLedger: true,
  examine: (found) => {
    if (!isGraded(found)) return NOTHING;
    const kept = found.ledger?.grades.at(-1)?.score;
    return each([found.rollout.score], (got) =>
      kept !== undefined && kept === got ? undefined : `${kept ?? "no score"} is kept, ${got ?? "none"} was answered`,
    );
  },
};

const faultAs4xx: Check = {
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

const refused: Check = {
  name: "refused",
  promise: "Spoilt requests are refused as just that.",
  examine: ({ rollout }) =>
    each(
      deliveriesOf(rollout).filter(({ expected, status }) => expected !== "reply" && status !== "none" && status < 500),
      ({ expected, status }) => (status === expected ? undefined : `answered ${status} instead of ${expected}`),
    ),
};

const faultAsScore: Check = {
  name: "fault_as_score",
  promise: "No rollout with an unhealed fault is scored.",
  needsLedger: true,
  examine: ({ rollout, ledger }) => {
    const scored = rollout.gradings.flatMap(({ deliveries }) =>
      deliveries.filter(({ score: got }) => got !== undefined),
    );
    const lastScored = scored.reduce((last, { at }) => Math.max(last, at), -Infinity);
    return each(
      rollout.calls.filter((call) => recorded(ledger, call).some(({ faults }) => faults > 0)),
      (call) => {
        const isUnhealed = recorded(ledger, call).some(({ outcome }) => outcome === "fault");
        // A score from before the call says nothing of it.
        const isScored = call.deliveries.some(({ at }) => at < lastScored);
        return isUnhealed && isScored ? `scored although ${call.callId} had a fault` : undefined;
      },
    );
  },
};

const leaked: Check = {
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

const afterGrading: Check = {
  name: "after_grading",
  promise: "A call after the grading is not run.",
  needsLedger: true,
  examine: ({ rollout, ledger }) =>
    each(
      rollout.calls.filter(({ expects, shown }) => expects === "after_grading" && shown !== undefined),
      (call) => {
        const [entry] = recorded(ledger, call);
        const isRefused = entry?.outcome === "over_budget" || entry?.mistake === "after_grading";
        return isRefused ? undefined : `${call.callId} came after the grading and was run`;
      },
    ),
};

const claims: Check = {
  name: "claims",
  promise: "Every call that the trainer claims is in the ledger.",
  needsLedger: true,
  examine: ({ ledger }) =>
    each(ledger?.grades.flatMap((grade) => grade.claims ?? []) ?? [], ({ claimed, unrecorded }) =>
      unrecorded === 0 ? undefined : `${unrecorded} of ${claimed} claimed calls are not recorded`,
    ),
};

/** Every promise that is checked, in the order of a report. */
export const checks: readonly Check[] = [
  lost,
  duplicated,
  invented,
  sameAnswer,
  wholeReply,
  order,
  budget,
  score,
  gradeKept,
  faultAs4xx,
  faultAsScore,
  refused,
  leaked,
  afterGrading,
  claims,
];
