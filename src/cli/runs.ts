/**
 * `edgegym runs`: the runs of a deployment as tables, and the rebuild of one from its archived ledgers. Reaches the worker over
 * HTTP only. Never prints or exits itself, but for its progress.
 */
import type * as z from "zod";
import { RebuildReply, type RunAlarm, type RunEntry, RunList, RunReport } from "../contract/run.ts";
import { ErrorReply } from "../contract/wire.ts";
import { bearer, type Deployment, findDeployment } from "./deployment.ts";
import { Progress } from "./progress.ts";
import { UserError } from "./user-error.ts";

/** Tries of one step of a rebuild; the pauses between them double from this. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MILLISECONDS = 500;
/** A step of a rebuild reads dozens of ledgers. */
const TIMEOUT_MILLISECONDS = 60_000;

export interface RunsOptions {
  url: string;
  /** The answer as it came instead of a table. */
  json?: boolean;
}

/** The latest runs. */
export async function listRuns({ url, json = false }: RunsOptions): Promise<string> {
  const list = await ask(await findDeployment(url, ["ADMIN_TOKEN"]), "/runs", RunList);
  if (json) return JSON.stringify(list, null, 2);
  const alarms = list.alarms.flatMap(alarmLines);
  if (list.runs.length === 0) return [...alarms, "No runs yet: the first call or grading begins one."].join("\n");
  const head = [
    "run",
    "rollouts",
    "graded",
    "discarded",
    "abandoned",
    "mean score",
    "calls",
    "last activity",
    "alarms",
  ];
  return [...alarms, ...table([head, ...list.runs.map(entryRow)])].join("\n");
}

/** One run in full. */
export async function showRun(run: string, { url, json = false }: RunsOptions): Promise<string> {
  const report = await ask(await findDeployment(url, ["ADMIN_TOKEN"]), runPath(run), RunReport);
  return json ? JSON.stringify(report, null, 2) : reportLines(report).join("\n");
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

async function rebuildStep(deployment: Deployment, run: string, cursor: string | null): Promise<RebuildReply> {
  const request = { method: "POST", body: JSON.stringify({ cursor }) };
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(deployment, `${runPath(run)}/rebuild`, RebuildReply, request);
    } catch (error) {
      if (!(error instanceof Unanswered) || attempt === ATTEMPTS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1)));
  }
}

/** No answer, or a fault of the service: another try may get one. */
class Unanswered extends UserError {}

async function ask<Schema extends z.ZodType>(
  { url, tokens }: Deployment,
  path: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<z.output<Schema>> {
  const headers = { ...bearer(tokens.ADMIN_TOKEN), "Content-Type": "application/json" };
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  const response = await fetch(`${url}${path}`, { ...init, headers, signal }).catch(() => undefined);
  const json: unknown = await response?.json().catch(() => undefined);
  if (!response) throw new Unanswered(`There is no answer from ${url}.`);
  if (!response.ok) {
    const message = ErrorReply.safeParse(json).data?.error.message ?? "";
    const Kind = response.status >= 500 ? Unanswered : UserError;
    throw new Kind(`${url}${path} answered ${response.status}. ${message}`.trim());
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new UserError(`${url}${path} answered something else: is it a deployment of this version?`);
}

const runPath = (run: string) => `/runs/${encodeURIComponent(run)}`;

function entryRow({ run, rollouts, score_mean, calls, last_activity_at, alarms }: RunEntry): string[] {
  const { total, graded, discarded, abandoned } = rollouts;
  const counts = [total, graded, discarded, abandoned].map(String);
  return [run, ...counts, decimal(score_mean), String(calls), last_activity_at ?? "", alarms.join(" ")];
}

function reportLines(report: RunReport): string[] {
  const { rollouts, scores, calls, faults, evidence, claims, signals } = report;
  const tools = report.tools.map(
    ({ tool, calls: count, latency_milliseconds: latency, output_characters, cut_share }) => [
      tool,
      String(count),
      ...[latency.p50, latency.p95, latency.p99].map((value) => String(value ?? "")),
      output_characters.mean.toFixed(0),
      percent(cut_share),
    ],
  );
  const boundaries = Object.entries(faults.by_boundary).map(([boundary, count]) => `${boundary} ${count}`);
  return [
    `${report.run}: ${report.first_activity_at ?? ""} to ${report.last_activity_at ?? ""}`,
    `rollouts   ${rollouts.total}: ${rollouts.open} open, ${rollouts.graded} graded, ${rollouts.discarded} discarded, ${rollouts.abandoned} abandoned`,
    `scores     mean ${decimal(scores.mean)}; ${scores.zero} of 0, ${scores.one} of 1, ${scores.graded} in all`,
    `calls      ${calls.total}: ${decimal(calls.per_rollout.mean)} per rollout, at most ${calls.per_rollout.most ?? 0}; ${calls.over_budget} over budget`,
    `mistakes   ${report.mistakes.map(({ kind, calls: count }) => `${kind} ${count}`).join(", ") || "none"}`,
    `faults     ${faults.calls} calls, ${faults.unhealed} not healed ${boundaries.join(", ")}`.trimEnd(),
    `evidence   ${evidence.correct_never_read} of ${evidence.correct} correct answers rest on nothing read`,
    `claims     in ${claims.disagreeing} of ${claims.rollouts} rollouts calls are claimed that the ledger lacks`,
    `refused    ${signals.unauthorized} without a token (${signals.unauthorized_with_trace_id} of a trainer), ${signals.cut_off} cut off by their sender`,
    "",
    ...table([["tool", "calls", "p50 ms", "p95 ms", "p99 ms", "mean output", "cut"], ...tools]),
    "",
    ...(report.alarms.length === 0 ? ["No alarms."] : report.alarms.flatMap(alarmLines)),
  ];
}

function alarmLines({ message, what_to_do, raised_at, cleared_at }: RunAlarm): string[] {
  if (cleared_at !== null) return [`cleared ${cleared_at}: ${message}`];
  return [`ALARM since ${raised_at}: ${message}`, `      ${what_to_do}`];
}

/** Columns as wide as they need; numbers, which are all but the first, to the right. */
function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const cell = (text: string, at: number) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0));
  return rows.map((row) => row.map(cell).join("  ").trimEnd());
}

const decimal = (value: number | null) => (value === null ? "" : value.toFixed(3));
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
