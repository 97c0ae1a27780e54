/** Runs as summaries for a terminal: the list of them, and one in full. Times are UTC. Pure. */
import type { RunAlarm, RunEntry, RunList, RunReport } from "../contract/run.ts";
import { oneDecimal, percent, whole } from "./numbers.ts";
import { columns, entry, plain, wrapped } from "./text.ts";

export interface RunsTextOptions {
  /** Characters of a line. */
  width: number;
}

/** Under this, words have no room. */
const NARROWEST = 40;

const FIGURES = ["rollouts", "graded", "discarded", "abandoned", "score", "calls", "last seen, UTC"];

/** A line for each run; where a name is too long for its figures to stand beside it, each name has a line of its own. */
export function runListText({ runs, alarms }: RunList, options: RunsTextOptions): string {
  const width = Math.max(options.width, NARROWEST);
  // Alarms that are of no run come first: whoever looks for one may be looking for why it is not there.
  const ofNone = alarms.flatMap((alarm) => alarmLines(alarm, width));
  if (runs.length === 0) return [...ofNone, "No runs yet: the first call or grading begins one."].join("\n");
  const names = runs.map(({ run }) => plain(run));
  const figures = runs.map(figuresOf);
  const beside = columns([["run", ...FIGURES], ...figures.map((row, at) => [names[at] ?? "", ...row])]);
  const fits = beside.every(({ length }) => length <= width);
  const [head = "", ...lines] = fits
    ? beside
    : fitting([["", ...FIGURES], ...figures.map((row) => ["", ...row])], width);
  const shown = runs.flatMap(({ alarms: standing }, at) => {
    // A name is never broken: it is there to be copied.
    const name = fits ? [] : [names[at] ?? ""];
    return [...name, lines[at] ?? "", ...alarmNames(standing, width)];
  });
  return [...ofNone, head, ...shown].join("\n");
}

function figuresOf({ rollouts, score_mean, calls, last_activity_at }: RunEntry): string[] {
  const { total, graded, discarded, abandoned } = rollouts;
  return [...[total, graded, discarded, abandoned].map(whole), mean(score_mean), whole(calls), time(last_activity_at)];
}

/** Rows as columns, without the last ones where there is no room: a cut number would be another one. */
function fitting(rows: readonly (readonly string[])[], width: number): string[] {
  const lines = columns(rows);
  if (lines.every(({ length }) => length <= width) || (rows[0]?.length ?? 0) <= 1) return lines;
  return fitting(
    rows.map((row) => row.slice(0, -1)),
    width,
  );
}

function alarmNames(alarms: readonly string[], width: number): string[] {
  return alarms.length === 0 ? [] : entry("  ALARMS", plain(alarms.join(", ")), 10, width);
}

/** One run: where its rollouts stand, what they scored and met, its tools, its alarms. */
export function runText(report: RunReport, options: RunsTextOptions): string {
  const width = Math.max(options.width, NARROWEST);
  return [
    plain(report.run),
    `${time(report.first_activity_at)} to ${time(report.last_activity_at)} UTC`,
    "",
    ...facts(report).flatMap(([name, text]) => entry(name, plain(text), 11, width)),
    "",
    ...fitting(tools(report), width),
    "",
    ...(report.alarms.length === 0 ? ["No alarms."] : report.alarms.flatMap((alarm) => alarmLines(alarm, width))),
  ].join("\n");
}

function facts(report: RunReport): [string, string][] {
  const { rollouts, full, scores, calls, mistakes, faults, evidence, claims, signals } = report;
  const { open, graded, discarded, abandoned } = rollouts;
  const stand = `${whole(open)} open, ${whole(graded)} graded, ${whole(discarded)} discarded, ${whole(abandoned)} abandoned`;
  const boundaries = Object.entries(faults.by_boundary).map(([boundary, times]) => `${boundary} ${whole(times)}`);
  const { total, per_rollout, over_budget } = calls;
  return [
    ["rollouts", `${whole(rollouts.total)}: ${stand}${full ? "; FULL, further ones are not counted" : ""}`],
    [
      "scores",
      `mean ${mean(scores.mean)}; ${whole(scores.zero)} of 0, ${whole(scores.one)} of 1, ${whole(scores.graded)} in all`,
    ],
    [
      "calls",
      `${whole(total)}: ${mean(per_rollout.mean)} per rollout, at most ${per_rollout.most ?? 0}; ${whole(over_budget)} over budget`,
    ],
    ["mistakes", mistakes.map(({ kind, calls: times }) => `${kind} ${whole(times)}`).join(", ") || "none"],
    ["faults", [`${whole(faults.calls)} calls, ${whole(faults.unhealed)} not healed`, ...boundaries].join(", ")],
    [
      "evidence",
      `${whole(evidence.correct_never_read)} of ${whole(evidence.correct)} correct answers rest on nothing read`,
    ],
    ["claims", `${whole(claims.disagreeing)} of ${whole(claims.rollouts)} rollouts claim calls that the ledger lacks`],
    [
      "refused",
      `${whole(signals.unauthorized)} without a token (${whole(signals.unauthorized_with_trace_id)} of a trainer), ${whole(signals.cut_off)} cut off by their sender`,
    ],
  ];
}

function tools(report: RunReport): string[][] {
  const rows = report.tools.map(
    ({ tool, calls, latency_milliseconds: { p50, p95, p99 }, output_characters, cut_share }) => [
      plain(tool),
      whole(calls),
      ...[p50, p95, p99].map((value) => (value === null ? "-" : oneDecimal(value))),
      whole(output_characters.mean),
      percent(cut_share),
    ],
  );
  return [["tool", "calls", "p50 ms", "p95 ms", "p99 ms", "mean output", "cut"], ...rows];
}

function alarmLines({ message, what_to_do, raised_at, cleared_at }: RunAlarm, width: number): string[] {
  if (cleared_at !== null) return wrapped(plain(`cleared ${time(cleared_at)}: ${message}`), width);
  return [
    ...wrapped(plain(`ALARM since ${time(raised_at)}: ${message}`), width),
    ...entry("", plain(what_to_do), 6, width),
  ];
}

const mean = (value: number | null) => (value === null ? "-" : value.toFixed(3));

/** To the minute. */
const time = (iso: string | null) => (iso === null ? "-" : iso.slice(0, 16).replace("T", " "));
