/** Ledgers and summaries of rollouts, as tests of a run need them: each is a graded rollout with one call, but for what is said otherwise. */
import type { Ledger, LedgerCall, LedgerGrade } from "../../../src/contract/ledger.ts";
import { type RolloutSummary, summarise } from "../../../src/worker/run/summary.ts";

/** When test rollouts are opened. */
export const START = Date.parse("2026-10-05T08:00:00.000Z");

export const isoAt = (milliseconds: number) => new Date(milliseconds).toISOString();

export function callOf(fields: Partial<LedgerCall> = {}): LedgerCall {
  return {
    sequence: 1,
    call_id: "call_1",
    tool: "search",
    arguments: '{"query":"fuel"}',
    outcome: "ok",
    mistake: null,
    output: "a page",
    cut: false,
    faults: 0,
    fault_boundary: null,
    received_at: isoAt(START),
    milliseconds: 12,
    ...fields,
  };
}

export function gradeOf(fields: Partial<LedgerGrade> = {}): LedgerGrade {
  return {
    score: 0.5,
    value: "56",
    answer: "56",
    explanation: "Close.",
    sub_scores: {},
    evidence: null,
    claims: null,
    graded_at: isoAt(START + 1_000),
    milliseconds: 1,
    ...fields,
  };
}

export function ledgerOf(fields: Partial<Ledger> = {}): Ledger {
  return {
    trace_id: `trace_${crypto.randomUUID()}`,
    run: "default",
    environment: "finqa",
    item: "item-1",
    opened_at: isoAt(START),
    closed_at: null,
    calls_counted: 1,
    budget: 10,
    calls: [callOf()],
    grades: [gradeOf()],
    refusals: [],
    ...fields,
  };
}

export const summaryOf = (fields: Partial<Ledger> = {}): RolloutSummary => summarise(ledgerOf(fields));

/** Many rollouts, a second apart, of rows without a name. */
export function summaries(count: number, fields: (at: number) => Partial<Ledger>, from = START): RolloutSummary[] {
  return Array.from({ length: count }, (_, at) => {
    const opened_at = isoAt(from + at * 1_000);
    const calls = [callOf({ received_at: opened_at })];
    return summaryOf({ item: null, opened_at, calls, grades: [gradeOf({ graded_at: opened_at })], ...fields(at) });
  });
}
