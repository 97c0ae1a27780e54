/** What is measured of an item in one result, from its graded attempts. Pure. */
import type { Figure } from "../../contract/comparison.ts";
import { isSuccess } from "../baseline/scores.ts";
import { bestOfK, passAtK } from "../statistics/best-of.ts";
import { mean } from "../statistics/describe.ts";
import type { Attempt, GradedAttempt } from "./attempt.ts";
import { meanCalls, meanScore } from "./common.ts";

export interface Measure {
  name: string;
  tool: string | null;
  unit: Figure["unit"];
  wanted: Figure["wanted"];
  /** Null where it cannot be said. */
  of: (attempts: readonly GradedAttempt[]) => number | null;
}

type Of = Measure["of"];
const more = (name: string, unit: Measure["unit"], of: Of): Measure => ({ name, tool: null, unit, wanted: "more", of });
const less = (name: string, unit: Measure["unit"], of: Of): Measure => ({ name, tool: null, unit, wanted: "less", of });

export const SCORE = more("score", "score", meanScore);

/** @param tools those whose calls are counted one by one */
export function otherMeasures(k: number, tools: readonly string[]): Measure[] {
  return [...ofSuccess(k), ...TIMES, ...TOKENS, ...ofCalls(tools)];
}

/** Of k attempts, averaged over all choices of k from those that there are: a result with more attempts is not favoured. */
function ofSuccess(k: number): Measure[] {
  const solved = more("solved", "share", (attempts) => mean(attempts.map(({ score }) => Number(isSuccess(score)))));
  if (k < 2) return [solved];
  const enough =
    (of: (scores: readonly number[]) => number): Of =>
    (attempts) =>
      attempts.length < k ? null : of(attempts.map(({ score }) => score));
  const alike = (scores: readonly number[], value: number) => allOf(scores.length, count(scores, value), k);
  return [
    solved,
    more(
      "best_of_k",
      "score",
      enough((scores) => bestOfK(scores, k)),
    ),
    more(
      "pass_at_k",
      "share",
      enough((scores) => passAtK(scores.length, scores.filter(isSuccess).length, k)),
    ),
    less(
      "always_zero",
      "share",
      enough((scores) => alike(scores, 0)),
    ),
    more(
      "always_one",
      "share",
      enough((scores) => alike(scores, 1)),
    ),
    {
      ...more(
        "varied",
        "share",
        enough((scores) => 1 - sum([...new Set(scores)].map((value) => alike(scores, value)))),
      ),
      wanted: null,
    },
  ];
}

/** The share of the choices of k of n attempts that are all among c of them. */
const allOf = (n: number, c: number, k: number) => 1 - passAtK(n, n - c, k);
const count = (scores: readonly number[], value: number) => scores.filter((score) => score === value).length;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const time = (name: string, part: "answer" | "model" | "tools") =>
  less(name, "milliseconds", (attempts) => mean(attempts.map(({ milliseconds }) => milliseconds[part])));
const TIMES = [time("answer_time", "answer"), time("model_time", "model"), time("tool_time", "tools")];

const tokens = (name: string, kind: "output" | "reasoning" | "input") =>
  less(name, "tokens", (attempts) => {
    const counted = attempts.flatMap(({ tokens: found }) => (found ? [found[kind]] : []));
    return counted.length === 0 ? null : mean(counted);
  });
const TOKENS = [
  tokens("output_tokens", "output"),
  tokens("reasoning_tokens", "reasoning"),
  tokens("input_tokens", "input"),
];

function ofCalls(tools: readonly string[]): Measure[] {
  const number = (name: string, of: (attempt: Attempt) => number) =>
    less(name, "number", (attempts) => mean(attempts.map(of)));
  const callsOf = (tool: string): Measure => ({
    ...number("tool_calls", ({ tools: called }) => called.filter((name) => name === tool).length),
    tool,
    wanted: null,
  });
  return [
    less("calls", "number", meanCalls),
    ...tools.map(callsOf),
    number("repeats", ({ tools: called }) => called.filter((tool, at) => tool === called[at - 1]).length),
    number("mistakes", ({ mistakes }) => mistakes),
    number("over_budget", ({ over_budget }) => over_budget),
  ];
}
