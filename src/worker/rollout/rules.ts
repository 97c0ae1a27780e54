/** What a rollout's ledger does with a call that has no final answer yet. Pure: no storage, no clock. */
import type { Outcome } from "../../contract/ledger.ts";

/** What the ledger knows when the call arrives. */
export interface Situation {
  /** Whether the same call (id, tool and arguments) was here before and has only faulted. */
  faulted: boolean;
  /** Whether the call's id was used before, for this or another call. */
  idUsed: boolean;
  graded: boolean;
  /** Calls that count against the budget so far, the budget, and calls kept. */
  counted: number;
  budget: number;
  kept: number;
  keptAtMost: number;
}

export type Decision =
  /** A call that has only faulted does so again: count it. */
  | { kind: "count_fault" }
  /** The first answer of a call that has faulted: it takes the fault's place. */
  | { kind: "heal" }
  /** A new call: store and answer it as it came out. */
  | { kind: "accept" }
  /** A new call that gets another answer than the tool's; stored unless the ledger is full. */
  | { kind: "refuse"; outcome: "over_budget"; mistake: null; output: string; store: boolean }
  | { kind: "refuse"; outcome: "mistake"; mistake: "id_reused" | "after_grading"; output: string; store: boolean };

/**
 * Sequence: faulted before → budget → id reused → graded → accept. A call that faulted holds its place in the budget, so
 * that its healing needs no new one.
 */
export function decide(situation: Situation, outcome: Outcome): Decision {
  const { faulted, counted, budget, kept, keptAtMost } = situation;
  if (faulted) return { kind: outcome === "fault" ? "count_fault" : "heal" };
  const store = kept < keptAtMost;
  if (counted >= budget)
    return { kind: "refuse", outcome: "over_budget", mistake: null, output: budgetSpent(budget), store };
  if (situation.idUsed) return { kind: "refuse", outcome: "mistake", mistake: "id_reused", output: ID_REUSED, store };
  if (situation.graded)
    return { kind: "refuse", outcome: "mistake", mistake: "after_grading", output: ALREADY_GRADED, store };
  return { kind: "accept" };
}

const budgetSpent = (budget: number) =>
  `The budget of ${budget} tool calls is spent; this call was not run. Give your final answer now, from what you have read.`;
const ID_REUSED =
  "This call_id was used before in this rollout, for another tool or with other arguments; this call was not run. Make the call again under a new id.";
const ALREADY_GRADED = "The final answer of this rollout has been graded; this call was not run.";
