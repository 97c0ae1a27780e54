/** What the terminal's view and the page of a job say in the same words. Pure. */
import type { HintKind, WatchSnapshot, WatchSource } from "../../contract/watch.ts";
import { compact, duration } from "../numbers.ts";
import type { Series } from "./series.ts";

export const hintTitles: Readonly<Record<HintKind, string>> = {
  dip_with_faults: "A dip with faults",
  exploring: "Exploring",
  plateau: "Plateau",
  gap: "Gap",
  too_good: "Too good",
  no_variance: "No variance",
  discards: "Discards",
  grader_errors: "Grading errors",
  alarm: "Alarm",
};

/** "running, step 12 of 60" */
export function standing({ job, steps }: WatchSnapshot): string {
  const last = steps.at(-1)?.step;
  const of = job.total_steps === null ? "" : ` of ${job.total_steps}`;
  return `${job.status ?? "status not known"}${last === undefined ? "" : `, step ${last}${of}`}`;
}

/** The job as it is trained where, and since when. */
export function whereabouts({ job, taken_at }: WatchSnapshot): string[] {
  const end = Date.parse(job.finished_at ?? taken_at);
  const took = duration(Math.max(0, end - Date.parse(job.created_at)));
  const expected =
    job.estimated_finish === null || job.ended ? "" : `, expected to end at ${clock(job.estimated_finish)}`;
  return [`${job.model} at ${host(job.base_url)}, since ${clock(job.created_at)} UTC (${took})${expected}`];
}

/** Troubles with those that are asked, as sentences; none while both answer. */
export function sourceProblems({ service, monitor }: WatchSnapshot): string[] {
  return [
    ...problem("The service", "the job's figures are", service),
    ...problem("The run monitor", "its figures are", monitor),
  ];
}

function problem(who: string, figures: string, { failing_since, answered_at, problem: said }: WatchSource): string[] {
  if (failing_since === null) return [];
  const last = answered_at === null ? "" : ` Below, ${figures} those of ${clock(answered_at)}.`;
  return [`${who} does not answer since ${clock(failing_since)} UTC: ${said ?? "no reason known"}${last}`];
}

/** A value of a series as people read it. */
export function shownValue({ scale }: Series, value: number): string {
  if (scale === "reward") return value.toFixed(3);
  if (scale === "calls" || scale === "mistakes" || scale === "seconds") return value.toFixed(2);
  return compact(scale === "count" ? Math.round(value) : value);
}

/** What to do once a job has ended. */
export function nextSteps({ job, checkpoints, name }: WatchSnapshot): string[] {
  const best = checkpoints.find((checkpoint) => checkpoint.best);
  if (!best && job.fine_tuned_model === null) return ["There is no model to compare: the log says why."];
  return [
    best
      ? `The best checkpoint is that of step ${best.step}. Play the validation rows with it:`
      : "Play the validation rows with it:",
    `npm run edgegym -- baseline --data PATH/val.jsonl --job ${name}${best ? ` --checkpoint ${best.step}` : ""} --name ${name}-after`,
    "and hold the result against the model's before its training:",
    `npm run edgegym -- compare BASELINE ${name}-after`,
  ];
}

function host(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** To the second on the day, which a reader knows; to the minute with the date where asked for. */
export const clock = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
