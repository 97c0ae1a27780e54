/** What a plan is made for: the job, how its rollouts behave, and the job it is made for when nothing is said. Data only. */
import { limits } from "../../contract/limits.ts";

export interface Job {
  /** Rows of the training and of the validation file. */
  train: number;
  val: number;
  epochs: number;
  /** Training rows in a step. */
  batch: number;
  /** Rollouts of each training row in a step. */
  copies: number;
  /** Steps from one validation to the next, and rollouts of each row in a validation. */
  evalInterval: number;
  evalSamples: number;
  /** Tool calls of a rollout, on average, and those that a model makes at once. */
  calls: number;
  parallel: number;
  /** From an answer to the model's next calls. */
  thinkSeconds: number;
  /** From a call to its answer, as the trainer sees it; a grading takes as long. */
  toolMilliseconds: number;
  /** Bytes of a request with its dataset row, and of a tool's output, on average. */
  requestBytes: number;
  responseBytes: number;
  /** Requests that are sent a second time, as a share of all. */
  retries: number;
  /** Megabytes of text in the corpus. */
  corpusMegabytes: number;
  /** Calls that the environment lets a rollout make. */
  budget: number;
}

/**
 * The job of OpenAI's public Build Hour on agent RFT: rows, epochs, batch, evaluation and the calls before training (6.9) as
 * shown there. Not shown and assumed: copies (a customer there saw 500 rollouts start with a step; 500 / 16 is about 32),
 * thinking time, latency, sizes, retries. The corpus is FinQA's 2,800 pages.
 */
export const demoJob: Job = {
  train: 1_000,
  val: 100,
  epochs: 3,
  batch: 16,
  copies: 32,
  evalInterval: 5,
  evalSamples: 2,
  calls: 7,
  parallel: 1,
  thinkSeconds: 10,
  toolMilliseconds: 300,
  requestBytes: 3_000,
  responseBytes: 4_000,
  retries: 0.02,
  corpusMegabytes: 12,
  budget: limits.callsPerRollout,
};

/** Whether nothing else was said. */
export const isDemoJob = (job: Job) => asText(job) === asText(demoJob);
const asText = (job: Job) => JSON.stringify(job, Object.keys(demoJob));
