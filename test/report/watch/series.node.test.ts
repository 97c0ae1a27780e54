import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RolloutEntry } from "../../../src/contract/run.ts";
import { groupsOf } from "../../../src/report/watch/groups.ts";
import { countWithin, type Series, stepTimes, type Stretch, timeSpan } from "../../../src/report/watch/series.ts";
import { BLOCKS, sampled, sparkline } from "../../../src/report/watch/sparkline.ts";
import { isoAt, START } from "../../worker/run/summaries.ts";
import { exampleSnapshot, stateOf, stepsWith } from "./jobs.ts";

const series = (stretches: readonly Stretch[], scale: Series["scale"] = "reward"): Series => ({
  name: "a",
  source: "job",
  scale,
  stretches,
});
const each = (values: readonly number[], length = 10): Stretch[] =>
  values.map((value, at) => ({ from: at * length, to: (at + 1) * length, value }));

describe("a sparkline", () => {
  test("has a character for each part of the time, the higher the larger the value", () => {
    const options = { from: 0, to: 80, width: 8, least: 0, most: 7, levels: BLOCKS };
    expect(sparkline(series(each([0, 1, 2, 3, 4, 5, 6, 7])), options)).toBe(BLOCKS);
    expect(sparkline(series(each([7, 0], 40)), options)).toBe("████▁▁▁▁");
  });

  test("is blank where there is no value, and low where all are the same", () => {
    const [first, , third] = each([1, 1, 1]);
    const options = { from: 0, to: 30, width: 3, least: 1, most: 1, levels: BLOCKS };
    expect(sparkline(series([first, third].filter((stretch) => stretch !== undefined)), options)).toBe("▁ ▁");
  });

  test("means values and adds counts that fall into one part", () => {
    const stretches = each([1, 3, 5, 7]);
    const time = { from: 0, to: 40, width: 2 };
    expect(sampled(series(stretches), time)).toEqual([2, 6]);
    expect(sampled(series(stretches, "count"), time)).toEqual([4, 12]);
  });

  test("of counts shows all of them, however the time is cut", () => {
    const stretch = fc.record({ from: fc.nat(1000), length: fc.nat(200), value: fc.nat(50) });
    fc.assert(
      fc.property(
        fc.array(stretch, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 60 }),
        (some, width) => {
          const counts = series(
            some.map(({ from, length, value }) => ({ from, to: from + length, value })),
            "count",
          );
          const values = sampled(counts, { ...timeSpan([counts]), width });
          const total = some.reduce((sum, { value }) => sum + value, 0);
          expect(values.reduce((sum: number, value) => sum + (value ?? 0), 0)).toBeCloseTo(total, 6);
        },
      ),
    );
  });
});

test("counts of a time have a part of what lies in it in part", () => {
  expect(countWithin(each([10, 20]), 5, 15)).toBe(15);
  expect(countWithin([{ from: 5, to: 5, value: 7 }], 0, 5)).toBe(0);
  expect(countWithin([{ from: 5, to: 5, value: 7 }], 5, 10)).toBe(7);
});

describe("a step's time", () => {
  const times = (steps: Parameters<typeof stepsWith>[0]) =>
    stepTimes({ ...exampleSnapshot({ events: [] }), steps: stepsWith(steps) }).map(({ from, to }) => [
      from - START,
      to - START,
    ]);
  const seconds = { sampling: null, training: null, eval: null, full_iteration: 60 };

  test("is from the event before to its own, the first from the job's creation", () => {
    expect(times([{}, {}])).toEqual([
      [0, 360_000],
      [360_000, 720_000],
    ]);
  });

  test("is as long as the service says where that is less, as after a pause", () => {
    expect(times([{}, { seconds }])[1]).toEqual([660_000, 720_000]);
    expect(times([{}, { seconds: { ...seconds, full_iteration: 9_999 } }])[1]).toEqual([360_000, 720_000]);
  });
});

describe("groups", () => {
  const rollout = (item: string | null, score: number | null, at = 0): RolloutEntry => ({
    trace_id: crypto.randomUUID(),
    item,
    status: "graded",
    score,
    calls: 1,
    mistakes: 0,
    faults: 0,
    flags: [],
    opened_at: isoAt(START + at),
    last_seen_at: isoAt(START + at),
  });
  const options = { ends: [START + 1_000], least: 2, isWhole: true };

  test("are rollouts of one item in one step, without variance where all scored the same", () => {
    const found = groupsOf(
      [
        ...["a", "a"].map((item) => rollout(item, 0)),
        ...["b", "b"].map((item) => rollout(item, 1)),
        ...[0, 1].map((score) => rollout("c", score)),
        // The next epoch of a.
        ...[1, 0.5].map((score) => rollout("a", score, 2_000)),
      ],
      options,
    );
    expect(found).toEqual({ groups: 4, same: 2, zero: 1, one: 1 });
  });

  test("of too few rollouts, of no item or of no score are none", () => {
    expect(
      groupsOf([rollout("a", 0), rollout(null, 0), rollout(null, 0), rollout("b", null), rollout("b", 1)], options),
    ).toBeNull();
  });

  test("are larger than a validation's, which plays an item as often as the job says", () => {
    const entries = Array.from({ length: 5 }, () => rollout("a", 1));
    const groups = (eval_samples: number) =>
      exampleSnapshot({
        state: stateOf({ hyperparameters: { eval_samples } }),
        rollouts: { entries, isWhole: true },
      }).groups?.groups;
    expect([groups(1), groups(4), groups(5)]).toEqual([1, 1, undefined]);
  });

  test("of the oldest step are left out where the list may have only a part of it", () => {
    const old = [rollout("a", 0), rollout("a", 0)];
    const recent = [rollout("a", 0, 2_000), rollout("a", 1, 2_000)];
    expect(groupsOf([...old, ...recent], { ...options, isWhole: false })).toEqual({
      groups: 1,
      same: 0,
      zero: 0,
      one: 0,
    });
    expect(groupsOf(old, { ...options, isWhole: false })?.groups).toBe(1);
  });
});
