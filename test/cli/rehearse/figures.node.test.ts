import { expect, test } from "vitest";
import { executedCalls, figures } from "../../../src/cli/rehearse/figures.ts";
import type { PlayedRollout } from "../../../src/cli/rehearse/observations.ts";
import { delivery, keptCase, overdrawnCase } from "./case.ts";

const all = { planned: 3, executed: 10, milliseconds: 2_000 };

function played(said: Partial<PlayedRollout> = {}): PlayedRollout {
  return { ...keptCase().rollout, ...said };
}

test("rollouts are counted by how they ended; those that never began are unfinished", () => {
  const found = figures([played(), played({ ending: "discarded" }), played({ ending: "unfinished" })], {
    ...all,
    planned: 5,
  });
  expect(found.rollouts).toEqual({ planned: 5, graded: 1, discarded: 1, unfinished: 3 });
});

test("calls are counted as they were decided on, as requests without those of gradings, and as ledgers have them", () => {
  expect(figures([played(), played()], all).calls).toEqual({ decided: 10, deliveries: 50, executed: 10 });
  const { ledger } = keptCase();
  ledger!.calls.push(ledger!.calls[0]!);
  expect([executedCalls(ledger), executedCalls(null), executedCalls(overdrawnCase().ledger)]).toEqual([5, 0, 7]);
});

test("answers are counted by status; what was cut on purpose is told from what had no answer", () => {
  const rollout = played({ gradings: [{ expectedScore: 1, deliveries: [{ ...delivery(), status: "none" }] }] });
  expect(figures([rollout], all).statuses).toEqual({
    "200": 10,
    "400": 5,
    "401": 5,
    "abandoned on purpose": 5,
    "no answer": 1,
  });
});

test("latencies are those of answered requests, by tool, as nearest ranks", () => {
  const [call] = keptCase().rollout.calls;
  const answered = Array.from({ length: 200 }, (_, n) => ({ ...delivery(), milliseconds: 200 - n }));
  const deliveries = [...answered, { ...delivery(), status: 503, milliseconds: 9_999 }];
  const found = figures([played({ calls: [{ ...call!, tool: "search", deliveries }], gradings: [] })], all).latencies;
  expect(found).toEqual([{ kind: "search", requests: 200, p50: 100, p95: 190, p99: 198, most: 200 }]);
});

test("each second has the requests that were answered in it, its faults, and the rollouts that began and ended", () => {
  const [call] = keptCase().rollout.calls;
  const deliveries = [
    { ...delivery(), at: 900, milliseconds: 50 },
    { ...delivery(), at: 900, milliseconds: 150 },
    { ...delivery(), at: 2_100, milliseconds: 10, status: 503 },
    { ...delivery(), at: 2_200, milliseconds: 30, status: "none" as const },
    { ...delivery(), at: 2_300, milliseconds: 30, status: "none" as const, abandoned: true },
  ];
  const rollout = played({ calls: [{ ...call!, deliveries }], gradings: [], started: 800, ended: 3_100 });
  expect(figures([rollout], all).seconds).toEqual([
    { second: 0, answers: 1, faults: 0, p50: 50, started: 1, ended: 0 },
    { second: 1, answers: 1, faults: 0, p50: 150, started: 0, ended: 0 },
    { second: 2, answers: 3, faults: 2, p50: 0, started: 0, ended: 0 },
    { second: 3, answers: 0, faults: 0, p50: 0, started: 0, ended: 1 },
  ]);
});

test("steps have their rollouts, discards and time", () => {
  const inStep = (step: number, said: Partial<PlayedRollout>) =>
    played({ ...said, planned: { ...keptCase().rollout.planned, step } });
  const rollouts = [
    inStep(0, { started: 0, ended: 700 }),
    inStep(0, { started: 10, ended: 900, ending: "discarded" }),
    inStep(1, { started: 950, ended: 1_000 }),
  ];
  expect(figures(rollouts, all).steps).toEqual([
    { step: 1, rollouts: 2, discarded: 1, milliseconds: 900 },
    { step: 2, rollouts: 1, discarded: 0, milliseconds: 50 },
  ]);
});

test("scores are those of graded rollouts, and bias is of those that came to an end", () => {
  const found = figures(
    [played(), played({ score: 0.5 }), played({ ending: "discarded" }), played({ ending: "unfinished" })],
    all,
  );
  expect(found.scores).toEqual({ "0.5": 1, "1": 1 });
  expect(found.discard_bias).toEqual({ share: 1 / 3, items_tested: 1, items: [] });
});

test("of nothing there are no figures, and none that is no number", () => {
  expect(figures([], { planned: 7, executed: 0, milliseconds: 0 })).toEqual({
    rollouts: { planned: 7, graded: 0, discarded: 0, unfinished: 7 },
    calls: { decided: 0, deliveries: 0, executed: 0 },
    statuses: {},
    latencies: [],
    requests_per_second: 0,
    scores: {},
    seconds: [],
    steps: [],
    discard_bias: { share: 0, items_tested: 0, items: [] },
  });
});

test("requests a second are all that were sent over the whole time", () => {
  expect(figures([played()], all).requests_per_second).toBe(28 / 2);
});
