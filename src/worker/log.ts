/**
 * The worker's one log line per request, as JSON. Never holds a token, a header, an item, a query or an output; of an
 * error that is not ours, only its kind and where it came from, since its message may quote any of these.
 */
import type { Boundary, Fault } from "../contract/failure.ts";
import type { Ledger, Outcome } from "../contract/ledger.ts";

/** Filled in by a flow as it learns what it serves. */
export interface RequestLog {
  route: string;
  run?: string;
  trace_id?: string;
  outcome?: Outcome | "graded" | "unscored" | "refused" | "cut_off";
  /** Whether the answer is that of an earlier delivery. */
  repeated?: boolean;
  /** Whether the rollout's ledger has it; absent where it has not, or there is none. */
  in_ledger?: true;
}

export interface FaultLog {
  correlation_id: string;
  boundary: Boundary;
  detail: string;
}

export function logRequest(log: RequestLog, status: number, milliseconds: number, fault?: FaultLog): void {
  console.log(JSON.stringify({ ...log, status, milliseconds, ...(fault && { fault }) }));
}

/** What may be said of a fault in a log: its own message where this project wrote it, and of the error behind it the kind and place. */
export function faultLog(fault: Fault, correlationId: string): FaultLog {
  const message = fault.boundary === "worker" ? [] : [fault.message];
  const cause = fault.cause === undefined && message.length > 0 ? [] : [kindAndPlace(fault.cause)];
  const detail = [...message, ...cause].join(": ");
  return { correlation_id: correlationId, boundary: fault.boundary, detail };
}

export function logArchiveFault(ledger: Ledger, error: unknown): void {
  const { run, trace_id } = ledger;
  console.error(JSON.stringify({ route: "archive", run, trace_id, outcome: "fault", detail: kindAndPlace(error) }));
}

/** A fault of the run monitor, which harms no call: of a run's object or the directory, of what it calls, or of what it is told by a grading. */
export function logMonitorFault(
  route: "run" | "directory" | "rollout" | "webhook" | "grade",
  run: string,
  error: unknown,
): void {
  console.error(JSON.stringify({ route: `monitor:${route}`, run, outcome: "fault", detail: kindAndPlace(error) }));
}

function kindAndPlace(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 3).map((line) => line.trim())].join(" ");
}
