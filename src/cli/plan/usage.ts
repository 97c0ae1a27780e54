/** A job and its load → what Cloudflare meters of it, in the units of the price table. Pure arithmetic. */
import { limits } from "../../contract/limits.ts";
import {
  archiveBytes,
  archiveWrites,
  assumed,
  ledgerBytes,
  logLines,
  objectRequests,
  rowsRead,
  rowsWritten,
  runObject,
} from "./costs.ts";
import type { Job } from "./job.ts";
import type { Load } from "./load.ts";
import type { MeterName } from "./prices.ts";

export interface Usage {
  /** Durable Objects that come to be: one per rollout, and the run's. */
  objects: number;
  /** Bytes of one rollout in its object and in the archive, of the run's object, of all archives. */
  ledgerBytes: number;
  archiveBytes: number;
  runObjectBytes: number;
  archivesBytes: number;
  /** Files of the index that an isolate reads at most, and isolates that read it in the whole job. */
  indexReads: number;
  indexLoads: number;
  /** What is metered, if the whole job falls into one month that has 30 days. */
  meters: Record<MeterName, number>;
  /** GB-months in R2 of each month after, until the archives are deleted. */
  monthlyArchiveGigabytes: number;
}

/** A month of the bill, as Cloudflare counts it. */
const MONTH_DAYS = 30;
const DAY_MILLISECONDS = 24 * 3_600_000;
const GIGABYTE = 1e9;
/** An object is billed for the memory that it may use, whatever it does use. */
const OBJECT_GIGABYTES = 0.128;

export function usageOf(job: Job, load: Load): Usage {
  const { rollouts } = load;
  const perRollout = { ledgerBytes: ledgerBytes(job), archiveBytes: archiveBytes(job) };
  const indexReads = 3 + packsOf(job);
  const indexLoads = rollouts === 0 ? 0 : (load.steps + load.evaluations) * assumed.isolates;
  const archivesBytes = rollouts * perRollout.archiveBytes;
  const r2Gigabytes = (archivesBytes + job.corpusMegabytes * 1e6 * (1 + assumed.indexPerText)) / GIGABYTE;
  const logGigabytes = (load.requests * logLines * assumed.logLineBytes) / GIGABYTE;
  return {
    objects: rollouts === 0 ? 0 : rollouts + 1,
    ...perRollout,
    runObjectBytes: rollouts * runObject.bytesPerRollout,
    archivesBytes,
    indexReads,
    indexLoads,
    meters: {
      worker_requests: load.requests,
      worker_cpu_milliseconds:
        load.requests * assumed.cpuMilliseconds +
        indexLoads * job.corpusMegabytes * assumed.loadCpuMillisecondsPerMegabyte,
      ...objectMeters(job, rollouts),
      object_gb_months: ledgerGigabyteMonths(rollouts * perRollout.ledgerBytes) + runGigabyteMonths(rollouts),
      r2_gb_months: r2Gigabytes,
      r2_class_a: rollouts * archiveWrites,
      r2_class_b: indexLoads * indexReads,
      log_events: load.requests * logLines,
      log_gb: logGigabytes,
      log_gb_months: (logGigabytes * assumed.logDays) / MONTH_DAYS,
    },
    monthlyArchiveGigabytes: r2Gigabytes,
  };
}

/** Packs of texts that a corpus has. */
export const packsOf = ({ corpusMegabytes }: Job) => Math.ceil(corpusMegabytes / assumed.packMegabytes);

/** What the objects do for all rollouts. Each repeated delivery of a call is taken to heal a fault, which costs the most. */
function objectMeters({ calls, retries }: Job, rollouts: number) {
  const messages = (calls + objectRequests.grading) * (1 + retries);
  const { messagesPerRollout: tellings, rowsWrittenPerRollout, rowsReadPerRollout, tellSeconds } = runObject;
  const { opening, call, healedCall, grade, closing } = rowsWritten;
  const active =
    (messages + objectRequests.alarms - 1 + tellings) * assumed.objectSeconds +
    assumed.archiveSeconds +
    tellings * tellSeconds;
  const written = opening + calls * (call + retries * healedCall) + grade + closing + rowsWrittenPerRollout;
  return {
    object_requests: rollouts * (messages + objectRequests.alarms + tellings),
    object_gb_seconds: rollouts * active * OBJECT_GIGABYTES,
    object_rows_read: rollouts * (rowsRead(calls) * (1 + retries) + rowsReadPerRollout),
    object_rows_written: rollouts * written,
  };
}

/** A ledger stays in its object from its last call until it was closed and kept; then R2 alone has it. */
function ledgerGigabyteMonths(bytes: number): number {
  const days = (limits.rolloutIdleMilliseconds + limits.rolloutKeptMilliseconds) / DAY_MILLISECONDS;
  return ((bytes / GIGABYTE) * days) / MONTH_DAYS;
}

/** The run's object stays. */
const runGigabyteMonths = (rollouts: number) => (rollouts * runObject.bytesPerRollout) / GIGABYTE;
