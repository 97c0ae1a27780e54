import { describe, expect, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import type { HintKind, WatchSnapshot, WatchStep } from "../../../src/contract/watch.ts";
import { hintsOf } from "../../../src/report/watch/hints.ts";
import { isoAt, START } from "../../worker/run/summaries.ts";
import { exampleAlarm, exampleRun, exampleSnapshot, stepsWith } from "./jobs.ts";

const NOTHING = exampleSnapshot({ events: [], checkpoints: [], run: undefined });

function hintsWith(steps: readonly Partial<WatchStep>[], fields: Partial<WatchSnapshot> = {}) {
  return hintsOf({ ...NOTHING, steps: stepsWith(steps), ...fields });
}
const kinds = (steps: readonly Partial<WatchStep>[], fields: Partial<WatchSnapshot> = {}): HintKind[] =>
  hintsWith(steps, fields).map(({ kind }) => kind);
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

test("without figures there is no hint, nor with a step or two", () => {
  expect(kinds([])).toEqual([]);
  expect(kinds([{ train_reward: 0.4, valid_reward: 0.2, reasoning_tokens: 10 }])).toEqual([]);
  expect(hintsOf(exampleSnapshot())).toEqual([]);
});

describe("exploring", () => {
  const from = (reward: number, tokens: number) => [
    ...times(3, { train_reward: 0.5, reasoning_tokens: 1000 }),
    ...times(3, { train_reward: reward, reasoning_tokens: tokens }),
  ];

  test("is a reward that falls while reasoning grows, with the figures", () => {
    expect(hintsWith(from(0.46, 1200))[0]).toMatchObject({
      kind: "exploring",
      finding:
        "The reward has gone from 0.50 to 0.46 while reasoning grew from 1,000 to 1,200 tokens (means of 3 steps).",
    });
  });

  test.each<[string, readonly Partial<WatchStep>[], boolean]>([
    ["both at their borders", from(0.46, 1101), true],
    ["a reward that falls too little", from(0.48, 1500), false],
    ["reasoning that grows too little", from(0.3, 1090), false],
    ["a reward that falls alone", from(0.3, 900), false],
    ["five steps", from(0.3, 2000).slice(1), false],
    [
      "no reasoning at first",
      from(0.3, 2000).map((step, at) => (at < 3 ? { ...step, reasoning_tokens: 0 } : step)),
      false,
    ],
  ])("%s", (_, steps, isSaid) => expect(kinds(steps).includes("exploring")).toBe(isSaid));
});

describe("a plateau", () => {
  const validations = (...rewards: number[]) => rewards.map((valid_reward) => ({ valid_reward }));

  test.each<[string, readonly Partial<WatchStep>[], boolean]>([
    ["of validations", validations(0.5, 0.55, 0.6, 0.6, 0.59, 0.605), true],
    ["that still rise", validations(0.5, 0.55, 0.6, 0.6, 0.6, 0.611), false],
    ["of too few validations", validations(0.6, 0.6, 0.6, 0.6, 0.6), false],
    ["of many training steps", times(20, { train_reward: 0.5 }), true],
    ["of too few training steps", times(19, { train_reward: 0.5 }), false],
    ["of training steps that rise", [...times(10, { train_reward: 0.5 }), ...times(10, { train_reward: 0.52 })], false],
  ])("%s", (_, steps, isSaid) => expect(kinds(steps).includes("plateau")).toBe(isSaid));

  test("of a job that has ended is nothing to do about", () => {
    const job = { ...NOTHING.job, ended: true };
    expect(kinds(times(20, { train_reward: 0.5 }), { job })).toEqual([]);
  });
});

describe("a gap", () => {
  const steps = (first: number, later: number) =>
    [first, first, later, later, later].map((train_reward) => ({ train_reward, valid_reward: 0.5 }));

  test.each<[string, readonly Partial<WatchStep>[], boolean]>([
    ["that has opened", steps(0.52, 0.65), true],
    ["that was there from the start", steps(0.62, 0.65), false],
    ["that is small", steps(0.48, 0.58), false],
    ["of too few validations", steps(0.52, 0.65).slice(0, 3), false],
    ["the other way round", steps(0.5, 0.3), false],
  ])("%s", (_, given, isSaid) => expect(kinds(given).includes("gap")).toBe(isSaid));
});

describe("too good to be true", () => {
  test.each<[string, readonly Partial<WatchStep>[], boolean]>([
    ["is a validation", [{ valid_reward: 0.95 }], true],
    ["is not one below", [{ valid_reward: 0.94 }], false],
    ["are some steps", times(3, { train_reward: 0.97 }), true],
    ["is not a single step", [{ train_reward: 0.4 }, { train_reward: 0.4 }, { train_reward: 1 }], false],
  ])("%s", (_, given, isSaid) => expect(kinds(given).includes("too_good")).toBe(isSaid));

  test("sends to the attack", () => {
    expect(hintsWith([{ valid_reward: 1 }])[0]?.advice).toContain("edgegym attack");
  });
});

describe("groups without variance", () => {
  const groups = (same: number, of: number) => ({ groups: { groups: of, same, zero: same, one: 0 } });

  test.each<[string, Partial<WatchSnapshot>, boolean]>([
    ["are many", groups(8, 10), true],
    ["are not quite as many", groups(7, 10), false],
    ["are too few to tell", groups(9, 9), false],
  ])("%s", (_, fields, isSaid) => expect(kinds([], fields).includes("no_variance")).toBe(isSaid));

  test("are too hard, or learned", () => {
    const [hard] = hintsWith([], { groups: { groups: 20, same: 18, zero: 15, one: 3 } });
    const [easy] = hintsWith([], { groups: { groups: 20, same: 18, zero: 2, one: 16 } });
    expect(hard?.advice).toMatch(/too hard/);
    expect(easy?.advice).toMatch(/learned/);
  });
});

describe("of the run", () => {
  const run = exampleRun(10);
  const rollouts = (discarded: number, graded: number) => ({
    run: { ...run, rollouts: { total: discarded + graded, open: 0, graded, discarded, abandoned: 0 } },
  });

  test.each<[string, Partial<WatchSnapshot>, boolean]>([
    ["discards are told of", rollouts(5, 245), true],
    ["a few of many are not", rollouts(5, 246), false],
    ["nor are four", rollouts(4, 4), false],
  ])("%s", (_, fields, isSaid) => expect(kinds([], fields).includes("discards")).toBe(isSaid));

  test("alarms are told of first, as long as they stand", () => {
    const cleared = { ...exampleAlarm, cleared_at: isoAt(START) };
    const [hint, ...others] = hintsWith([{ valid_reward: 1 }], { run: { ...run, alarms: [cleared, exampleAlarm] } });
    expect(hint).toEqual({ kind: "alarm", finding: exampleAlarm.message, advice: exampleAlarm.what_to_do });
    expect(others.map(({ kind }) => kind)).toEqual(["too_good"]);
  });

  test("a reward that falls while there are faults is theirs, with both figures", () => {
    const rewards = [0.5, 0.5, 0.5, 0.5, 0.3].map((train_reward) => ({ train_reward }));
    const [hint] = hintsWith(rewards, { run: exampleRun(5, 5) });
    expect(hint?.kind).toBe("dip_with_faults");
    expect(hint?.finding).toMatch(/step 5 is 0\.30, after 0\.50 .* 240 faults in 552 rollouts/);
  });

  test.each<[string, number, number]>([
    ["faults without a dip", 0.45, 5],
    ["a dip without faults", 0.3, -1],
    ["a dip after the faults", 0.3, 2],
  ])("%s are not one", (_, last, faultsAt) => {
    const rewards = [0.5, 0.5, 0.5, 0.5, last].map((train_reward) => ({ train_reward }));
    expect(kinds(rewards, { run: exampleRun(5, faultsAt) })).not.toContain("dip_with_faults");
  });
});

test("grading errors are told of when they are some", () => {
  const errors = (count: number) => kinds([{ grader_errors: 99 }, {}, {}, { grader_errors: count }]);
  expect(errors(limits.watchGraderErrors)).toEqual(["grader_errors"]);
  expect(errors(limits.watchGraderErrors - 1)).toEqual([]);
});
