/** Cloudflare's prices as a file: its shape, and the table that is used when no other is given. Never fetches any. */
import * as z from "zod";

const meterNames = [
  "worker_requests",
  "worker_cpu_milliseconds",
  "object_requests",
  "object_gb_seconds",
  "object_rows_read",
  "object_rows_written",
  "object_gb_months",
  "r2_class_a",
  "r2_class_b",
  "r2_gb_months",
  "log_events",
  "log_gb",
  "log_gb_months",
] as const;
export const MeterName = z.enum(meterNames);
export type MeterName = z.infer<typeof MeterName>;

export const Price = z.strictObject({
  /** What the plan includes each month, for the whole account. */
  included: z.number().nonnegative(),
  /** Of `per` units beyond that. */
  price: z.number().nonnegative(),
  per: z.number().positive(),
  /** Whether a part of `per` is billed as a whole one. */
  rounded_up: z.boolean(),
  /** The first day that it holds, and the first day that it no longer does. */
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
  source: z.url(),
});
export type Price = z.infer<typeof Price>;

export const PriceTable = z.strictObject({
  schema: z.literal(1),
  plan: z.string(),
  currency: z.string(),
  /** The day on which the sources were read. */
  looked_up: z.iso.date(),
  note: z.string(),
  /** What the plan costs a month before any use. */
  base: z.number().nonnegative(),
  base_source: z.url(),
  meters: z.record(MeterName, Price),
});
export type PriceTable = z.infer<typeof PriceTable>;

const WORKERS = "https://developers.cloudflare.com/workers/platform/pricing/";
const OBJECTS = "https://developers.cloudflare.com/durable-objects/platform/pricing/";
const R2 = "https://developers.cloudflare.com/r2/pricing/";
const LOGS = "https://developers.cloudflare.com/workers/observability/logs/workers-logs/#pricing";
const OBSERVABILITY = "https://developers.cloudflare.com/observability/pricing/";
const MILLION = 1_000_000;

/**
 * The Workers Paid plan. Where a source does not say whether parts are rounded up, its worked examples decide: those of Durable
 * Objects round requests and duration, those of Workers round nothing. Log lines are billed by the line until December 2026,
 * then by the gigabyte.
 */
export const cloudflarePrices: PriceTable = {
  schema: 1,
  plan: "Workers Paid",
  currency: "USD",
  looked_up: "2026-11-24",
  note: "The pages were read as copies of the second half of 2026: check them before you rely on it.",
  base: 5,
  base_source: WORKERS,
  meters: {
    worker_requests: { included: 10 * MILLION, price: 0.3, per: MILLION, rounded_up: false, source: WORKERS },
    worker_cpu_milliseconds: { included: 30 * MILLION, price: 0.02, per: MILLION, rounded_up: false, source: WORKERS },
    object_requests: { included: MILLION, price: 0.15, per: MILLION, rounded_up: true, source: OBJECTS },
    object_gb_seconds: { included: 400_000, price: 12.5, per: MILLION, rounded_up: true, source: OBJECTS },
    object_rows_read: { included: 25_000 * MILLION, price: 0.001, per: MILLION, rounded_up: false, source: OBJECTS },
    object_rows_written: { included: 50 * MILLION, price: 1, per: MILLION, rounded_up: false, source: OBJECTS },
    object_gb_months: { included: 5, price: 0.2, per: 1, rounded_up: false, source: OBJECTS },
    r2_class_a: { included: MILLION, price: 4.5, per: MILLION, rounded_up: true, source: R2 },
    r2_class_b: { included: 10 * MILLION, price: 0.36, per: MILLION, rounded_up: true, source: R2 },
    r2_gb_months: { included: 10, price: 0.015, per: 1, rounded_up: true, source: R2 },
    log_events: {
      included: 20 * MILLION,
      price: 0.6,
      per: MILLION,
      rounded_up: false,
      until: "2026-12-01",
      source: LOGS,
    },
    log_gb: { included: 50, price: 0.25, per: 1, rounded_up: false, from: "2026-12-01", source: OBSERVABILITY },
    log_gb_months: { included: 12, price: 0.1, per: 1, rounded_up: false, from: "2026-12-01", source: OBSERVABILITY },
  },
};
