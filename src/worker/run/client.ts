/** How the worker and its objects reach a run's object and the directory of runs. */
import type { RolloutPage, RolloutStatus, RunEntry, RunList, RunReport } from "../../contract/run.ts";
import type { Bindings } from "../bindings.ts";
import { withRetries } from "../retry.ts";
import type { StrangerSignals } from "./directory.ts";
import type { Place } from "./listing.ts";
import type { SignalCounts } from "./signal-counts.ts";
import type { RolloutSummary } from "./summary.ts";

/** One object lists all runs; its name is that of no run. */
const DIRECTORY = "(directory)";

/** The report of a run, or null when nothing was ever told. @throws Fault("monitor") */
export function readReport({ RUN }: Bindings, run: string): Promise<RunReport | null> {
  return withRetries("monitor", () => RUN.getByName(run).report());
}

/** A page of a run's rollouts, or null when nothing was ever told. @throws Fault("monitor") */
export function readRollouts(
  { RUN }: Bindings,
  run: string,
  query: { status: RolloutStatus | undefined; after: Place; limit: number },
): Promise<RolloutPage | null> {
  return withRetries("monitor", () => RUN.getByName(run).page(query.status, query.after, query.limit));
}

/** Tells a run of rollouts; says how many were news. Safe to repeat. @throws Fault("monitor") */
export function tellRun({ RUN }: Bindings, run: string, summaries: RolloutSummary[]): Promise<number> {
  return withRetries("monitor", () => RUN.getByName(run).tell(run, summaries));
}

/** @throws Fault("monitor") */
export function readDirectory({ RUN_DIRECTORY }: Bindings): Promise<RunList> {
  return withRetries("monitor", () => RUN_DIRECTORY.getByName(DIRECTORY).list());
}

/** Safe to repeat. @throws Fault("monitor") */
export function tellDirectory({ RUN_DIRECTORY }: Bindings, entry: RunEntry): Promise<void> {
  return withRetries("monitor", () => RUN_DIRECTORY.getByName(DIRECTORY).put(entry));
}

/** Once, since a repetition would count twice. Rejects when the object cannot be reached. */
export async function signalRun({ RUN }: Bindings, run: string, counts: SignalCounts): Promise<void> {
  await RUN.getByName(run).signal(run, counts);
}

/** Once, since a repetition would count twice. Rejects when the object cannot be reached. */
export async function signalDirectory({ RUN_DIRECTORY }: Bindings, signals: StrangerSignals[]): Promise<void> {
  await RUN_DIRECTORY.getByName(DIRECTORY).strangers(signals);
}
