/**
 * What is looked at before a training job is begun, and what `edgegym train --json` prints. Never holds a token, a row or an
 * answer. Never behaviour.
 */
import * as z from "zod";
import { JobRequest } from "./fine-tuning.ts";
import { JobState } from "./job.ts";

/** In the order that they are looked at. */
export const preflightNames = [
  "deployment",
  "address",
  "tokens",
  "wire",
  "dataset",
  "references",
  "attack",
  "rehearsal",
  "baseline",
  "provider_grader",
] as const;
export const PreflightName = z.enum(preflightNames);
export type PreflightName = z.infer<typeof PreflightName>;

/** `warned`: the job may go ahead. `refused`: it may not. `skipped`: nothing was looked at, and `finding` says why. */
export const PreflightState = z.enum(["ok", "warned", "refused", "skipped"]);
export type PreflightState = z.infer<typeof PreflightState>;

export const PreflightCheck = z.object({
  name: PreflightName,
  state: PreflightState,
  /** What was found, as sentences. */
  finding: z.string(),
  /** What to do, as sentences; null where nothing is. */
  advice: z.string().nullable(),
});
export type PreflightCheck = z.infer<typeof PreflightCheck>;

/**
 * `created`: the job is new. `adopted`: it had been created by a start whose answer was lost. `exists`: the same had been created before.
 * `refused`: by the preflight; nothing was uploaded or created. `dry_run`: only the request was made.
 */
export const TrainResult = z.enum(["created", "adopted", "exists", "refused", "dry_run"]);

/** What `edgegym train --json` prints. */
export const TrainReport = z.object({
  schema: z.literal(1),
  name: z.string(),
  result: TrainResult,
  /** Null where there was nothing to look at any more. */
  preflight: z.array(PreflightCheck).nullable(),
  /** As it is sent, with names in the place of tokens and, in a dry run, of the files' ids. Null for `adopted` and `exists`. */
  request: JobRequest.nullable(),
  /** As in `job.json`; null for `refused` and `dry_run`. */
  job: JobState.nullable(),
  /** The service's own word; null without a job, and where the service does not say. */
  status: z.string().nullable(),
});
export type TrainReport = z.infer<typeof TrainReport>;
