/** Ledgers as a rollout would leave them. Test material. */
import type { Ledger, LedgerCall, LedgerGrade } from "../../src/contract/ledger.ts";

const start = Date.parse("2026-01-01T00:00:00.000Z");
const isoTime = (milliseconds: number) => new Date(start + milliseconds).toISOString();

/** A call that was received at a time, in milliseconds from the start, and took a while. */
export function recordedCall(
  sequence: number,
  received: number,
  milliseconds: number,
  other: Partial<LedgerCall> = {},
) {
  return {
    sequence,
    call_id: `call_${sequence}`,
    tool: "search",
    arguments: JSON.stringify({ query: `query ${sequence}` }),
    outcome: "ok",
    mistake: null,
    output: `output ${sequence}`,
    cut: false,
    faults: 0,
    fault_boundary: null,
    received_at: isoTime(received),
    milliseconds,
    ...other,
  } satisfies LedgerCall;
}

export function recordedGrade(score: number, answer: string): LedgerGrade {
  return {
    score,
    value: answer,
    answer,
    explanation: "Because.",
    sub_scores: {},
    evidence: null,
    claims: null,
    graded_at: isoTime(60_000),
    milliseconds: 1,
  };
}

export function recordedLedger(other: Partial<Ledger> = {}): Ledger {
  const calls = other.calls ?? [recordedCall(1, 0, 10)];
  return {
    trace_id: "trace_1",
    run: "default",
    environment: "finqa",
    item: "item-1",
    opened_at: isoTime(0),
    closed_at: null,
    calls_counted: calls.length,
    budget: 10,
    grades: [recordedGrade(1, "7%")],
    refusals: [],
    ...other,
    calls,
  };
}
