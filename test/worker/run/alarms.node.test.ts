import { describe, expect, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import { AlarmKind } from "../../../src/contract/run.ts";
import { alarmKey, pushOf } from "../../../src/worker/run/alarms.ts";
import type { RolloutSummary } from "../../../src/worker/run/summary.ts";
import {
  NOW,
  WINDOW,
  agreeing,
  answering,
  disagreeing,
  faulted,
  keys,
  look,
  lost,
  mistaken,
  ordinary,
  quiet,
  raisedBy,
  read,
  scoring,
  type Fields,
  unread,
} from "./observed.ts";
import { callOf, isoAt, START, summaries } from "./summaries.ts";

/** The first `odd` of `count` are of one kind, the others of another. */
const mixed = (count: number, odd: number, kind: Fields, others: (at: number) => Fields = ordinary, from = START) =>
  summaries(count, (at) => (at < odd ? kind : others(at)), from);

/** So many rollouts before those that alarms look at. */
const after = (before: number, earlier: Fields, rollouts: RolloutSummary[]) => [
  ...summaries(before, () => earlier, START - before * 1_000),
  ...rollouts,
];

/** For each alarm: rollouts at its threshold, and the nearest ones below it in share and in number. */
const cases: [string, { at: RolloutSummary[]; below: RolloutSummary[]; few: RolloutSummary[] }][] = [
  ["faults", { at: mixed(200, 10, faulted), below: mixed(200, 9, faulted), few: mixed(20, 4, faulted) }],
  [
    "abandoned",
    {
      at: mixed(100, 20, lost, () => ({ closed_at: isoAt(START) })),
      below: mixed(100, 19, lost, () => ({ closed_at: isoAt(START) })),
      few: mixed(9, 9, lost),
    },
  ],
  [
    "mistakes:unknown_path",
    { at: mixed(100, 80, mistaken), below: mixed(100, 79, mistaken), few: mixed(9, 9, mistaken) },
  ],
  [
    "score_too_good",
    {
      at: after(
        60,
        scoring(0.7),
        mixed(200, 190, scoring(1), () => scoring(0)),
      ),
      below: after(
        60,
        scoring(0.7),
        mixed(200, 189, scoring(1), () => scoring(0)),
      ),
      few: after(49, scoring(0.5), mixed(200, 200, scoring(1))),
    },
  ],
  [
    "identical_answers",
    {
      at: summaries(100, (at) => answering(at, at < 20 ? "42" : String(at + 1_000))),
      below: summaries(100, (at) => answering(at, at < 19 ? "42" : String(at + 1_000))),
      few: summaries(40, (at) => answering(at, at < 9 ? "42" : String(at + 1_000))),
    },
  ],
  [
    "claims_disagree",
    {
      at: mixed(100, 5, disagreeing, () => agreeing),
      below: mixed(120, 5, disagreeing, () => agreeing),
      few: mixed(10, 4, disagreeing, () => agreeing),
    },
  ],
  [
    "no_evidence",
    {
      at: mixed(40, 20, unread, () => read),
      below: mixed(42, 20, unread, () => read),
      few: mixed(18, 9, unread, () => read),
    },
  ],
];

describe.each(cases)("the alarm %s", (key, { at, below, few }) => {
  test("is raised at its threshold, once, and says what to do", () => {
    const [change, ...more] = raisedBy(at);
    expect(more).toEqual([]);
    expect([change?.state, change && alarmKey(change.alarm)]).toEqual(["raised", key]);
    expect(change?.alarm).toMatchObject({ raised_at: isoAt(NOW), cleared_at: null });
    expect(change?.alarm.value).toBeGreaterThanOrEqual(change?.alarm.threshold ?? Infinity);
    expect(change?.alarm.what_to_do).toMatch(/\w+/);
    expect(raisedBy(at, change ? [change.alarm] : [])).toEqual([]);
  });

  test("is quiet just below, and where there are too few to tell", () => {
    expect([keys(below), keys(few)]).toEqual([[], []]);
  });

  test("stands a little below its threshold, and clears when its occasion has passed", () => {
    const standing = raisedBy(at).map(({ alarm }) => alarm);
    expect(raisedBy(below, standing)).toEqual([]);
    const passed = [...at, ...summaries(WINDOW, (n) => ({ ...ordinary(n), closed_at: isoAt(START) }), START + 1e6)];
    expect(raisedBy(passed, standing)).toMatchObject([{ state: "cleared", alarm: { cleared_at: isoAt(NOW) } }]);
  });
});

describe("mistakes", () => {
  test("surge beside what was usual before", () => {
    const usual = (share: number) => summaries(100, (at) => (at < share * 100 ? mistaken : ordinary(at)), START - 1e6);
    const now = (odd: number) => mixed(200, odd, mistaken);
    expect(keys([...usual(0.1), ...now(70)])).toEqual(["raised mistakes:unknown_path"]);
    expect(keys([...usual(0.1), ...now(69)])).toEqual([]);
    expect(keys([...usual(0.9), ...now(200)])).toEqual([]);
  });

  test("are told apart by kind, a spent budget among them", () => {
    const both: Fields = { calls: [...(mistaken.calls ?? []), callOf({ outcome: "over_budget" })] };
    expect(keys(mixed(50, 50, both))).toEqual(["raised mistakes:unknown_path", "raised mistakes:over_budget"]);
  });
});

test.each<[string, (at: number) => Fields]>([
  ["mistakes:unknown_path", (at) => (at % 20 === 0 ? ordinary(at) : mistaken)],
  ["no_evidence", (at) => (at % 5 < 3 ? unread : read)],
])("trouble that goes on as it was keeps its alarm %s, though it becomes what was before", (key, kind) => {
  const standing = raisedBy(summaries(100, kind)).map(({ alarm }) => alarm);
  expect(standing.map(alarmKey)).toEqual([key]);
  for (const rollouts of [250, 300, 500]) expect(raisedBy(summaries(rollouts, kind), standing)).toEqual([]);
  const mended = [...summaries(300, kind), ...summaries(WINDOW, (at) => ({ ...read, ...ordinary(at) }), START + 1e6)];
  expect(raisedBy(mended, standing).map(({ state }) => state)).toEqual(["cleared"]);
});

describe("a score that", () => {
  const collapsed = (earlier: number, faults: number, score = 0.05) =>
    after(
      60,
      scoring(earlier),
      mixed(200, faults, { ...faulted, ...scoring(score) }, () => scoring(score)),
    );

  test("collapses together with faults is an alarm, beside that of the faults", () => {
    expect(keys(collapsed(0.3, 10))).toEqual(["raised faults", "raised score_collapse"]);
  });

  test("collapses together with faults that no ledger has is one, too", () => {
    expect(keys(collapsed(0.3, 0), { ...quiet, unrecordedFaults: 11 })).toEqual([
      "raised faults",
      "raised score_collapse",
    ]);
  });

  test("collapses without faults is the model's own", () => {
    expect(keys(collapsed(0.3, 9))).toEqual([]);
  });

  test("was never better, or has not quite collapsed, is no alarm of its own", () => {
    expect([keys(collapsed(0.19, 10)), keys(collapsed(0.3, 10, 0.051))]).toEqual([
      ["raised faults"],
      ["raised faults"],
    ]);
  });

  test("has recovered clears it", () => {
    const standing = raisedBy(collapsed(0.3, 10)).map(({ alarm }) => alarm);
    const recovered = [...collapsed(0.3, 10), ...summaries(WINDOW, () => scoring(0.3), START + 1e6)];
    expect(raisedBy(recovered, standing).map(({ state, alarm }) => [state, alarm.kind])).toEqual([
      ["cleared", "faults"],
      ["cleared", "score_collapse"],
    ]);
    expect(raisedBy(recovered, standing)[1]?.alarm.message).toBe(
      "The mean score of the latest rollouts is 0.30; before it was 0.11.",
    );
  });

  test("was always good is no alarm", () => {
    expect(keys(summaries(500, () => scoring(1)))).toEqual([]);
  });
});

describe("answers without evidence", () => {
  test("surge beside what was usual before", () => {
    const usual = summaries(100, (at) => (at < 40 ? unread : read), START - 1e6);
    expect(keys([...usual, ...mixed(200, 130, unread, () => read)])).toEqual(["raised no_evidence"]);
    expect(keys([...usual, ...mixed(200, 129, unread, () => read)])).toEqual([]);
  });

  test("are not held against rows that say nothing of evidence, nor against wrong answers", () => {
    expect(keys(summaries(60, () => scoring(1, { evidence: { source: "unknown", calls: [] } })))).toEqual([]);
    expect(keys(summaries(60, () => scoring(0, { evidence: { source: "none", calls: [] } })))).toEqual([]);
  });
});

describe("signals", () => {
  const rollouts = summaries(100, ordinary);
  test("unauthorised calls with a trace id raise their alarm at the third", () => {
    expect(keys(rollouts, { ...quiet, unauthorizedRollouts: 3 })).toEqual(["raised unauthorized_rollouts"]);
    expect(keys(rollouts, { ...quiet, unauthorizedRollouts: 2 })).toEqual([]);
    const standing = raisedBy([], [], { ...quiet, unauthorizedRollouts: 3 }).map(({ alarm }) => alarm);
    expect(raisedBy(rollouts, standing).map(({ state }) => state)).toEqual(["cleared"]);
  });

  test("faults that no ledger has count as faulted rollouts", () => {
    expect(keys(rollouts, { ...quiet, unrecordedFaults: 6 })).toEqual(["raised faults"]);
    expect(keys(rollouts, { ...quiet, unrecordedFaults: 5 })).toEqual([]);
  });
});

describe("what an alarm says", () => {
  const standing = raisedBy(mixed(50, 50, mistaken)).map(({ alarm }) => alarm);

  test("is of now as long as it stands, and of when it was cleared then; what raised it stays apart", () => {
    expect(standing).toMatchObject([
      { raised_value: 1, value: 1, threshold: 0.8, message: expect.stringMatching(/^100 %/) },
    ]);
    const [stands] = look([...mixed(50, 50, mistaken), ...mixed(50, 40, mistaken, ordinary, START + 1e6)], standing);
    expect(stands).toMatchObject({
      state: "stands",
      alarm: { raised_value: 1, value: 0.9, threshold: 0.8, cleared_at: null, message: expect.stringMatching(/^90 %/) },
    });
  });

  test("does not look as if its occasion went on when that is gone altogether", () => {
    const gone = [...mixed(50, 50, mistaken), ...summaries(WINDOW, ordinary, START + 1e6)];
    const [cleared] = raisedBy(gone, standing);
    expect(cleared?.alarm).toMatchObject({
      value: 0,
      threshold: 0.8,
      message: expect.stringMatching(/^0 % of .*; before it were 100 %/),
    });
    expect(cleared && pushOf("job", "cleared", cleared.alarm).text).toMatch(
      /^edgegym: run job: cleared: mistakes:unknown_path: 0 %/,
    );
  });

  test("has no more digits than mean something", () => {
    const usual = summaries(90, (at) => (at % 3 === 0 ? mistaken : ordinary(at)), START - 1e6);
    const [raised] = raisedBy([...usual, ...mixed(200, 133, mistaken)]);
    expect(raised?.alarm).toMatchObject({ value: 0.665, threshold: 0.583 });
  });
});

test("rollouts long before the latest say nothing", () => {
  const old = mixed(50, 50, faulted);
  const later = summaries(20, ordinary, START + limits.alarmWindowMilliseconds + 60_000);
  expect(keys([...old, ...later])).toEqual([]);
});

test("every kind of alarm has been seen here", () => {
  const seen = new Set([...cases.map(([key]) => key.split(":")[0]), "score_collapse", "unauthorized_rollouts"]);
  expect(seen).toEqual(new Set(AlarmKind.options));
});
