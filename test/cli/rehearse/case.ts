/** Rollouts with their ledgers as a service that keeps every promise leaves them, for tests to tamper with. */
import type { Case } from "../../../src/cli/rehearse/checks/index.ts";
import { type CallDelivery, digest, type Delivery, type PlayedCall } from "../../../src/cli/rehearse/observations.ts";
import type { Ledger, LedgerCall } from "../../../src/contract/ledger.ts";

const CANARY = "canary-0123456789abcdef";
export const FOREIGN_CANARY = "canary-fedcba9876543210";

type Entry = Pick<LedgerCall, "outcome" | "mistake"> & { faults?: number };
interface Made {
  /** Its own number's without it. */
  callId?: string;
  turn: number;
  tool: string;
  arguments: PlayedCall["arguments"];
  expects?: PlayedCall["expects"];
  entry: Entry;
}

const ok: Entry = { outcome: "ok", mistake: null };
const overBudget: Entry = { outcome: "over_budget", mistake: null };

/**
 * A graded rollout that put every promise to the test and used its budget exactly: five calls, the fourth after the grading, the
 * fifth under its id.
 */
export function keptCase(): Case {
  return caseOf([
    { turn: 0, tool: "search", arguments: { top_k: 3, query: "debt" }, expects: "ok", entry: { ...ok, faults: 1 } },
    { turn: 0, tool: "list", arguments: "", entry: ok },
    { turn: 1, tool: "cat", arguments: '{"path": ', entry: { outcome: "mistake", mistake: "bad_arguments" } },
    {
      turn: 2,
      tool: "cat",
      arguments: { path: `${CANARY} after` },
      expects: "after_grading",
      entry: { outcome: "mistake", mistake: "after_grading" },
    },
    {
      callId: "call_4",
      turn: 3,
      tool: "cat",
      arguments: { path: `${CANARY} again` },
      expects: "id_reused",
      entry: { outcome: "mistake", mistake: "id_reused" },
    },
  ]);
}

/** A graded rollout that made seven calls with a budget of four. */
export function overdrawnCase(): Case {
  const path = `${CANARY} ${"x".repeat(200)}`;
  return caseOf([
    ...[0, 0, 0, 1].map((turn) => ({ turn, tool: "list", arguments: { path: "A" }, entry: ok })),
    { turn: 1, tool: "cat", arguments: { path }, entry: overBudget },
    { turn: 2, tool: "search", arguments: { query: "debt" }, expects: "after_grading", entry: overBudget },
    { callId: "call_6", turn: 3, tool: "cat", arguments: { path }, expects: "id_reused", entry: overBudget },
  ]);
}

function caseOf(made: readonly Made[]): Case {
  const calls = made.map(playedCall);
  const ledger = withCalls(made.map(ledgerCall));
  const scored = { ...delivery(), at: 500, score: 1 };
  const gradings = [{ expectedScore: 1, deliveries: [{ ...refusal(413), at: 500 }, scored, { ...scored }] }];
  return {
    budget: ledger.budget,
    rollout: {
      planned: {
        index: 3,
        step: 0,
        item: { name: "item-1", question: "?", row: {} },
        traceId: "rehearsal_s_3",
        canary: CANARY,
        spends: undefined,
      },
      calls,
      gradings,
      ending: "graded",
      score: 1,
      failure: undefined,
      foreignCanaries: new Set(),
      started: 0,
      ended: 1_000,
    },
    ledger,
  };
}

/** Each was refused with a wrong token, lost on its way back, answered, and answered again. */
function playedCall({ turn, tool, arguments: args, expects = "any", ...said }: Made, at: number): PlayedCall {
  const answered = digest(outputOf(at));
  const answer: CallDelivery = { ...delivery(), answered, wellFormed: true };
  const lost: CallDelivery = { ...delivery(), status: "none", abandoned: true };
  const deliveries = [refusal(401), refusal(400), lost, answer, { ...answer }];
  if (turn >= 2) for (const sent of deliveries) sent.at = 900;
  return { callId: said.callId ?? numbered(at), tool, arguments: args, turn, expects, deliveries, shown: answered };
}

const numbered = (at: number) => `call_${at + 1}`;
const outputOf = (at: number) => `output ${at + 1} for ${CANARY}`;

function ledgerCall({ tool, arguments: args, entry: { faults = 0, ...entry }, ...said }: Made, at: number): LedgerCall {
  const written = typeof args === "string" ? args || "{}" : JSON.stringify(sorted(args));
  return {
    sequence: at + 1,
    call_id: said.callId ?? numbered(at),
    tool,
    // Of calls beyond the budget little is kept.
    arguments: entry.outcome === "over_budget" ? written.slice(0, 100) : written,
    ...entry,
    output: outputOf(at),
    cut: false,
    faults,
    fault_boundary: faults > 0 ? "storage" : null,
    received_at: "2026-01-01T00:00:00.000Z",
    milliseconds: 3,
  };
}

const sorted = (args: object) => Object.fromEntries(Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Its budget is what was counted. */
function withCalls(calls: LedgerCall[]): Ledger {
  const counted = calls.filter(({ outcome }) => outcome !== "over_budget").length;
  return {
    trace_id: "rehearsal_s_3",
    run: "rehearsal",
    environment: "finqa",
    item: "item-1",
    opened_at: "2026-01-01T00:00:00.000Z",
    closed_at: null,
    calls_counted: counted,
    budget: counted,
    calls,
    grades: [
      {
        score: 1,
        value: "7",
        answer: "7",
        explanation: "equal",
        sub_scores: {},
        evidence: null,
        claims: { claimed: 3, unrecorded: 0, unclaimed: 0 },
        graded_at: "2026-01-01T00:00:01.000Z",
        milliseconds: 1,
      },
    ],
    refusals: [],
  };
}

/** A request that was answered as a reply. */
export function delivery(): Delivery {
  return { at: 100, milliseconds: 10, status: 200, expected: "reply", abandoned: false };
}

const refusal = (status: 400 | 401 | 413): Delivery => ({ ...delivery(), status, expected: status });

export function ledgerOf({ ledger }: Case): Ledger {
  if (!ledger) throw new Error("The case has no ledger.");
  return ledger;
}

export function entryOf(found: Case, n: number): LedgerCall {
  const entry = ledgerOf(found).calls[n - 1];
  if (!entry) throw new Error(`The ledger has no call ${n}.`);
  return entry;
}

export function callOf({ rollout }: Case, n: number): PlayedCall {
  const call = rollout.calls[n - 1];
  if (!call) throw new Error(`The rollout has no call ${n}.`);
  return call;
}

/** The delivery that the call's agent was shown. */
export function answerOf(found: Case, n: number) {
  const answer = callOf(found, n).deliveries.find(({ answered }) => answered !== undefined);
  if (!answer) throw new Error(`Call ${n} has no answer.`);
  return answer;
}

export function gradeOf(found: Case) {
  const [grading] = found.rollout.gradings;
  const [grade] = ledgerOf(found).grades;
  if (!grading || !grade) throw new Error("The case has no grading.");
  return { grading, grade };
}
