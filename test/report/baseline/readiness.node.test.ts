import { describe, expect, test } from "vitest";
import type { AttackResult } from "../../../src/contract/attack.ts";
import type { Baseline } from "../../../src/contract/baseline.ts";
import type { Summarising } from "../../../src/report/baseline/summary.ts";
import { call, manifest, rollout, scored, summary } from "./results.ts";

/** Forty items: some never solved, some always, ten sometimes. */
const healthy = [...many(15, "never", 0, 0, 0), ...many(10, "now and then", 0, 1, 0.5), ...many(15, "always", 1, 1, 1)];

function many(count: number, name: string, ...scores: (number | null)[]) {
  return Array.from({ length: count }, (_, at) => scored(`${name} ${at}`, ...scores)).flat();
}

const attack = (said: Partial<AttackResult> = {}): AttackResult => {
  const control = {
    family: "control",
    name: "reference",
    description: "",
    verdict: "passed" as const,
    answers: 1,
    highest: 1,
    lowest: 1,
    mean: 1,
    paid_one: 1,
    failures: { count: 0, examples: [] },
    near_misses: { count: 0, examples: [] },
  };
  return {
    schema: 1,
    battery: "attack",
    url: "https://gym.example.com",
    environment: "finqa",
    seed: "1",
    items: { rows: 1, chosen: 1, left_out: [] },
    control,
    classes: [control],
    problems: [],
    interrupted: false,
    stopped: false,
    passed: true,
    ...said,
  };
};

const known = { attack: attack(), labels: { rows: 40, doubted: 1 } };

function states(results = healthy, said: Partial<Summarising> = {}) {
  const { readiness } = summary(results, { beside: known, ...said });
  return { ready: readiness.ready, ...Object.fromEntries(readiness.checks.map(({ name, state }) => [name, state])) };
}

test("a baseline with nothing in the way is ready", () => {
  const { readiness } = summary(healthy, { beside: known });
  expect(readiness.checks.filter(({ state }) => state !== "ready")).toEqual([]);
  expect(readiness.ready).toBe(true);
});

test("what nobody looked at is not known, and does not stand in the way", () => {
  expect(states(healthy, { beside: { attack: null, labels: null } })).toMatchObject({
    ready: true,
    labels: "unknown",
    grader: "unknown",
  });
});

describe("not yet, and which check says so:", () => {
  const standIn = manifest({
    items: 40,
    agent: { kind: "scripted", model: null, base_url: null, reasoning_effort: null, error_rate: null, seed: "1" },
  });
  const failed = attack({ passed: false });
  test.each<[string, string, Baseline["readiness"]]>([
    ["a stand-in played", "model", summary(healthy, { manifest: standIn }).readiness],
    ["few items", "coverage", summary(many(5, "few", 0, 1, 1)).readiness],
    ["half of it not played", "coverage", summary(healthy, { manifest: manifest({ items: 80 }) }).readiness],
    ["nothing ever succeeds", "baseline", summary(many(40, "never", 0, 0, 0)).readiness],
    ["nothing is left to learn", "baseline", summary(many(40, "always", 1, 1, 1)).readiness],
    ["no item varies", "variance", summary([...many(20, "no", 0, 0, 0), ...many(20, "yes", 1, 1, 1)]).readiness],
    ["more attempts find nothing", "best_of_k", summary([...many(20, "no", 0, 0), ...many(20, "yes", 1, 1)]).readiness],
    ["few groups would teach", "signal", summary([...many(60, "no", 0, 0, 0), ...many(60, "yes", 1, 1, 1)]).readiness],
    [
      "labels are doubted",
      "labels",
      summary(healthy, { beside: { ...known, labels: { rows: 40, doubted: 9 } } }).readiness,
    ],
    ["the grader pays tricks", "grader", summary(healthy, { beside: { ...known, attack: failed } }).readiness],
    ["endpoints fail", "faults", summary(many(40, "some", 0, 1, null)).readiness],
    [
      "a call is refused",
      "faults",
      summary([...healthy, rollout("r", 1, { turns: [{ calls: [call("cat", { status: 401 })] }] })]).readiness,
    ],
    ["a tool is slow", "latency", summary(many(40, "slow", 0, 1, 1).map(slow)).readiness],
  ])("%s: %s", (_, name, readiness) => {
    const check = readiness.checks.find((found) => found.name === name);
    expect(check?.state).toBe("not_yet");
    expect(check?.advice).toMatch(/\w/);
    expect(readiness.ready).toBe(false);
  });
});

test("an attack with honest answers shows nothing of tricks", () => {
  expect(states(healthy, { beside: { ...known, attack: attack({ battery: "honest" }) } })).toMatchObject({
    grader: "unknown",
  });
});

test("an unfinished attack is no passed one", () => {
  expect(states(healthy, { beside: { ...known, attack: attack({ passed: false, interrupted: true }) } })).toMatchObject(
    {
      grader: "not_yet",
    },
  );
});

function slow(result: ReturnType<typeof rollout>) {
  return { ...result, turns: [{ calls: [call("search", { milliseconds: 30_000 })] }] };
}
