/**
 * `edgegym rehearse`: plays a training job's traffic against a deployment, over the public wire only, and holds what came of it
 * against what the service promises. Never prints; the command does.
 */
import { randomBytes } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Rehearsal } from "../../contract/rehearsal.ts";
import type { Environment } from "../../environments/environment.ts";
import type { Agent, Item } from "../agents/agent.ts";
import type { Deployment } from "../deployment.ts";
import type { Progress } from "../progress.ts";
import { Semaphore } from "../semaphore.ts";
import { type ChaosKind, RolloutChaos } from "./chaos.ts";
import { executedCalls, figures } from "./figures.ts";
import { readLedger } from "../rollouts/ledgers.ts";
import type { PlayedRollout } from "./observations.ts";
import { playRollout } from "./play.ts";
import { type PlannedRollout, schedule } from "./schedule.ts";
import { countsOf, NO_COUNTS, noteRunCounts, readRunCounts, type RunCounts, sum } from "./run-counts.ts";
import { Trainer } from "./trainer.ts";
import { Verdict } from "./verdict.ts";
import { Wire } from "../rollouts/wire.ts";

export interface Rehearsing {
  deployment: Deployment;
  environment: Environment;
  items: readonly Item[];
  agent: Agent;
  /** The words of the command that plays this again. */
  command: readonly string[];
  indexVersion: string | null;
  /** The name that its ledgers are kept under. */
  run: string;
  rollouts: number;
  copies: number;
  steps: number;
  /** Requests under way at most. */
  concurrency: number;
  /** Milliseconds that one request may take. */
  timeout: number;
  /** Milliseconds that the run's monitor is given to have heard of everything. */
  monitorPatience: number;
  seed: string;
  chaos: ReadonlySet<ChaosKind>;
  chaosRate: number;
  progress: Progress;
  /** Ends the rehearsal: what is under way is given up, what is known is told. */
  signal: AbortSignal;
  /** Trouble on the server's side, where the worker is the rehearsal's own. */
  faults?: ServerFaults;
}

/** What makes trouble on the server's side while rollouts are played. */
export interface ServerFaults {
  begin(): Promise<void>;
  /** Told after each rollout, how many of all have ended. */
  advance(ended: number, planned: number): void;
  /** Resolves when all is calm again, with what was done and how often. */
  end(): Promise<Record<string, number>>;
}

/** How often it is seen whether this program keeps up; Node counts this much into each delay. */
const DELAY_RESOLUTION_MILLISECONDS = 10;
/** Ledgers read at once: enough to be quick, few enough to be no load. */
const LEDGERS_AT_ONCE = 32;
/** After an interruption, ledgers are read for so long; what is known by then is told. */
const PATIENCE_MILLISECONDS = 15_000;

/** Sequence: schedule → bursts of rollouts → calm → ledgers → verdict. */
export async function rehearse(asked: Rehearsing): Promise<Rehearsal> {
  const silenced = new AbortController();
  const rehearsing = { ...asked, signal: AbortSignal.any([asked.signal, silenced.signal]) };
  const startedAt = new Date();
  const begun = performance.now();
  const now = () => performance.now() - begun;
  const made = new Map<string, number>();
  const count = (kind: string, times = 1) => void made.set(kind, (made.get(kind) ?? 0) + times);
  const planned = plan(rehearsing, startedAt, count);

  const before = rehearsing.signal.aborted ? undefined : await readRunCounts(rehearsing);
  await rehearsing.faults?.begin();
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MILLISECONDS });
  delay.enable();
  const played = await playBursts(planned, rehearsing, silenced, now, count);
  delay.disable();
  const milliseconds = now();
  sayFailures(played, rehearsing.progress);
  for (const [kind, times] of Object.entries((await rehearsing.faults?.end()) ?? {})) count(kind, times);

  const { verdict, counts, executed } = await examine(played, rehearsing);
  if (!rehearsing.faults && !rehearsing.signal.aborted) await noteRunCounts(verdict, rehearsing, before, counts);
  return Rehearsal.parse({
    schema: 1,
    run: rehearsing.run,
    url: rehearsing.deployment.url,
    environment: rehearsing.environment.name,
    index_version: rehearsing.indexVersion,
    command: [...rehearsing.command],
    agent: rehearsing.agent.name,
    seed: rehearsing.seed,
    chaos: Object.fromEntries(made),
    own_worker: rehearsing.faults !== undefined,
    started_at: startedAt.toISOString(),
    milliseconds,
    interrupted: rehearsing.signal.aborted,
    checks: verdict.checks(),
    client_delay_milliseconds: Math.max(0, delay.percentile(99) / 1e6 - DELAY_RESOLUTION_MILLISECONDS),
    ...figures(played, { planned: planned.length, executed, milliseconds }),
  } satisfies Rehearsal);
}

function plan(rehearsing: Rehearsing, startedAt: Date, count: (kind: string) => void): PlannedRollout[] {
  const budget = rehearsing.environment.callsPerRollout;
  // Rehearsals that start in the same moment have to be told apart as well.
  const series = `${startedAt.getTime().toString(36)}${randomBytes(3).toString("hex")}`;
  const planned = schedule({ ...rehearsing, budget, series });
  const twins = planned.filter(({ traceId, index }) => !traceId.endsWith(`_${index}`));
  for (let pair = 0; pair < twins.length; pair += 2) count("twin_ids");
  return planned;
}

/** All rollouts of a burst start at once, and the next burst when the last of them has ended, as a trainer's steps do. */
async function playBursts(
  planned: readonly PlannedRollout[],
  rehearsing: Rehearsing,
  silenced: AbortController,
  now: () => number,
  count: (kind: ChaosKind) => void,
): Promise<PlayedRollout[]> {
  const { deployment, environment, agent, run, progress, faults, seed } = rehearsing;
  const failure = new AbortController();
  const signal = AbortSignal.any([rehearsing.signal, failure.signal]);
  const wire = new Wire(deployment.url, { ...rehearsing, signal });
  const token = deployment.tokens.TRAINER_TOKEN;
  const trainer = new Trainer({ wire, token, environment, run, now, signal });
  const stage = { environment, agent, trainer, seed, now, signal };
  const played: PlayedRollout[] = [];
  const watch = watchForSilence(wire, rehearsing, silenced);
  for (const burst of Map.groupBy(planned, ({ step }) => step).values()) {
    if (signal.aborted) break;
    const playing = burst.map(async (rollout) => {
      played.push(await playRollout(rollout, new RolloutChaos(rehearsing, rollout.index, count), stage));
      progress.update("rollouts", played.length, planned.length);
      faults?.advance(played.length, planned.length);
    });
    await Promise.all(playing).catch(async (error: unknown) => {
      // What is under way ends first, so that nothing goes on after the rehearsal.
      failure.abort();
      await Promise.allSettled(playing);
      throw error;
    });
  }
  clearInterval(watch);
  wire.close();
  return played;
}

/** A deployment that answers nothing any more would be waited for through every retry of every rollout: hours. */
function watchForSilence(wire: Wire, { timeout, progress }: Rehearsing, silenced: AbortController): NodeJS.Timeout {
  const longest = SILENT_TIMEOUTS * timeout;
  return setInterval(() => {
    if (silenced.signal.aborted || wire.silence() < longest) return;
    progress.say(`No request has been answered for ${Math.round(longest / 1000)} s; the rehearsal ends here.`);
    silenced.abort();
  }, SILENCE_CHECK_MILLISECONDS);
}

/** So many times the limit of one request. */
const SILENT_TIMEOUTS = 2;
const SILENCE_CHECK_MILLISECONDS = 1_000;

/** Of the reasons for which agents gave up, the most frequent are said. */
const REASONS = 3;

function sayFailures(played: readonly PlayedRollout[], progress: Progress): void {
  const failed = Map.groupBy(played, ({ failure }) => failure ?? "");
  failed.delete("");
  const reasons = [...failed].toSorted(([, a], [, b]) => b.length - a.length).slice(0, REASONS);
  for (const [reason, rollouts] of reasons) progress.say(`${rollouts.length} x the agent failed: ${reason}`);
}

/** Reads each rollout's ledger and holds the promises against it. */
async function examine(
  played: readonly PlayedRollout[],
  { deployment, environment, timeout, signal, progress, faults }: Rehearsing,
): Promise<{ verdict: Verdict; counts: RunCounts; executed: number }> {
  const patience = abortedAfter(signal, PATIENCE_MILLISECONDS);
  const wire = new Wire(deployment.url, { concurrency: LEDGERS_AT_ONCE, timeout, signal: patience });
  const places = new Semaphore(LEDGERS_AT_ONCE);
  const verdict = new Verdict();
  verdict.note("readable", READABLE, 0, []);
  let [executed, read] = [0, 0];
  let counts = NO_COUNTS;
  const examineOne = async (rollout: PlayedRollout) => {
    const { traceId } = rollout.planned;
    const ledger = await readLedger(wire, deployment.tokens.ADMIN_TOKEN, traceId, patience);
    progress.update("ledgers", ++read, played.length);
    verdict.add({ rollout, ledger, budget: environment.callsPerRollout });
    executed += executedCalls(ledger);
    counts = sum(counts, countsOf(ledger));
    // Whoever interrupts a rehearsal may have ended its worker too.
    if (ledger === undefined && signal.aborted) return;
    verdict.note("readable", READABLE, 1, ledger === undefined ? [`${traceId}: its ledger cannot be read`] : []);
  };
  await Promise.all(played.map((rollout) => places.run(() => examineOne(rollout))));
  wire.close();
  if (!faults) noteDiscards(verdict, played);
  return { verdict, counts, executed };
}

/** A signal that fires so long after another one does. */
function abortedAfter(signal: AbortSignal, milliseconds: number): AbortSignal {
  const later = new AbortController();
  const begin = () => void setTimeout(() => later.abort(), milliseconds).unref();
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return later.signal;
}

const READABLE = "Every rollout's ledger can be read.";
const DISCARDED = "No rollout has to be discarded.";

/** Not of a worker whose own storage is made to fail: there, discards are what is asked for. */
function noteDiscards(verdict: Verdict, played: readonly PlayedRollout[]): void {
  const ended = played.filter(({ ending }) => ending !== "unfinished");
  const discarded = ended.filter(({ ending }) => ending === "discarded");
  verdict.note(
    "discarded",
    DISCARDED,
    ended.length,
    discarded.map(({ planned }) => `${planned.traceId}: discarded`),
  );
}
