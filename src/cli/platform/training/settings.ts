/** What a job's request says of how to train, with this trainer's own numbers for what it leaves to the service. Pure. */
import type { JobRequest } from "../../../contract/fine-tuning.ts";

export interface Settings {
  epochs: number;
  /** Rows of a step. */
  batchSize: number;
  /** Rollouts of each row of a step, which are compared with each other: two at least. */
  copies: number;
  learningRate: number;
  /** Steps between two validations. */
  evalInterval: number;
  /** Rollouts of each validation row. */
  evalSamples: number;
  /** Turns of a rollout at most; one that has not answered then has given an empty answer. */
  mostTurns: number;
}

/** Of each row at a compute multiplier of 1. */
const COPIES = 16;
/** How far a weight moves in a step, at a multiplier of 1: in nats. */
const LEARNING_RATE = 0.25;
/** For what the request leaves open or says `auto` of. */
const OWN = { epochs: 3, batchSize: 16, evalInterval: 5, evalSamples: 2, mostTurns: 50 };

export function settingsOf({ method: { reinforcement } }: JobRequest): Settings {
  const { hyperparameters: asked = {}, max_episode_steps } = reinforcement;
  return {
    epochs: numberOr(asked.n_epochs, OWN.epochs),
    batchSize: numberOr(asked.batch_size, OWN.batchSize),
    copies: Math.max(2, Math.round(COPIES * numberOr(asked.compute_multiplier, 1))),
    learningRate: LEARNING_RATE * numberOr(asked.learning_rate_multiplier, 1),
    evalInterval: numberOr(asked.eval_interval, OWN.evalInterval),
    evalSamples: numberOr(asked.eval_samples, OWN.evalSamples),
    mostTurns: max_episode_steps ?? OWN.mostTurns,
  };
}

const numberOr = (asked: number | "auto" | undefined, own: number) => (typeof asked === "number" ? asked : own);
