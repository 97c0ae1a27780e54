/**
 * A step's figures by the names that trainers give them (CONTRACTS: OpenAI's and Foundry's metrics events). `reward` there is the
 * grader's score; what is taken off it for calls and thinking (reward.ts) is not in them. Pure.
 */
import type { Rollout } from "./rollout.ts";

/** Characters of one token, about. */
const CHARACTERS_PER_TOKEN = 4;

export interface StepFigures {
  step: number;
  totalSteps: number;
  /** None before the first step. */
  train: readonly Rollout[];
  /** None where the step was not followed by a validation. */
  validation: readonly Rollout[];
  seconds: { sampling: number; training: number; eval: number };
}

/** The data of a step's event. A figure of which nothing is known is left out. */
export function metricsOf({ step, totalSteps, train, validation, seconds }: StepFigures): Record<string, unknown> {
  const [trained, valid] = [summaryOf(train), summaryOf(validation)];
  return withoutGaps({
    step,
    total_steps: totalSteps,
    train_mean_reward: trained.score,
    full_valid_mean_reward: valid.score,
    reasoning_tokens_mean: trained.reasoningTokens,
    completion_tokens_mean: trained.completionTokens,
    valid_reasoning_tokens_mean: valid.reasoningTokens,
    valid_completion_tokens_mean: valid.completionTokens,
    mean_unresponsive_rewards: trained.unresponsive,
    tool_calls_mean: trained.calls,
    valid_tool_calls_mean: valid.calls,
    scores: withoutGaps({ train_reward_mean: trained.score, valid_reward_mean: valid.score }),
    usage: {
      samples: withoutGaps({
        train_reasoning_tokens_mean: trained.reasoningTokens,
        train_completion_tokens_mean: trained.completionTokens,
        valid_reasoning_tokens_mean: valid.reasoningTokens,
        valid_completion_tokens_mean: valid.completionTokens,
      }),
    },
    errors: { graders: [{ name: "grader", error_count: discardedBy("grader", [...train, ...validation]) }] },
    rollouts: {
      train_graded: graded(train).length,
      train_discarded: train.length - graded(train).length,
      valid_graded: graded(validation).length,
      valid_discarded: validation.length - graded(validation).length,
    },
    tools: toolFigures(train),
    timing: { step: { ...seconds, full_iteration: seconds.sampling + seconds.training + seconds.eval } },
  });
}

/** A line for the job's log. */
export function lineOf({ step, totalSteps, train, validation }: StepFigures): string {
  const [trained, valid] = [summaryOf(train), summaryOf(validation)];
  const said = [
    trained.score === undefined ? [] : [`training mean reward=${trained.score.toFixed(3)}`],
    valid.score === undefined ? [] : [`full validation mean reward=${valid.score.toFixed(3)}`],
    trained.calls === undefined ? [] : [`tool calls per rollout=${trained.calls.toFixed(2)}`],
  ];
  return `Step ${step}/${totalSteps}: ${said.flat().join(", ")}`;
}

/** Rollouts with a score. */
export function graded(rollouts: readonly Rollout[]): (Rollout & { score: number })[] {
  return rollouts.flatMap((rollout) => (rollout.score === undefined ? [] : [{ ...rollout, score: rollout.score }]));
}

export const reasoningTokens = ({ choices }: Rollout) => sum(choices.map((choice) => choice.reasoningTokens));

/** Means over the rollouts with a score; undefined where there is none. */
function summaryOf(rollouts: readonly Rollout[]) {
  const counted = graded(rollouts);
  return {
    score: mean(counted.map(({ score }) => score)),
    reasoningTokens: mean(counted.map(reasoningTokens)),
    completionTokens: mean(counted.map(({ choices }) => sum(choices.map((choice) => choice.outputTokens)))),
    calls: mean(counted.map(({ calls }) => calls.length)),
    unresponsive: mean(counted.map(({ hasAnswered }) => (hasAnswered ? 0 : 1))),
  };
}

const discardedBy = (by: Rollout["discardedBy"], rollouts: readonly Rollout[]) =>
  rollouts.filter((rollout) => rollout.discardedBy === by).length;

/** By tool: calls of a rollout, tokens of an answer, seconds of a call, tries that failed. */
function toolFigures(rollouts: readonly Rollout[]): Record<string, Record<string, unknown>> {
  const calls = rollouts.flatMap((rollout) => rollout.calls);
  const names = [...new Set(calls.map(({ tool }) => tool))].toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const own = calls.filter(({ tool }) => tool === name);
      const shown = own.flatMap(({ output }) => (output === undefined ? [] : [output.length / CHARACTERS_PER_TOKEN]));
      const figures = {
        calls_mean: own.length / rollouts.length,
        tokens_per_call_mean: mean(shown),
        execution_latency_mean: mean(own.map(({ milliseconds }) => milliseconds / 1000)),
        error_count: sum(own.map(({ errors }) => errors)),
      };
      return [name, withoutGaps(figures)];
    }),
  );
}

function withoutGaps(figures: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => (values.length === 0 ? undefined : sum(values) / values.length);
