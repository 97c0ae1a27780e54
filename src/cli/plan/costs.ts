/**
 * What a rollout costs the platform, as the worker's code has it: rows, requests, bytes, log lines. Numbers only. Those under
 * "counted" are counted again by test/worker/plan-costs.worker.test.ts, on real objects, and it fails when the code moves on.
 */

/** Counted. Rows written: a table or index that is made, a row of either that is inserted or changed, a `setAlarm`. */
export const rowsWritten = {
  /** The ledger's tables with their indexes (10), its header, its alarm. */
  opening: 12,
  /** The call, and its place in the index of (call_id, fingerprint). */
  call: 2,
  /** The answer that takes a fault's place. A repeated delivery of what was answered writes nothing. */
  healedCall: 1,
  /** The verdict, and its place in the index of fingerprints. */
  grade: 2,
  /** The first alarm finds a rollout that was called since, and sets itself later; the second closes and archives. */
  closing: 5,
} as const;

/**
 * Counted, within a quarter: rows read by a rollout that is graded, archived and forgotten, and woken for each request. A grading
 * and two alarms go through all calls four times each, each message to the run twice. An object that wakes reads its tables'
 * names and its header.
 */
export function rowsRead(calls: number): number {
  const history = (calls * (calls - 1)) / 2;
  const messages = runObject.messagesPerRollout * (2 * calls + 6);
  return history + 8 * calls + 26 + messages + 15 * (calls + objectRequests.grading + objectRequests.alarms);
}

/** Counted: requests to a rollout's object besides one for each call. Each method called is one, and each alarm. */
export const objectRequests = { grading: 2, alarms: 3 } as const;

/** Counted: lines that the worker logs for a request. The objects log only faults. */
export const logLines = 1;

/** Counted: what a rollout writes to R2 when it is closed. */
export const archiveWrites = 1;

/** Of SQLite as the objects use it. */
const PAGE_BYTES = 4_096;
/** A call's arguments as text: a query, a path. */
const ARGUMENT_BYTES = 150;
/** What is stored of a call that is past its budget: the sentence that says so, and the start of its arguments. */
const OVER_BUDGET_BYTES = 150;

/**
 * Counted, within a third: bytes that a rollout takes in its object. Eight pages of tables, then each call's row, in which its
 * arguments are three times: as they are, in its fingerprint, in the index of that. A long row leaves half a page free on
 * average, a short one little.
 */
export function ledgerBytes(calls: StoredCalls): number {
  return (
    8 * PAGE_BYTES +
    overCalls(calls, (output) => {
      const row = 3 * ARGUMENT_BYTES + output + 200;
      return row + Math.min(row ** 2 / PAGE_BYTES, PAGE_BYTES / 2);
    })
  );
}

/** Counted, within a third: bytes of a rollout's archive. JSON writes line ends and quotes as two bytes. */
export function archiveBytes(calls: StoredCalls): number {
  return 600 + overCalls(calls, (output) => ARGUMENT_BYTES + 1.05 * output + 250);
}

/** Calls of a rollout on average, those of them within the budget at most, and the bytes of their outputs. */
export interface StoredCalls {
  calls: number;
  budget: number;
  responseBytes: number;
}

function overCalls({ calls, budget, responseBytes }: StoredCalls, bytes: (output: number) => number): number {
  const within = Math.min(calls, budget);
  return within * bytes(responseBytes) + (calls - within) * bytes(OVER_BUDGET_BYTES);
}

/**
 * The run's own object is told of each rollout off the way of the answers: when it is opened, when it is graded, and by its first
 * two alarms. All but the first alarm's message are news, and write the rollout's row with its places in indexes. A rollout's
 * object stays awake until it has told, half a second on average. Faults are further messages, which a plan does not have.
 */
export const runObject = {
  messagesPerRollout: 4,
  rowsWrittenPerRollout: 12,
  rowsReadPerRollout: 10,
  bytesPerRollout: 1_000,
  tellSeconds: 0.5,
} as const;

/** What cannot be counted here, since Cloudflare's machines decide it. Each errs on the expensive side. */
export const assumed = {
  /** Processor time of a request in the worker; `npm run bench` measures 0.3 to 0.8 ms with the objects' part in it. */
  cpuMilliseconds: 2,
  /** Reading and checking an index, per megabyte of text, once in each isolate. */
  loadCpuMillisecondsPerMegabyte: 5,
  /** How long an object is active for a message, and for the alarm that writes the archive. In between it may sleep unbilled. */
  objectSeconds: 0.05,
  archiveSeconds: 0.5,
  /** Isolates that a burst wakes, each of which loads the index. */
  isolates: 20,
  /** Megabytes of a corpus's index for each of its texts, and of a pack of texts. */
  indexPerText: 0.4,
  packMegabytes: 1,
  /** A line of ours has about 170 bytes; Cloudflare adds attributes and counts them too. */
  logLineBytes: 1_000,
  /** Cloudflare keeps log lines this long. */
  logDays: 7,
  /** The runtime and the code, and how often a request or an answer is in memory: bytes, text, parsed. */
  isolateBytes: 20_000_000,
  copiesInMemory: 4,
} as const;
