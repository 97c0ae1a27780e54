/**
 * Trains the stand-in as a trainer trains a model: rollouts of the job's rows against its tools and its grader, and after each
 * batch a step of the policy towards what was worth more. Deterministic by the seed but for what the endpoints answer.
 */
import { randomUUID } from "node:crypto";
import type { JobRequest, TrainingRow } from "../../../contract/fine-tuning.ts";
import { limits } from "../../../contract/limits.ts";
import { seededRandom, shuffled } from "../../../environments/random.ts";
import { readLine } from "../../dataset-file.ts";
import { Semaphore } from "../../semaphore.ts";
import { UserError } from "../../user-error.ts";
import type { Policy } from "../policy/policy.ts";
import { findPractice } from "../policy/practices.ts";
import { Endpoints } from "./endpoints.ts";
import { graded, lineOf, metricsOf, reasoningTokens } from "./figures.ts";
import { Learner, type Lesson } from "./learner.ts";
import { rewardOf } from "./reward.ts";
import { playRollout, type Rollout, type Stage } from "./rollout.ts";
import { type Settings, settingsOf } from "./settings.ts";

/** Who keeps the job's state, as the service's jobs, events and checkpoints. */
export interface JobListener {
  message(level: "info" | "warn" | "error", text: string): void;
  /** A step's figures, by the names that trainers use, and a line that says them. */
  metrics(data: Record<string, unknown>, text: string): void;
  checkpoint(step: number, policy: Policy, metrics: Record<string, unknown>): void;
  /** Resolves when the job may go on; rejects when it is cancelled. */
  proceed(): Promise<void>;
}

export interface TrainingJob {
  request: JobRequest;
  /** The rows of the job's files, as they stand there. */
  training: TrainingRow[];
  validation: TrainingRow[];
}

export interface TrainingOptions {
  seed: number;
  signal: AbortSignal;
}

/**
 * Resolves with the policy as it is after the last step.
 * @throws UserError for a job that cannot be trained, what `proceed` rejects with, and the signal's reason
 */
export async function trainJob(
  job: TrainingJob,
  start: Policy,
  listener: JobListener,
  options: TrainingOptions,
): Promise<Policy> {
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const endpoints = new Endpoints(job.request, signal);
  const practice = findPractice(endpoints.toolNames);
  if (!practice) throw new UserError("The stand-in knows only the tools of this project's environments.");
  try {
    return await new Training(job, start, listener, { ...options, practice, endpoints }).run();
  } finally {
    ending.abort();
    endpoints.close();
  }
}

/** With what the rollouts are played. */
type Surroundings = TrainingOptions & Pick<Stage, "practice" | "endpoints">;

/** Rows of one batch, each with its place among all. */
type Batch = { row: TrainingRow; at: number }[];

class Training {
  readonly #job: TrainingJob;
  readonly #listener: JobListener;
  readonly #options: Surroundings;
  readonly #settings: Settings;
  readonly #learner: Learner;
  readonly #batches: Batch[];
  readonly #places = new Semaphore(limits.platformRollouts);

  constructor(job: TrainingJob, start: Policy, listener: JobListener, options: Surroundings) {
    this.#job = job;
    this.#listener = listener;
    this.#options = options;
    this.#settings = settingsOf(job.request);
    this.#learner = new Learner(start, this.#settings.learningRate);
    this.#batches = batchesOf(job.training, this.#settings, options.seed);
  }

  /** Sequence: validation → steps, each with its rollouts, its lesson and from time to time a validation with a checkpoint. */
  async run(): Promise<Policy> {
    const { copies, mostTurns } = this.#settings;
    const { training, validation } = this.#job;
    this.#listener.message(
      "info",
      `Training on ${training.length} rows, validating on ${validation.length}: ${this.#batches.length} steps, ${copies} rollouts of a row, ${mostTurns} turns at most.`,
    );
    await this.#proceed();
    const { rollouts, seconds } = await this.#validate(0);
    this.#tell(0, { train: [], validation: rollouts, seconds: { sampling: 0, training: 0, eval: seconds } });
    for (const [at, batch] of this.#batches.entries()) await this.#step(at + 1, batch);
    return this.#learner.policy;
  }

  async #step(step: number, batch: Batch): Promise<void> {
    await this.#proceed();
    const started = performance.now();
    const groups = await this.#play(["train", step], batch, this.#settings.copies);
    const sampled = performance.now();
    this.#learner.step(groups.map((group) => graded(group).map(lessonOf)));
    const learnt = performance.now();
    const isValidated = step % this.#settings.evalInterval === 0 || step === this.#batches.length;
    const { rollouts: validation, seconds } = isValidated ? await this.#validate(step) : { rollouts: [], seconds: 0 };
    const timing = { sampling: (sampled - started) / 1000, training: (learnt - sampled) / 1000, eval: seconds };
    const metrics = this.#tell(step, { train: groups.flat(), validation, seconds: timing });
    if (isValidated) this.#listener.checkpoint(step, this.#learner.policy, metrics);
  }

  async #validate(step: number): Promise<{ rollouts: Rollout[]; seconds: number }> {
    const started = performance.now();
    const rows = this.#job.validation.map((row, at) => ({ row, at }));
    const groups = await this.#play(["validation", step], rows, this.#settings.evalSamples);
    return { rollouts: groups.flat(), seconds: (performance.now() - started) / 1000 };
  }

  /** @throws UserError where none of the rollouts has a score: going on would teach nothing */
  async #play(place: readonly (string | number)[], batch: Batch, copies: number): Promise<Rollout[][]> {
    const { signal, seed, ...surroundings } = this.#options;
    const stage = { ...surroundings, policy: this.#learner.policy, mostTurns: this.#settings.mostTurns };
    const playOne = async ({ row, at }: Batch[number], copy: number) => {
      signal.throwIfAborted();
      const { question, item } = readLine(row);
      const attempted = { traceId: `trace_${randomUUID().replaceAll("-", "")}`, item };
      return playRollout(question, attempted, seededRandom(seed, ...place, at, copy), stage);
    };
    const groups = await Promise.all(
      batch.map((drawn) =>
        Promise.all(Array.from({ length: copies }, (_, copy) => this.#places.run(() => playOne(drawn, copy)))),
      ),
    );
    signal.throwIfAborted();
    this.#mindDiscarded(groups.flat(), place);
    return groups;
  }

  #mindDiscarded(rollouts: readonly Rollout[], place: readonly (string | number)[]): void {
    const lost = rollouts.filter(({ score }) => score === undefined);
    if (lost.length === 0) return;
    const byTool = lost.filter(({ discardedBy }) => discardedBy === "tool").length;
    const what = `${lost.length} of ${rollouts.length} rollouts of ${place.join(" ")} discarded: ${byTool} had no answer of a tool, ${lost.length - byTool} no score of the grader.`;
    if (lost.length === rollouts.length) throw new UserError(what);
    this.#listener.message("warn", what);
  }

  #tell(step: number, figures: Omit<Parameters<typeof metricsOf>[0], "step" | "totalSteps">): Record<string, unknown> {
    const told = { step, totalSteps: this.#batches.length, ...figures };
    const metrics = metricsOf(told);
    this.#listener.metrics(metrics, lineOf(told));
    return metrics;
  }

  async #proceed(): Promise<void> {
    this.#options.signal.throwIfAborted();
    await this.#listener.proceed();
  }
}

/** Each epoch has the rows in an order of its own; its last batch may be smaller. */
function batchesOf(rows: readonly TrainingRow[], { epochs, batchSize }: Settings, seed: number): Batch[] {
  const placed = rows.map((row, at) => ({ row, at }));
  return Array.from({ length: epochs }, (_, epoch) => {
    const order = shuffled(placed, seededRandom(seed, "epoch", epoch));
    return Array.from({ length: Math.ceil(order.length / batchSize) }, (_unused, at) =>
      order.slice(at * batchSize, (at + 1) * batchSize),
    );
  }).flat();
}

function lessonOf(rollout: Rollout & { score: number }): Lesson {
  const reward = rewardOf({
    score: rollout.score,
    calls: rollout.calls.length,
    reasoningTokens: reasoningTokens(rollout),
  });
  return { reward, gradients: rollout.choices.map(({ gradient }) => gradient) };
}
