/** The whole plan of a job: load, what the platform meters, the bill, the limits. Pure. */
import { type Bill, billOf } from "./bill.ts";
import { type Check, checksOf } from "./checks.ts";
import type { Job } from "./job.ts";
import { type Load, loadOf } from "./load.ts";
import type { PriceTable } from "./prices.ts";
import { type Usage, usageOf } from "./usage.ts";

export interface Estimate {
  job: Job;
  load: Load;
  usage: Usage;
  bill: Bill;
  checks: Check[];
}

/** @param day of the prices, as `2026-12-01` */
export function estimate(job: Job, prices: PriceTable, day: string): Estimate {
  const load = loadOf(job);
  const usage = usageOf(job, load);
  return { job, load, usage, bill: billOf(usage.meters, prices, day), checks: checksOf(job, load, usage) };
}
