/** A job → the load that its trainer puts on tools and grader. Pure arithmetic; rounds nothing that is an average. */
import type { Job } from "./job.ts";

export interface Load {
  stepsPerEpoch: number;
  steps: number;
  /** Validations in all. */
  evaluations: number;
  /** Rollouts that start together: of a full step, of a validation, and the larger of these. */
  stepRollouts: number;
  evaluationRollouts: number;
  burst: number;
  /** Rollouts in all, and those of them that train. */
  rollouts: number;
  trainingRollouts: number;
  /** Tool calls of a full step and in all, each counted once. */
  stepCalls: number;
  calls: number;
  /** Requests in all: calls and gradings, with retries. */
  requests: number;
  /** Seconds from a rollout's start to its score. */
  rolloutSeconds: number;
  /** Seconds that all bursts take one after the other, without the trainer's own time between them. */
  samplingSeconds: number;
  /** Requests a second while a burst runs: calls of tools, gradings. */
  toolRate: number;
  gradeRate: number;
  /** Tool calls under way at once while a burst runs. */
  inFlight: number;
  /** Tool calls that come in the same second when all rollouts of a burst think equally long. */
  worstSecond: number;
}

/**
 * Steps: a step takes `batch` rows, the last one of an epoch what is left. A validation follows every `evalInterval`-th step
 * and the last one. Training and validation take turns, as the phases in the trainers' step timings do.
 *
 * Rates: the rollouts of a burst are a closed system. Each thinks for Z seconds, makes p calls, waits L seconds for them, and
 * thinks again; so n rollouts send n p / (Z + L) calls a second (the interactive response time law), and that times L are
 * under way at once (Little's law). The final answer is one more turn, whose call is the grading.
 */
export function loadOf(job: Job): Load {
  const { train, val, epochs, batch, copies, evalInterval, evalSamples } = job;
  const stepsPerEpoch = Math.ceil(train / batch);
  const steps = epochs * stepsPerEpoch;
  const evaluations = val === 0 ? 0 : Math.ceil(steps / evalInterval);
  const stepRollouts = Math.min(batch, train) * copies;
  const evaluationRollouts = evaluations === 0 ? 0 : val * evalSamples;
  const trainingRollouts = epochs * train * copies;
  const rollouts = trainingRollouts + evaluations * evaluationRollouts;
  const pace = paceOf(job, Math.max(stepRollouts, evaluationRollouts));
  return {
    stepsPerEpoch,
    steps,
    evaluations,
    stepRollouts,
    evaluationRollouts,
    rollouts,
    trainingRollouts,
    stepCalls: stepRollouts * job.calls,
    calls: rollouts * job.calls,
    requests: rollouts * (job.calls + 1) * (1 + job.retries),
    samplingSeconds: (steps + evaluations) * pace.rolloutSeconds,
    ...pace,
  };
}

function paceOf({ calls, parallel, thinkSeconds, toolMilliseconds, retries }: Job, burst: number) {
  const atOnce = Math.min(parallel, calls);
  const turns = atOnce === 0 ? 0 : calls / atOnce;
  const turnSeconds = thinkSeconds + toolMilliseconds / 1_000;
  const toolRate = (burst * atOnce * (1 + retries)) / turnSeconds;
  return {
    burst,
    rolloutSeconds: (turns + 1) * turnSeconds,
    toolRate,
    gradeRate: (burst * (1 + retries)) / turnSeconds,
    inFlight: (toolRate * toolMilliseconds) / 1_000,
    worstSecond: burst * atOnce,
  };
}
