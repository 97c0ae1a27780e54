/** Rollouts with their ledgers as a service that keeps every promise leaves them, for tests to tamper with. */
import type { Case } from "../../../src/cli/rehearse/checks.ts";
import { type CallDelivery, digest, type Delivery, type PlayedCall } from "../../../src/cli/rehearse/observations.ts";
import type { Ledger, LedgerCall } from "../../../src/contract/ledger.ts";

const CANARY = "canary-0123456789abcdef";
export const FOREIGN_CANARY = "canary-fedcba9876543210";

type Entry = Pick<LedgerCall, "outcome" | "mistake"> & { faults?: number };
interface Made {
  turn: number;
  tool: string;
  arguments: PlayedCall["arguments"];
  expects?: PlayedCall["expects"];
  entry: Entry;
}

const ok: Entry = { outcome: "ok", mistake: null };
const overBudget: Entry = { outcome: "over_budget", mistake: null };

/** A graded rollout that put every promise to the test and used its budget exactly: four calls, the last after the grading. */
export function keptCase(): Case {
  return caseOf([
    { turn: 0, tool: "search", arguments: { top_k: 3, query: "debt" }, entry: { ...ok, faults: 1 } },
    { turn: 0, tool: "list", arguments: "", entry: ok },
    { turn: 1, tool: "cat", arguments: '{"path": ', entry: { outcome: "mistake", mistake: "bad_arguments" } },
    {
      turn: 2,
      tool: "cat",
      arguments: { path: `${CANARY} after` },
      expects: "after_grading",
      entry: { outcome: "mistake", mistake: "after_grading" },
    },
  ]);
}

/** A graded rollout that made six calls with a budget of four. */
export function overdrawnCase(): Case {
  const path = `${CANARY} ${"x".repeat(200)}`;
  return caseOf([
    ...[0, 0, 0, 1].map((turn) => ({ turn, tool: "list", arguments: { path: "A" }, entry: ok })),
    { turn: 1, tool: "cat", arguments: { path }, entry: overBudget },
    { turn: 2, tool: "search", arguments: { query: "debt" }, expects: "after_grading", entry: overBudget },
  ]);
}

function caseOf(made: readonly Made[]): Case {
  const calls = made.map(playedCall);
  const entries = made.map(ledgerCall);
  const scored = { ...delivery(), at: 500, score: 1 };
  const gradings = [{ expectedScore: 1, deliveries: [{ ...refusal(413), at: 500 }, scored, { ...scored }] }];
  return {
    budget: 4,
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
    ledger: ledgerOf(entries),
  };
}

/** Each was refused with a wrong token, lost on its way back, answered, and answered again. */
function playedCall({ turn, tool, arguments: args, expects = "any" }: Made, at: number): PlayedCall {
  const answered = digest(outputOf(at));
  const answer: CallDelivery = { ...delivery(), answered, wellFormed: true };
  const lost: CallDelivery = { ...delivery(), status: "none", abandoned: true };
  const deliveries = [refusal(401), refusal(400), lost, answer, { ...answer }];
  if (expects === "after_grading") for (const sent of deliveries) sent.at = 900;
  return { callId: `call_${at + 1}`, tool, arguments: args, turn, expects, deliveries, shown: answered };
}

const outputOf = (at: number) => `output ${at + 1} for ${CANARY}`;

function ledgerCall({ tool, arguments: args, entry: { faults = 0, ...entry } }: Made, at: number): LedgerCall {
  const written = typeof args === "string" ? args || "{}" : JSON.stringify(sorted(args));
  return {
    sequence: at + 1,
    call_id: `call_${at + 1}`,
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

function ledgerOf(calls: LedgerCall[]): Ledger {
  return {
    trace_id: "rehearsal_s_3",
    run: "rehearsal",
    environment: "finqa",
    item: "item-1",
    opened_at: "2026-01-01T00:00:00.000Z",
    closed_at: null,
    calls_counted: calls.filter(({ outcome }) => outcome !== "over_budget").length,
    budget: 4,
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
