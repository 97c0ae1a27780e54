import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { billOf } from "../../../src/cli/plan/bill.ts";
import { rowsWritten } from "../../../src/cli/plan/costs.ts";
import { estimate } from "../../../src/cli/plan/estimate.ts";
import { demoJob } from "../../../src/cli/plan/job.ts";
import { cloudflarePrices, MeterName, PriceTable } from "../../../src/cli/plan/prices.ts";
import { anyJob, DAY, planOf } from "./jobs.ts";

const nothing = Object.fromEntries(MeterName.options.map((name) => [name, 0])) as Record<MeterName, number>;

/** What one meter costs at a quantity. */
function lineOf(meter: MeterName, quantity: number, day = DAY) {
  return billOf({ ...nothing, [meter]: quantity }, cloudflarePrices, day).lines.find((line) => line.meter === meter);
}

describe("what is metered of the demo job", () => {
  const { meters, objects, ...usage } = planOf({}).usage;
  const rollouts = 103_600;

  test("requests and log lines: one for each call and grading, with retries", () => {
    expect(meters.worker_requests).toBeCloseTo(rollouts * 8 * 1.02, 6);
    expect(meters.log_events).toBe(meters.worker_requests);
    expect(meters.log_gb).toBeCloseTo(meters.worker_requests / 1e6, 9);
    expect(meters.log_gb_months).toBeCloseTo((meters.log_gb * 7) / 30, 9);
  });

  test("objects: one for each rollout and one for the run, each called for calls, grading, alarms and the run", () => {
    expect(objects).toBe(rollouts + 1);
    // (7 calls + 2 of a grading) × 1.02 + 3 alarms + 4 to the run's object.
    expect(meters.object_requests).toBeCloseTo(rollouts * (9 * 1.02 + 7), 3);
    // 0.128 GB × (9.18 + 2 alarms + 4 messages) × 0.05 s, 0.5 s for the archive, 4 × 0.5 s until the run is told.
    expect(meters.object_gb_seconds).toBeCloseTo(rollouts * 0.128 * (15.18 * 0.05 + 2.5), 3);
  });

  test("rows written: opening 12, calls 2 each, healing 1 each, grade 2, closing, the run 12", () => {
    expect(meters.object_rows_written).toBeCloseTo(rollouts * (12 + 14 + 7 * 0.02 + 2 + rowsWritten.closing + 12), 3);
  });

  test("storage: ledgers for 7 days and half an hour, the run's rows and the archives for the month", () => {
    const days = 7 + 0.5 / 24;
    const ledgers = (rollouts * usage.ledgerBytes * days) / 30 / 1e9;
    expect(meters.object_gb_months).toBeCloseTo(ledgers + (rollouts * 1_000) / 1e9, 9);
    expect(meters.r2_gb_months).toBeCloseTo((rollouts * usage.archiveBytes + 12e6 * 1.4) / 1e9, 9);
  });

  test("R2: one write for each archive; three files and twelve packs for each isolate of each burst", () => {
    expect(meters.r2_class_a).toBe(rollouts);
    expect(meters.r2_class_b).toBe((189 + 38) * 20 * 15);
  });
});

describe("a line of the bill", () => {
  test("costs nothing up to what is included", () => {
    expect(lineOf("worker_requests", 10_000_000)).toMatchObject({ billed: 0, amount: 0 });
  });

  // Cloudflare's own worked example: 15 million requests of 7 ms.
  test("as in Cloudflare's example for Workers", () => {
    expect(lineOf("worker_requests", 15_000_000)?.amount).toBeCloseTo(1.5, 9);
    expect(lineOf("worker_cpu_milliseconds", 7 * 15_000_000)?.amount).toBeCloseTo(1.5, 9);
  });

  // 20.61 million requests are billed as 21 million, 152,960 GB-s as a million.
  test("as in Cloudflare's example for Durable Objects, rounded up", () => {
    expect(lineOf("object_requests", 21_610_000)).toMatchObject({ billed: 21_000_000 });
    expect(lineOf("object_requests", 21_610_000)?.amount).toBeCloseTo(3.15, 9);
    expect(lineOf("object_gb_seconds", 552_960)?.amount).toBeCloseTo(12.5, 9);
  });

  test("as in Cloudflare's example for R2", () => {
    expect(lineOf("r2_gb_months", 1_000)?.amount).toBeCloseTo(14.85, 9);
    expect(lineOf("r2_class_b", 300_000_000)?.amount).toBeCloseTo(104.4, 9);
    expect(lineOf("r2_class_a", 1_000_001)).toMatchObject({ billed: 1_000_000, amount: 4.5 });
  });

  test("as in Cloudflare's example for logs from December 2026 on", () => {
    expect(lineOf("log_gb", 75, "2026-12-01")?.amount).toBeCloseTo(6.25, 9);
    expect(lineOf("log_gb_months", 20, "2026-12-01")?.amount).toBeCloseTo(0.8, 9);
  });
});

test("log lines are billed by the line until November 2026, and by the gigabyte from December on", () => {
  const logLines = (day: string) =>
    billOf(nothing, cloudflarePrices, day).lines.flatMap(({ meter }) => (meter.startsWith("log") ? [meter] : []));
  expect(logLines("2026-11-30")).toEqual(["log_events"]);
  expect(logLines("2026-12-01")).toEqual(["log_gb", "log_gb_months"]);
  expect(billOf(nothing, cloudflarePrices, "2026-11-30").next_change).toBe("2026-12-01");
  expect(billOf(nothing, cloudflarePrices, "2026-12-01").next_change).toBeNull();
});

test("the demo job costs the plan and one started million of object requests", () => {
  expect(planOf({}).bill.total).toBeCloseTo(5.15, 9);
});

describe("any job's bill", () => {
  test("is the plan's base or more, and the sum of its lines", () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const { base, lines, total } = estimate(job, cloudflarePrices, DAY).bill;
        expect(total).toBeGreaterThanOrEqual(base);
        expect(lines.reduce((sum, { amount }) => sum + amount, base)).toBeCloseTo(total, 6);
        for (const { billed, quantity, amount } of lines)
          expect([billed, quantity, amount].every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
      }),
    );
  });

  test("is no lower when more of anything is asked for", () => {
    const more = fc.constantFrom("train", "val", "epochs", "copies", "calls", "retries", "corpusMegabytes" as const);
    fc.assert(
      fc.property(anyJob, more, fc.integer({ min: 1, max: 50 }), (job, name, by) => {
        const before = estimate(job, cloudflarePrices, DAY).bill.total;
        const after = estimate({ ...job, [name]: job[name] + by }, cloudflarePrices, DAY).bill.total;
        expect(after).toBeGreaterThanOrEqual(before * 0.999999);
      }),
    );
  });
});

describe("a price table", () => {
  test("of one's own takes the place of the built-in one", () => {
    const dear = structuredClone(cloudflarePrices);
    dear.base = 20;
    dear.meters.worker_requests = { ...dear.meters.worker_requests, included: 0, price: 1 };
    const { total } = estimate({ ...demoJob, retries: 0 }, dear, DAY).bill;
    expect(total).toBeCloseTo(20 + (103_600 * 8) / 1e6 + 0.15, 9);
  });

  test("that is built in is one as a file may hold, with Cloudflare's pages as sources", () => {
    expect(PriceTable.parse(JSON.parse(JSON.stringify(cloudflarePrices)))).toEqual(cloudflarePrices);
    for (const { source } of Object.values(cloudflarePrices.meters))
      expect(source).toMatch(/^https:\/\/developers\.cloudflare\.com\//);
  });
});
