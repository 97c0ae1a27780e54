/**
 * Plays a baseline's rollouts, so many at a time, and keeps each as soon as it has ended. Stops where going on would only lose
 * them: nothing is answered any more, or the model's service takes no request.
 */
import { randomBytes } from "node:crypto";
import { limits } from "../../contract/limits.ts";
import type { RolloutResult } from "../../contract/results.ts";
import type { Environment } from "../../environments/environment.ts";
import type { Agent } from "../agents/agent.ts";
import type { Deployment } from "../deployment.ts";
import { readLedger } from "../rollouts/ledgers.ts";
import { Wire } from "../rollouts/wire.ts";
import { Semaphore } from "../semaphore.ts";
import { isSystemError, messageOf, UserError } from "../user-error.ts";
import type { PlannedRollout } from "./plan.ts";
import { playRollout } from "./play.ts";

export interface Playing {
  planned: readonly PlannedRollout[];
  deployment: Deployment;
  environment: Environment;
  /** @param signal ends what it is doing */
  cast: (signal: AbortSignal) => Agent;
  run: string;
  seed: string;
  /** Rollouts at a time. */
  concurrency: number;
  /** Milliseconds that one request may take. */
  timeout: number;
  /** Told of each rollout that has ended. @throws what ends them all, as a full disk */
  keep: (result: RolloutResult) => Promise<void>;
  signal: AbortSignal;
}

/** Resolves with why it stopped before its end; null where it did not, or the signal ended it. */
export async function playRollouts(playing: Playing): Promise<string | null> {
  const { planned, deployment, environment, run, seed, timeout } = playing;
  const failure = new AbortController();
  const signal = AbortSignal.any([playing.signal, failure.signal]);
  // The limit is on rollouts: the calls of one turn are never held back.
  const wire = new Wire(deployment.url, { concurrency: Infinity, timeout, signal });
  const stage = {
    environment,
    agent: playing.cast(signal),
    wire,
    token: deployment.tokens.TRAINER_TOKEN,
    run,
    seed,
    readLedger: (traceId: string) => readLedger(wire, deployment.tokens.ADMIN_TOKEN, traceId, signal),
    now: () => performance.now(),
    date: () => new Date(),
    signal,
  };
  const places = new Semaphore(playing.concurrency);
  const newTraceId = traceIds();
  let stopped: string | null = null;
  let leftOutInARow = 0;
  const stop = (why: string) => {
    stopped ??= why;
    failure.abort();
  };
  const play = async (rollout: PlannedRollout) => {
    if (signal.aborted) return;
    const result = await playRollout(rollout, newTraceId(), stage);
    if (!result) return;
    await playing.keep(result);
    leftOutInARow = result.ending === "graded" ? 0 : leftOutInARow + 1;
    if (leftOutInARow < limits.baselineLeftOutInARow) return;
    stop(`${leftOutInARow} rollouts in a row could not be graded, the last because ${result.failure}.`);
  };
  const playOne = (rollout: PlannedRollout) =>
    play(rollout).catch((error: unknown) => {
      if (!(error instanceof UserError) && !isSystemError(error)) throw error;
      stop(messageOf(error));
    });
  try {
    await Promise.all(planned.map((rollout) => places.run(() => playOne(rollout))));
  } finally {
    failure.abort();
    wire.close();
  }
  return stopped;
}

/** Ids that no rollout had before: of another start of the same baseline neither. */
function traceIds(): () => string {
  const series = randomBytes(6).toString("hex");
  let given = 0;
  return () => `baseline_${series}_${given++}`;
}
