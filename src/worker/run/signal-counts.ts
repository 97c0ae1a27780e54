/** What no ledger has, as counts by kind: how kinds are named, and how they are shown. Pure. */
import type { Boundary, Refusal } from "../../contract/failure.ts";
import type { Signals } from "../../contract/run.ts";

export type SignalKind =
  | "unauthorized"
  | "unauthorized_with_trace_id"
  | "unrecorded"
  | `refused:${Exclude<Refusal["kind"], "unauthorized">}`
  | `fault:${Exclude<Boundary, "network">}`
  | "cut_off";

export type SignalCounts = Partial<Record<SignalKind, number>>;

/** @param counts by SignalKind, as stored */
export function signalsOf(counts: Record<string, number>): Signals {
  return {
    unauthorized: counts["unauthorized"] ?? 0,
    unauthorized_with_trace_id: counts["unauthorized_with_trace_id"] ?? 0,
    refused: among(counts, "refused:"),
    faults: among(counts, "fault:"),
    unrecorded: counts["unrecorded"] ?? 0,
    cut_off: counts["cut_off"] ?? 0,
  };
}

export function faultsAmong(counts: Record<string, number>): number {
  return Object.values(among(counts, "fault:")).reduce((sum, count) => sum + count, 0);
}

function among(counts: Record<string, number>, prefix: string): Record<string, number> {
  const entries = Object.entries(counts).filter(([kind]) => kind.startsWith(prefix));
  return Object.fromEntries(entries.map(([kind, count]) => [kind.slice(prefix.length), count]));
}
