/**
 * The faults that a rehearsal has its own worker make: how often each, and how a worker is told. Read by the test-only build
 * (src/chaos) and by the local embeddings service; no deployed code reads it.
 */
import * as z from "zod";

export const FaultKind = z.enum([
  /** A read of the bucket fails, comes late, or its body is not what was stored. */
  "r2_fail",
  "r2_slow",
  "r2_broken",
  /** The embeddings service refuses for a while, breaks, or never answers. */
  "embedder_429",
  "embedder_500",
  "embedder_hang",
  /** A rollout's object is reset before it has worked, or after, so that its answer is lost. */
  "reset_before",
  "reset_after",
  /** A rollout's object has too much to do and takes no call. */
  "overloaded",
]);
export type FaultKind = z.infer<typeof FaultKind>;

/** Of the operations that a fault can meet, the share that it does meet. */
const share = z.number().min(0).max(1).default(0);

export const FaultSettings = z.object({
  /** Names the sequence that is drawn from. */
  seed: z.string().default(""),
  /** How late a slow read comes. */
  pause_milliseconds: z.int().min(0).max(60_000).default(200),
  r2_fail: share,
  r2_slow: share,
  r2_broken: share,
  embedder_429: share,
  embedder_500: share,
  embedder_hang: share,
  reset_before: share,
  reset_after: share,
  overloaded: share,
});
export type FaultSettings = z.infer<typeof FaultSettings>;

/** How often each kind was injected. */
export const FaultCounts = z.partialRecord(FaultKind, z.int());
export type FaultCounts = z.infer<typeof FaultCounts>;

/** The binding that the test-only build needs to serve anything; no deployment has it. */
export const FaultControl = z.object({
  /** Opens the control route. */
  token: z.string().min(32),
  /** In force from the start, so that the first load of an index meets faults too. */
  settings: FaultSettings,
});
export type FaultControl = z.infer<typeof FaultControl>;

/** Where that build takes new settings (POST) and says what it injected (GET). */
export const FAULTS_PATH = "/__faults";
