/**
 * `edgegym runs ledgers`: fetches a run's recorded ledgers to a file, to be replayed or graded again. Reaches the worker over HTTP
 * only. Never prints or exits itself, but for its progress; never changes or repeats a ledger that the file has.
 */
import { Ledger } from "../contract/ledger.ts";
import { limits } from "../contract/limits.ts";
import { RolloutPage, type RolloutStatus } from "../contract/run.ts";
import { counted, whole } from "../report/numbers.ts";
import { askPatiently, Refused } from "./ask.ts";
import { type Deployment, findDeployment } from "./deployment.ts";
import { inParallel } from "./in-parallel.ts";
import { interruption } from "./interruption.ts";
import { LedgerOutput } from "./ledger-output.ts";
import { Progress } from "./progress.ts";
import { messageOf, UserError } from "./user-error.ts";

/** An open rollout goes on, so that its ledger would be a part only. */
export const exportedStatuses = ["graded", "discarded", "abandoned"] as const satisfies RolloutStatus[];

export interface ExportOptions {
  run: string;
  url: string;
  /** A file of JSON Lines; one that is there is added to. */
  out: string;
  /** Only rollouts that stand there; all but the open ones without it. */
  status?: (typeof exportedStatuses)[number];
  /** Only the latest opened, so many; those that the file has count, too. */
  limit?: number;
}

export interface Exported {
  text: string;
  /** 0 when the file has every ledger that there is, 1 when some could not be had, 130 after Ctrl-C. */
  exitCode: 0 | 1 | 130;
}

/**
 * Adds the ledgers of a run's finished rollouts that the file lacks, in about the order in which they were opened. Safe to
 * repeat and to interrupt. Sequence: read file → list rollouts → fetch and write what is missing.
 * @throws UserError for what the user can mend, and when the rollouts cannot be listed
 */
export async function exportLedgers(options: ExportOptions): Promise<Exported> {
  const deployment = await findDeployment(options.url, ["ADMIN_TOKEN"]);
  const output = await LedgerOutput.open(options.out, options.run);
  const interrupted = interruption();
  const progress = new Progress();
  try {
    const { traceIds, open } = await listRollouts(deployment, options, interrupted.signal);
    const missing = traceIds.filter((traceId) => !output.has(traceId)).toReversed();
    const update = (done: number) => progress.update("ledgers", done, missing.length);
    const fetched = await fetchLedgers(missing, { deployment, run: options.run, output, update }, interrupted.signal);
    return reported({ ...fetched, open, options, inFile: output.ledgers, interrupted: interrupted.signal.aborted });
  } finally {
    progress.stop();
    interrupted.stop();
    await output.close();
  }
}

/** The finished rollouts, from the latest opened on, and how many others were passed over. On Ctrl-C, those known by then. */
async function listRollouts(
  deployment: Deployment,
  { run, status, limit = Infinity }: ExportOptions,
  signal: AbortSignal,
): Promise<{ traceIds: string[]; open: number }> {
  const listed = { traceIds: [] as string[], open: 0 };
  const query = new URLSearchParams({ limit: String(limits.rolloutsListedMost), ...(status && { status }) });
  for (;;) {
    const path = `/runs/${encodeURIComponent(run)}/rollouts?${query.toString()}`;
    const page = await askPatiently(deployment, path, RolloutPage, { signal }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (!page) return listed;
    const finished = page.rollouts.filter((rollout) => rollout.status !== "open");
    listed.open += page.rollouts.length - finished.length;
    listed.traceIds.push(...finished.map(({ trace_id }) => trace_id));
    if (page.cursor === null || listed.traceIds.length >= limit) break;
    query.set("cursor", page.cursor);
  }
  return { ...listed, traceIds: listed.traceIds.slice(0, limit) };
}

interface Fetching {
  deployment: Deployment;
  run: string;
  output: LedgerOutput;
  update: (done: number) => void;
}

interface Fetched {
  added: number;
  /** Rollouts without a ledger in their objects and in the archive. */
  gone: number;
  /** Why others could not be had. */
  problems: string[];
  /** Those that were not come to. */
  left: number;
}

async function fetchLedgers(traceIds: string[], fetching: Fetching, signal: AbortSignal): Promise<Fetched> {
  const { deployment, run, output, update } = fetching;
  const fetched: Fetched = { added: 0, gone: 0, problems: [], left: traceIds.length };
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  await inParallel(traceIds, limits.exportConcurrency, either, async (traceId) => {
    const ledger = await fetchLedger(deployment, run, traceId, either).catch((error: unknown) => {
      if (error instanceof UserError) return error;
      throw error;
    });
    if (ledger instanceof UserError && either.aborted) return;
    if (ledger === null) fetched.gone++;
    else if (ledger instanceof UserError) fetched.problems.push(messageOf(ledger));
    else {
      await output.append(ledger);
      fetched.added++;
    }
    if (fetched.problems.length >= limits.exportProblems) stop.abort();
    update(traceIds.length - --fetched.left);
  });
  return fetched;
}

/** Null where there is none: neither in the rollout's object, which may have begun anew in another run, nor in the archive. */
async function fetchLedger(deployment: Deployment, run: string, traceId: string, signal: AbortSignal) {
  const path = `/rollouts/${encodeURIComponent(traceId)}?run=${encodeURIComponent(run)}`;
  try {
    const ledger = await askPatiently(deployment, path, Ledger, { signal });
    return ledger.run === run ? ledger : null;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}

interface Result extends Fetched {
  options: ExportOptions;
  open: number;
  /** Ledgers that the file has now. */
  inFile: number;
  interrupted: boolean;
}

/** Problems shown: those of one deployment are alike. */
const SHOWN_PROBLEMS = 3;

function reported({ options, added, inFile, open, gone, problems, left, interrupted }: Result): Exported {
  const { run, out, status = "finished" } = options;
  const nothing = inFile + gone + problems.length + left === 0 && !interrupted;
  const lines = [
    nothing
      ? `The run ${run} has no ${status} rollouts, so nothing was written.`
      : `${counted(added, "ledger")} added to ${out}, which has ${whole(inFile)} of the run ${run}.`,
    ...(open > 0 ? [`${counted(open, "rollout")} passed over as still open. Run it again when they are done.`] : []),
    ...(gone > 0
      ? [`${counted(gone, "rollout")} of the run without a ledger, in their objects and in the archive.`]
      : []),
    ...(problems.length > 0 ? [`${counted(problems.length, "ledger")} could not be had. Run it again for them.`] : []),
    ...problems.slice(0, SHOWN_PROBLEMS).map((problem) => `  ${problem}`),
    ...(interrupted ? ["Interrupted: not all are there. Run it again to go on."] : []),
    ...(left > 0 && !interrupted ? [`Stopped after so many; ${whole(left)} more are missing.`] : []),
  ];
  return { text: lines.join("\n"), exitCode: interrupted ? 130 : problems.length > 0 ? 1 : 0 };
}
