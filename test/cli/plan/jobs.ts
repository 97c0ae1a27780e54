/** Jobs and plans to test with. */
import fc from "fast-check";
import { type Estimate, estimate } from "../../../src/cli/plan/estimate.ts";
import { demoJob, type Job } from "../../../src/cli/plan/job.ts";
import { cloudflarePrices } from "../../../src/cli/plan/prices.ts";

export const DAY = "2026-11-24";

/** The plan of the demo job with some of it changed. */
export const planOf = (changed: Partial<Job>): Estimate => estimate({ ...demoJob, ...changed }, cloudflarePrices, DAY);

/** Any job that the command line takes, with the ends of each range often. */
export const anyJob: fc.Arbitrary<Job> = fc.record({
  train: fc.oneof(fc.constantFrom(0, 1, 1_000_000_000), fc.nat(100_000)),
  val: fc.oneof(fc.constantFrom(0, 1, 1_000_000_000), fc.nat(100_000)),
  epochs: fc.integer({ min: 1, max: 1_000 }),
  batch: fc.oneof(fc.constantFrom(1, 1_000_000), fc.integer({ min: 1, max: 1_000 })),
  copies: fc.integer({ min: 1, max: 100_000 }),
  evalInterval: fc.oneof(fc.constant(1_000_000_000), fc.integer({ min: 1, max: 100 })),
  evalSamples: fc.integer({ min: 1, max: 1_000 }),
  calls: fc.oneof(
    fc.constantFrom(0, 0.5, 1_000),
    fc.integer({ min: 0, max: 200 }).map((tenths) => tenths / 10),
  ),
  parallel: fc.integer({ min: 1, max: 1_000 }),
  thinkSeconds: fc.double({ min: 0, max: 3_600, noNaN: true }),
  toolMilliseconds: fc.double({ min: 1, max: 600_000, noNaN: true }),
  requestBytes: fc.nat(100_000_000),
  responseBytes: fc.nat(32_000),
  retries: fc.double({ min: 0, max: 1, noNaN: true }),
  corpusMegabytes: fc.double({ min: 0, max: 100_000, noNaN: true }),
  budget: fc.integer({ min: 1, max: 100 }),
});
