/**
 * A step's figures out of a metrics event, leniently: hosts name, nest and spell the same things differently, and add others. What is
 * not recognised is kept under its own name; nothing is an error. Names known: OpenAI's reinforcement fine-tuning guide (appendix
 * "Training metrics") and microsoft-foundry/fine-tuning (Docs/tool-call-endpoint-grader.md, the columns of its result files). Pure.
 */
import type { JobEvent } from "../../contract/fine-tuning.ts";
import type { WatchStep } from "../../contract/watch.ts";
import { type Leaf, leavesOf, numberOf } from "./leaves.ts";
import { ToolFigures } from "./tool-figures.ts";

/** Figures of a step that are single numbers. */
type Single = Exclude<keyof WatchStep, "step" | "at" | "tools" | "seconds" | "other" | "grader_errors">;
type Timing = keyof WatchStep["seconds"];

const of = (...names: string[]) => new RegExp(`^(?:${names.join("|")})$`);
/** What hosts put before the figures of the validation rows. */
const VALIDATION = "(?:full_)?(?:valid|validation|eval|val)";

/** Paths in small letters by what they are; of several that fit, the one that stands first in the event counts. */
const SINGLES: readonly (readonly [Single, RegExp])[] = [
  ["train_reward", of("(?:scores/)?train_(?:mean_reward|reward_mean|reward)")],
  ["valid_reward", of(`(?:scores/)?${VALIDATION}_(?:mean_reward|reward_mean|reward)`)],
  ["reasoning_tokens", of("(?:usage/samples/)?(?:train_)?(?:reasoning_tokens_mean|mean_reasoning_tokens)")],
  ["valid_reasoning_tokens", of(`(?:usage/samples/)?${VALIDATION}_(?:reasoning_tokens_mean|mean_reasoning_tokens)`)],
  [
    "completion_tokens",
    of("(?:usage/samples/)?(?:train_)?(?:(?:completion|output)_tokens_mean|mean_(?:completion|output)_tokens)"),
  ],
  ["tool_calls", of("(?:usage/samples/)?(?:train_)?(?:mean_)?tool_calls(?:_per_rollout)?(?:_mean)?")],
  ["unresponsive_rewards", of("(?:train_)?(?:mean_unresponsive_rewards?|unresponsive_rewards?_mean)")],
];
const TIMINGS: readonly (readonly [Timing, RegExp])[] = [
  ["sampling", of("timing/step/sampling", "sampling_duration")],
  ["training", of("timing/step/training", "training_duration")],
  ["eval", of("timing/step/eval", "eval_duration")],
  ["full_iteration", of("timing/step/full_iteration", "total_duration", "full_iteration_duration")],
];
const STEP = of("step", "step_number", "current_step", "global_step");
const TOTAL = of("total_steps", "n_steps", "max_steps");
const GRADER_ERRORS = /(?:^|\/)errors\/.*graders?\/.*error_count$|^grader_error(?:s|_count)$/;

export interface EventFigures {
  step: WatchStep;
  total_steps: number | null;
}

/** What an event says of a step; undefined for one that says nothing of any, as most of the log. */
export function figuresOf(event: JobEvent): EventFigures | undefined {
  const leaves = leavesOf(dataOf(event));
  const said = leaves.some(isStep) ? leaves : spoken(event.message ?? "");
  const number = said.find(isStep)?.value;
  if (number === undefined || !Number.isSafeInteger(number) || number < 0) return undefined;
  const total = said.find((leaf) => TOTAL.test(pathOf(leaf)))?.value;
  const rest = said.filter((leaf) => !isStep(leaf) && !TOTAL.test(pathOf(leaf)));
  if (rest.length === 0) return undefined;
  const at = timeOf(event.created_at);
  return { step: read(number, at, rest), total_steps: Number.isSafeInteger(total) ? (total ?? null) : null };
}

const pathOf = ({ path }: Leaf) => path.join("/").toLowerCase();
const isStep = (leaf: Leaf) => STEP.test(pathOf(leaf));

function read(number: number, at: string, leaves: readonly Leaf[]): WatchStep {
  const step = emptyStep(number, at);
  const tools = new ToolFigures();
  for (const leaf of leaves) {
    const path = pathOf(leaf);
    const single = SINGLES.find(([, pattern]) => pattern.test(path))?.[0];
    const timing = TIMINGS.find(([, pattern]) => pattern.test(path))?.[0];
    if (single !== undefined && step[single] === null) step[single] = leaf.value;
    else if (timing !== undefined && step.seconds[timing] === null) step.seconds[timing] = leaf.value;
    else if (GRADER_ERRORS.test(path)) step.grader_errors = (step.grader_errors ?? 0) + leaf.value;
    else if (single === undefined && timing === undefined && !tools.take(leaf))
      step.other.push({ name: leaf.path.join("/"), value: leaf.value });
  }
  step.tools = tools.all();
  step.tool_calls ??= tools.calls();
  return step;
}

function emptyStep(step: number, at: string): WatchStep {
  return {
    step,
    at,
    train_reward: null,
    valid_reward: null,
    reasoning_tokens: null,
    valid_reasoning_tokens: null,
    completion_tokens: null,
    tool_calls: null,
    tools: [],
    grader_errors: null,
    unresponsive_rewards: null,
    seconds: { sampling: null, training: null, eval: null, full_iteration: null },
    other: [],
  };
}

/** Some hosts send the data as a text of JSON. */
function dataOf({ data }: JobEvent): unknown {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** "Step 10/20 , train mean reward=0.42, full validation mean reward=0.68": what the message says, where there is no data. */
function spoken(message: string): Leaf[] {
  const step = /\bstep (\d+)\s*(?:\/\s*(\d+))?/i.exec(message);
  if (!step) return [];
  const named = [...message.matchAll(/([a-z][a-z ]*?)\s*[=:]\s*(-?\d+(?:\.\d+)?)/gi)].map(
    ([, name = "", value = ""]) => ({
      path: [name.trim().toLowerCase().replaceAll(/\s+/g, "_")],
      value: Number(value),
    }),
  );
  const total = numberOf(step[2]);
  return [
    { path: ["step"], value: Number(step[1]) },
    ...(total === undefined ? [] : [{ path: ["total_steps"], value: total }]),
    ...named,
  ];
}

/** The latest moment that zod takes as one: in the year 9999. */
const LAST_MILLISECOND = 253_402_300_799_000;

/** @param seconds since 1970; a number that is no time becomes 1970 */
export function timeOf(seconds: number): string {
  const isTime = Number.isFinite(seconds) && seconds >= 0 && seconds * 1000 <= LAST_MILLISECOND;
  return new Date(isTime ? seconds * 1000 : 0).toISOString();
}

/**
 * Steps by their number. Where several events tell of one step, as after a resumption, the later ones have the say, and what only
 * the earlier one told stands. @param events in any order
 */
export function stepsOf(events: readonly JobEvent[]): { steps: WatchStep[]; total_steps: number | null } {
  const found = events.toSorted((a, b) => a.created_at - b.created_at).flatMap((event) => figuresOf(event) ?? []);
  const steps = new Map<number, WatchStep>();
  for (const { step } of found) steps.set(step.step, merged(steps.get(step.step), step));
  const total_steps = found.findLast((figures) => figures.total_steps !== null)?.total_steps ?? null;
  return { steps: [...steps.values()].toSorted((a, b) => a.step - b.step), total_steps };
}

function merged(before: WatchStep | undefined, after: WatchStep): WatchStep {
  if (!before) return after;
  const later = (key: Single | "grader_errors") => after[key] ?? before[key];
  const seconds = (key: Timing) => after.seconds[key] ?? before.seconds[key];
  return {
    step: after.step,
    at: after.at,
    train_reward: later("train_reward"),
    valid_reward: later("valid_reward"),
    reasoning_tokens: later("reasoning_tokens"),
    valid_reasoning_tokens: later("valid_reasoning_tokens"),
    completion_tokens: later("completion_tokens"),
    tool_calls: later("tool_calls"),
    tools: joined(before.tools, after.tools, ({ tool }) => tool),
    grader_errors: later("grader_errors"),
    unresponsive_rewards: later("unresponsive_rewards"),
    seconds: {
      sampling: seconds("sampling"),
      training: seconds("training"),
      eval: seconds("eval"),
      full_iteration: seconds("full_iteration"),
    },
    other: joined(before.other, after.other, ({ name }) => name),
  };
}

/** What is told again gives way to how it is told then. */
function joined<Entry>(before: readonly Entry[], after: readonly Entry[], nameOf: (entry: Entry) => string): Entry[] {
  const names = new Set(after.map(nameOf));
  return [...before.filter((entry) => !names.has(nameOf(entry))), ...after];
}
