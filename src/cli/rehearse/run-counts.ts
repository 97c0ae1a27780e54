/**
 * Holds the counts of the run's monitor against the ledgers. The monitor is told beside the answers, so it is given time to hear
 * of everything; and other rehearsals may have used the run before, so what it has counted since is compared.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "../../contract/ledger.ts";
import { RunReport } from "../../contract/run.ts";
import { ask, Refused } from "../ask.ts";
import type { Deployment } from "../deployment.ts";
import { UserError } from "../user-error.ts";
import type { Verdict } from "./verdict.ts";

export interface RunCounts {
  rollouts: number;
  graded: number;
  /** The sum of the rollouts' latest scores. */
  score: number;
  calls: number;
}

export const NO_COUNTS: RunCounts = { rollouts: 0, graded: 0, score: 0, calls: 0 };

/** How long a monitor may take to have heard of everything: a few seconds, more after thousands of rollouts. */
export const MONITOR_PATIENCE_MILLISECONDS = 30_000;
/** How often it is asked. */
const PAUSE_MILLISECONDS = 500;
const ANSWER_MILLISECONDS = 10_000;

const PROMISE = "The run's counts are those of its ledgers.";

/** What one ledger adds to its run. */
export function countsOf(ledger: Ledger | null | undefined): RunCounts {
  if (!ledger) return NO_COUNTS;
  const latest = ledger.grades.at(-1);
  return { rollouts: 1, graded: latest ? 1 : 0, score: latest?.score ?? 0, calls: ledger.calls.length };
}

export function sum(a: RunCounts, b: RunCounts): RunCounts {
  return {
    rollouts: a.rollouts + b.rollouts,
    graded: a.graded + b.graded,
    score: a.score + b.score,
    calls: a.calls + b.calls,
  };
}

interface Asking {
  deployment: Deployment;
  run: string;
  /** Milliseconds that the monitor is given to have heard of everything. */
  monitorPatience: number;
  /** Ends the waiting. */
  signal: AbortSignal;
}

/** What the monitor has counted so far; undefined where it cannot be asked. */
export async function readRunCounts({
  deployment,
  run,
  signal: interrupted,
}: Omit<Asking, "monitorPatience">): Promise<RunCounts | undefined> {
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(ANSWER_MILLISECONDS)]);
  try {
    const { rollouts, scores, calls } = await ask(deployment, `/runs/${run}`, RunReport, { signal });
    return { rollouts: rollouts.total, graded: rollouts.graded, score: scores.sum, calls: calls.total };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error instanceof Refused && error.status === 404 ? NO_COUNTS : undefined;
  }
}

/**
 * Asks until the monitor has counted what the ledgers hold, or the patience is over.
 * @param before what it had counted before the rehearsal; undefined where it could not be asked
 */
export async function noteRunCounts(
  verdict: Verdict,
  asking: Asking,
  before: RunCounts | undefined,
  found: RunCounts,
): Promise<void> {
  // Whoever cannot say how it began cannot be held to how it ends.
  if (before === undefined) return verdict.note("run_counts", PROMISE, 0, []);
  const due = sum(before, found);
  const giveUpAt = performance.now() + asking.monitorPatience;
  let differences = await differencesFrom(due, asking);
  while (differences.length > 0 && performance.now() < giveUpAt && !asking.signal.aborted) {
    await sleep(PAUSE_MILLISECONDS, undefined, { signal: asking.signal }).catch(() => undefined);
    differences = await differencesFrom(due, asking);
  }
  // What is not there yet when a rehearsal is ended may still come.
  if (asking.signal.aborted) return verdict.note("run_counts", PROMISE, 0, []);
  verdict.note("run_counts", PROMISE, found.rollouts, differences);
}

async function differencesFrom(due: RunCounts, asking: Asking): Promise<string[]> {
  const counted = await readRunCounts(asking);
  return counted ? differencesOf(counted, due) : ["the run cannot be read"];
}

/** A run counts scores in whole millionths, so a sum of thirds is off by up to half of one for each. Pure. */
export function differencesOf(counted: RunCounts, due: RunCounts): string[] {
  const slack = 1e-6 * Math.max(1, due.graded);
  const names = ["rollouts", "graded", "score", "calls"] as const;
  return names.flatMap((name) =>
    Math.abs(counted[name] - due[name]) < (name === "score" ? slack : 1)
      ? []
      : [`${name}: ${counted[name]} counted, ${due[name]} in the ledgers`],
  );
}
