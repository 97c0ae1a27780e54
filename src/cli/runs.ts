/**
 * `edgegym runs`: the runs of a deployment as tables, and the rebuild of one from its archived ledgers. Reaches the worker over
 * HTTP only. Never prints or exits itself, but for its progress.
 */
import { RebuildReply, RunList, RunReport } from "../contract/run.ts";
import { runListText, runText } from "../report/runs-text.ts";
import { ask, askPatiently } from "./ask.ts";
import { type Deployment, findDeployment } from "./deployment.ts";
import { Progress } from "./progress.ts";
import { UserError } from "./user-error.ts";

export interface RunsOptions {
  url: string;
  /** Characters of a line. */
  width: number;
  /** The answer as it came instead of a table. */
  json?: boolean;
}

/** The latest runs. */
export async function listRuns({ url, width, json = false }: RunsOptions): Promise<string> {
  const list = await ask(await findDeployment(url, ["ADMIN_TOKEN"]), "/runs", RunList);
  return json ? JSON.stringify(list, null, 2) : runListText(list, { width });
}

/** One run in full. */
export async function showRun(run: string, { url, width, json = false }: RunsOptions): Promise<string> {
  const report = await ask(await findDeployment(url, ["ADMIN_TOKEN"]), runPath(run), RunReport);
  return json ? JSON.stringify(report, null, 2) : runText(report, { width });
}

export interface RebuildOptions {
  run: string;
  url: string;
  /** Where an earlier rebuild broke off. */
  cursor?: string;
}

/**
 * Counts a run anew from its archived ledgers. Safe to repeat, to interrupt and to run during a job: what the run knows better
 * stands. @throws UserError that says where to go on, when a step fails for good
 */
export async function rebuildRun({ run, url, cursor: from }: RebuildOptions): Promise<string> {
  const deployment = await findDeployment(url, ["ADMIN_TOKEN"]);
  const known = await ask(deployment, "/runs", RunList);
  const total = known.runs.find((entry) => entry.run === run)?.rollouts.total ?? 0;
  const progress = new Progress();
  const sum = { read: 0, restored: 0, unreadable: 0 };
  let cursor: string | null = from ?? null;
  try {
    do {
      const step = await rebuildStep(deployment, run, cursor);
      sum.read += step.read;
      sum.restored += step.restored;
      sum.unreadable += step.unreadable;
      cursor = step.cursor;
      progress.update("ledgers", sum.read, Math.max(total, sum.read));
    } while (cursor !== null);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const again = cursor === null ? "Run it again" : `Go on with --cursor ${cursor}`;
    throw new UserError(`${error.message}\nBroken off after ${sum.read} ledgers. ${again}; nothing is counted twice.`);
  } finally {
    progress.stop();
  }
  if (sum.read + sum.unreadable === 0) return `The archive has no ledgers of the run ${run}.`;
  const unreadable = sum.unreadable > 0 ? ` ${sum.unreadable} could not be read.` : "";
  return `${sum.read} archived ledgers read; ${sum.restored} told the run something new.${unreadable}`;
}

function rebuildStep(deployment: Deployment, run: string, cursor: string | null): Promise<RebuildReply> {
  const request = { method: "POST", body: JSON.stringify({ cursor }) };
  return askPatiently(deployment, `${runPath(run)}/rebuild`, RebuildReply, request);
}

const runPath = (run: string) => `/runs/${encodeURIComponent(run)}`;
