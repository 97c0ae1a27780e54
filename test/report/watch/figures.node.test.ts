import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JobEvent } from "../../../src/contract/fine-tuning.ts";
import { WatchStep } from "../../../src/contract/watch.ts";
import { figuresOf, stepsOf, timeOf } from "../../../src/report/watch/figures.ts";
import { leavesOf } from "../../../src/report/watch/leaves.ts";
import { eventOf, exampleEvents } from "./jobs.ts";

const event = (data: unknown, fields: Partial<JobEvent> = {}): JobEvent => ({
  id: "ftevent-1",
  created_at: 1_746_679_539,
  type: "metrics",
  message: "",
  data,
  ...fields,
});
const stepOf = (data: unknown, fields: Partial<JobEvent> = {}) => figuresOf(event(data, fields))?.step;

/** As OpenAI's guide shows an event of a real job. */
const OPENAI = {
  step: 10,
  usage: {
    graders: [{ name: "judge", type: "score_model", model: "gpt-4o", train_prompt_tokens_mean: 241 }],
    samples: { train_reasoning_tokens_mean: 3330, valid_reasoning_tokens_mean: 1948.9 },
  },
  errors: {
    graders: [
      {
        name: "judge",
        type: "score_model",
        train_other_error_mean: 0.5,
        train_other_error_count: 3,
        valid_other_error_count: 1,
        train_sample_parse_error_count: 2,
      },
    ],
  },
  scores: {
    graders: [{ name: "judge", type: "score_model", train_reward_mean: 0.44, valid_reward_mean: 0.675 }],
    train_reward_mean: 0.42,
    valid_reward_mean: 0.675,
  },
  timing: { step: { eval: 101.7, sampling: 226.8, training: 402.4, full_iteration: 731.5 }, graders: [] },
  total_steps: 20,
  train_mean_reward: 0.42,
  reasoning_tokens_mean: 3330,
  completion_tokens_mean: 3376,
  full_valid_mean_reward: 0.675,
  mean_unresponsive_rewards: 0,
  valid_reasoning_tokens_mean: 1948.9,
};

describe("a step's event is read", () => {
  test("of OpenAI, with what has no place of its own kept by its name", () => {
    expect(figuresOf(event(OPENAI))?.total_steps).toBe(20);
    expect(stepOf(OPENAI)).toMatchObject({
      step: 10,
      at: "2025-05-08T04:45:39.000Z",
      train_reward: 0.42,
      valid_reward: 0.675,
      reasoning_tokens: 3330,
      valid_reasoning_tokens: 1948.9,
      completion_tokens: 3376,
      grader_errors: 6,
      unresponsive_rewards: 0,
      seconds: { sampling: 226.8, training: 402.4, eval: 101.7, full_iteration: 731.5 },
    });
    expect(stepOf(OPENAI)?.other).toEqual([
      { name: "usage/graders/judge/train_prompt_tokens_mean", value: 241 },
      { name: "errors/graders/judge/train_other_error_mean", value: 0.5 },
      { name: "scores/graders/judge/train_reward_mean", value: 0.44 },
      { name: "scores/graders/judge/valid_reward_mean", value: 0.675 },
    ]);
  });

  test.each<[string, object, object]>([
    [
      "by tool, in an object",
      { tools: { search: { calls_mean: 4, train_execution_latency_mean: 0.2, error_count: 1 } } },
      { calls: 4, latency_seconds: 0.2, errors: 1 },
    ],
    ["by tool, in a list", { tools: [{ name: "search", calls_per_rollout: 4, errors: 1 }] }, { calls: 4, errors: 1 }],
    [
      "by figure",
      { tool_calls_per_rollout: { search: 4 }, tool_execution_latency_ms: { search: 200 }, tool_errors: { search: 1 } },
      { calls: 4, latency_seconds: 0.2, errors: 1 },
    ],
    [
      "under what it is of",
      { timing: { tools: { search: { train_mean: 0.2 } } }, errors: { tools: { search: { count: 1 } } } },
      { latency_seconds: 0.2, errors: 1 },
    ],
    ["in one name", { train_error_count_search: 1 }, { errors: 1 }],
  ])("with tools' figures %s", (_, data, figures) => {
    expect(stepOf({ step: 1, ...data })?.tools).toEqual([
      { tool: "search", calls: null, latency_seconds: null, errors: null, ...figures },
    ]);
  });

  test("with tool calls over all tools, told or added up", () => {
    expect(stepOf({ step: 1, mean_tool_calls_per_rollout: 7 })?.tool_calls).toBe(7);
    expect(stepOf({ step: 1, tool_calls_per_rollout: { search: 4, cat: 1.5 } })?.tool_calls).toBe(5.5);
  });

  test("without taking validations' tools, or tokens, for the step's calls", () => {
    const step = stepOf({
      step: 1,
      valid_tool_calls_per_rollout: { search: 4 },
      tokens_per_tool_call: { search: 900 },
    });
    expect(step?.tools).toEqual([]);
    expect(step?.other.map(({ name }) => name)).toEqual([
      "valid_tool_calls_per_rollout/search",
      "tokens_per_tool_call/search",
    ]);
  });

  test.each<[string, JobEvent]>([
    ["numbers as texts", event({ step: "3", train_mean_reward: "0.5" })],
    ["data as a text", event(JSON.stringify({ step: 3, train_reward_mean: 0.5 }))],
    ["a column's name", event({ step: 3, "scores/train_reward_mean": 0.5 })],
    [
      "only a message",
      event(undefined, { message: "Step 3/20 , train mean reward=0.5, full validation mean reward=0.68" }),
    ],
  ])("from %s", (_, told) => {
    expect(figuresOf(told)?.step).toMatchObject({ step: 3, train_reward: 0.5 });
  });

  test.each<[string, unknown, string]>([
    ["of the log", null, "The job is running."],
    ["of a checkpoint", null, "Checkpoint created at step 10"],
    ["with a step alone", { step: 3 }, ""],
    ["with a step that is none", { step: -1, train_mean_reward: 0.5 }, ""],
    ["with a step of nowhere", { step: 1e300, train_mean_reward: 0.5 }, ""],
  ])("and an event %s is none", (_, data, message) => {
    expect(figuresOf(event(data, { message }))).toBeUndefined();
  });
});

test("whatever comes, figures fit their schema, and no event is an error", () => {
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "step",
      "tools",
      "name",
      "errors",
      "graders",
      "__proto__",
      "constructor",
      "train_mean_reward",
      "a/b",
      "tool_calls",
    ),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "large" },
      fc.oneof(
        fc.double(),
        fc.integer(),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom("0.5", "1e400", "-0"),
      ),
      fc.array(tie("tree"), { maxLength: 5 }),
      fc.array(fc.tuple(key, tie("tree")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.double(), fc.string(), (data, created_at, message) => {
      const { steps } = stepsOf([event(data, { created_at, message }), event({ step: 1, data }, { created_at })]);
      for (const step of steps) expect(WatchStep.parse(step)).toEqual(step);
      expect(Number.isNaN(Date.parse(timeOf(created_at)))).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("numbers that no figure can have are none, so that sums and means stay numbers", () => {
  const errors = { graders: { one: { train_other_error_count: 1e308 }, two: { train_other_error_count: 1e308 } } };
  expect(stepOf({ step: 1, train_mean_reward: -1e308, valid_mean_reward: "1e300", errors })).toBeUndefined();
  expect(stepOf({ step: 1, train_mean_reward: 0.5, errors })).toMatchObject({ train_reward: 0.5, grader_errors: null });
});

test("an event without end is read in part", () => {
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`figure_${at}`, at]));
  expect(leavesOf(wide)).toHaveLength(500);
  let deep: object = { train_mean_reward: 1 };
  for (let at = 0; at < 5_000; at++) deep = { deep };
  expect(leavesOf(deep)).toEqual([]);
  const manyTools = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`tool_${at}`, at]));
  expect(stepOf({ step: 1, tool_calls_per_rollout: manyTools })?.tools).toHaveLength(50);
});

describe("steps", () => {
  test("are in their order, whatever the events' order, with the total that was told last", () => {
    const { steps, total_steps } = stepsOf(exampleEvents(12).toReversed());
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    expect(total_steps).toBe(60);
  });

  test("that are told of twice have the later figures, and what only the earlier event told", () => {
    const first = { ...eventOf(1, { train: 0.3, valid: 0.5 }), created_at: 1 };
    const later = event({ step: 1, train_mean_reward: 0.4, tool_calls_per_rollout: { cat: 1 } }, { created_at: 2 });
    const { steps } = stepsOf([later, first]);
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ train_reward: 0.4, valid_reward: 0.5 });
    expect(steps[0]?.tools.map(({ tool, calls }) => [tool, calls])).toEqual([
      ["list", 1.57],
      ["search", 3.925],
      ["cat", 1],
    ]);
  });
});
