import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demoJob, type Job } from "../../../src/cli/plan/job.ts";
import { loadOf } from "../../../src/cli/plan/load.ts";
import { anyJob } from "./jobs.ts";

const load = (changed: Partial<Job>) => loadOf({ ...demoJob, ...changed });

describe("the demo job: 1,000 + 100 rows, 3 epochs, batch 16, 32 copies", () => {
  test("has 63 steps an epoch, the last of 8 rows, and a validation after every fifth step and the last", () => {
    // 1000 / 16 = 62.5; 3 × 63 = 189; 189 / 5 = 37.8.
    expect(load({})).toMatchObject({ stepsPerEpoch: 63, steps: 189, evaluations: 38 });
  });

  test("starts 512 rollouts with a step and 103,600 in all", () => {
    // 16 × 32 = 512; 3 × 1000 × 32 = 96,000; 38 × 100 × 2 = 7,600.
    expect(load({})).toMatchObject({
      stepRollouts: 512,
      evaluationRollouts: 200,
      burst: 512,
      trainingRollouts: 96_000,
      rollouts: 103_600,
    });
  });

  test("makes 3,584 calls in a step and 725,200 in all", () => {
    const { stepCalls, calls, requests } = load({});
    expect([stepCalls, calls]).toEqual([512 * 7, 103_600 * 7]);
    expect(requests).toBeCloseTo(103_600 * 8 * 1.02, 6);
  });

  test("sends some 51 calls a second while a burst runs, 15 of them under way", () => {
    // A turn takes 10.3 s: 512 × 1.02 / 10.3 = 50.70; × 0.3 = 15.21. Seven turns and the answer: 8 × 10.3 = 82.4 s.
    const { toolRate, gradeRate, inFlight, rolloutSeconds, samplingSeconds, worstSecond } = load({});
    expect(toolRate).toBeCloseTo(50.7029, 3);
    expect(gradeRate).toBeCloseTo(50.7029, 3);
    expect(inFlight).toBeCloseTo(15.2109, 3);
    expect(rolloutSeconds).toBeCloseTo(82.4, 9);
    expect(samplingSeconds).toBeCloseTo((189 + 38) * 82.4, 6);
    expect(worstSecond).toBe(512);
  });
});

test("calls made at once make a rollout shorter and its rate higher", () => {
  // 7 calls by 2 are 3.5 turns; 512 × 2 × 1.02 / 10.3.
  const { toolRate, rolloutSeconds, worstSecond } = load({ parallel: 2 });
  expect(toolRate).toBeCloseTo(101.4058, 3);
  expect(rolloutSeconds).toBeCloseTo(4.5 * 10.3, 9);
  expect(worstSecond).toBe(1_024);
});

describe("jobs at the edge", () => {
  test("without training rows nothing is started", () => {
    expect(load({ train: 0 })).toMatchObject({ steps: 0, evaluations: 0, rollouts: 0, requests: 0, burst: 0 });
  });

  test("one row and no validation", () => {
    expect(load({ train: 1, val: 0, epochs: 1 })).toMatchObject({
      steps: 1,
      evaluations: 0,
      stepRollouts: 32,
      rollouts: 32,
    });
  });

  test("a batch larger than the dataset is one step an epoch, of all rows", () => {
    expect(load({ train: 10, batch: 64 })).toMatchObject({ stepsPerEpoch: 1, steps: 3, stepRollouts: 320 });
  });

  test("a validation may be the largest burst", () => {
    expect(load({ val: 1_000 })).toMatchObject({ stepRollouts: 512, evaluationRollouts: 2_000, burst: 2_000 });
  });

  test("a single validation comes after the last step when the job is shorter than the interval", () => {
    expect(load({ train: 16, epochs: 3, evalInterval: 5 })).toMatchObject({ steps: 3, evaluations: 1 });
  });

  test("rollouts without calls are graded all the same", () => {
    const { toolRate, gradeRate, rolloutSeconds, requests } = load({ calls: 0, retries: 0 });
    expect([toolRate, rolloutSeconds, requests]).toEqual([0, 10.3, 103_600]);
    expect(gradeRate).toBeGreaterThan(0);
  });
});

describe("any job", () => {
  test("has finite, non-negative numbers", () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        for (const value of Object.values(loadOf(job))) expect(value >= 0 && Number.isFinite(value)).toBe(true);
      }),
    );
  });

  test("has no less load when more of anything is asked for", () => {
    const more = fc.constantFrom("train", "val", "epochs", "copies", "evalSamples", "calls", "retries" as const);
    fc.assert(
      fc.property(anyJob, more, fc.integer({ min: 1, max: 50 }), (job, name, by) => {
        const [before, after] = [loadOf(job), loadOf({ ...job, [name]: job[name] + by })];
        expect(after.rollouts).toBeGreaterThanOrEqual(before.rollouts);
        expect(after.requests).toBeGreaterThanOrEqual(before.requests);
        expect(after.burst).toBeGreaterThanOrEqual(before.burst);
      }),
    );
  });

  test("trains the same rollouts whatever the batch, in fewer steps and larger bursts when that grows", () => {
    fc.assert(
      fc.property(anyJob, fc.integer({ min: 1, max: 1_000 }), (job, by) => {
        const [before, after] = [loadOf(job), loadOf({ ...job, batch: job.batch + by })];
        expect(after.trainingRollouts).toBe(before.trainingRollouts);
        expect(after.steps).toBeLessThanOrEqual(before.steps);
        expect(after.stepRollouts).toBeGreaterThanOrEqual(before.stepRollouts);
      }),
    );
  });

  test("slows down when models think longer or tools answer later", () => {
    fc.assert(
      fc.property(anyJob, fc.constantFrom("thinkSeconds", "toolMilliseconds" as const), (job, name) => {
        const [before, after] = [loadOf(job), loadOf({ ...job, [name]: job[name] * 2 + 1 })];
        expect(after.toolRate).toBeLessThanOrEqual(before.toolRate);
        expect(after.rolloutSeconds).toBeGreaterThan(before.rolloutSeconds);
      }),
    );
  });

  test("never has more calls under way than its rollouts can have", () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const { inFlight, worstSecond } = loadOf(job);
        expect(inFlight).toBeLessThanOrEqual(worstSecond * (1 + job.retries) * 1.000001);
      }),
    );
  });
});
