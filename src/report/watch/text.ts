/**
 * A job as a terminal shows it, live or once: its figures and the monitor's as lines of one time, checkpoints, hints. Every line fits
 * the width. Pure: colour is the terminal's to add, by a line's tone.
 */
import type { WatchSnapshot } from "../../contract/watch.ts";
import { counted, duration, percent, whole } from "../numbers.ts";
import { columns, cut, entry, plain, wrapped } from "../text.ts";
import { type Series, seriesOf, timeSpan } from "./series.ts";
import { sampled, sparkline } from "./sparkline.ts";
import { clock, hintTitles, nextSteps, shownValue, sourceProblems, standing, whereabouts } from "./words.ts";

export interface Line {
  text: string;
  tone: "plain" | "title" | "soft" | "bad";
}

export interface WatchTextOptions {
  /** Characters of a line. */
  width: number;
  /** Of sparklines, from the lowest to the highest. */
  levels: string;
}

/** Under this, words have no room. */
const NARROWEST = 40;
/** From this on, the first value stands beside the latest. */
const WIDE = 60;
const NAME = 18;
const VALUE = 8;
const MOST_CHECKPOINTS = 8;

export function watchLines(snapshot: WatchSnapshot, options: WatchTextOptions): Line[] {
  const width = Math.max(options.width, NARROWEST);
  const blocks = [
    header(snapshot, width),
    charts(snapshot, { ...options, width }),
    ours(snapshot, width),
    checkpoints(snapshot, width),
    hints(snapshot, width),
    log(snapshot, width),
    ending(snapshot, width),
  ].filter((lines) => lines.length > 0);
  return blocks.flatMap((lines, at) => (at === 0 ? lines : [{ text: "", tone: "plain" as const }, ...lines]));
}

const lines = (texts: readonly string[], tone: Line["tone"] = "plain"): Line[] => texts.map((text) => ({ text, tone }));

function header(snapshot: WatchSnapshot, width: number): Line[] {
  const { job, name } = snapshot;
  const isBad = job.status === "failed" || job.status === "cancelled";
  const found = [...new Set(snapshot.hints.map(({ kind }) => hintTitles[kind].toLowerCase()))];
  return [
    ...lines(wrapped(plain(`${name}: ${standing(snapshot)}`), width), isBad ? "bad" : "title"),
    ...whereabouts(snapshot).flatMap((text) => lines(wrapped(plain(text), width), "soft")),
    ...lines(wrapped(plain(job.id), width), "soft"),
    ...(job.error === null ? [] : lines(wrapped(plain(job.error), width), "bad")),
    ...sourceProblems(snapshot).flatMap((text) => lines(wrapped(plain(text), width), "bad")),
    ...lines(found.length === 0 ? [] : wrapped(`Stands out: ${found.join(", ")}; see below.`, width), "bad"),
  ];
}

/** A line for each series; those of one scale are drawn against each other, but for counts. */
function charts(snapshot: WatchSnapshot, { width, levels }: WatchTextOptions): Line[] {
  const series = seriesOf(snapshot);
  if (series.length === 0) return lines(wrapped("No figures yet: a step's come when it has ended.", width));
  const { from, to } = timeSpan(series);
  const isWide = width >= WIDE;
  const room = width - NAME - (isWide ? 2 : 1) * (VALUE + 1) - 1;
  const values = new Map(series.map((one) => [one, sampled(one, { from, to, width: room })]));
  const rows = series.map((one): Line => {
    const alike = one.scale === "count" ? [one] : series.filter(({ scale }) => scale === one.scale);
    const all = alike.flatMap((other) => values.get(other) ?? []).filter((value) => value !== null);
    const least = one.scale === "count" ? 0 : Math.min(...all);
    const isNothing = one.scale === "count" && total(one) === 0;
    const line = isNothing ? "" : sparkline(one, { from, to, width: room, least, most: Math.max(...all), levels });
    const text = `${cut(plain(one.name), NAME).padEnd(NAME)} ${figures(one, isWide)} ${line}`.trimEnd();
    return { text, tone: one.name === "faults" && total(one) > 0 ? "bad" : "plain" };
  });
  const titles = isWide ? `${"first".padStart(VALUE)} ${"now".padStart(VALUE)}` : "now".padStart(VALUE);
  const title = `${"".padEnd(NAME)} ${titles}`;
  const span = ` over ${duration(to - from)}`;
  return [{ text: title.length + span.length <= width ? title + span : title, tone: "soft" }, ...rows];
}

const total = ({ stretches }: Series) => stretches.reduce((sum, { value }) => sum + value, 0);

/** First and latest value; of a count the sum and its latest part. */
function figures(series: Series, isWide: boolean): string {
  const [first, last] = [series.stretches[0]?.value ?? 0, series.stretches.at(-1)?.value ?? 0];
  const value = (shown: number) => cut(shownValue(series, shown), VALUE).padStart(VALUE);
  if (series.scale === "count")
    return isWide
      ? `${`${shownValue(series, total(series))} all`.padStart(VALUE)} ${value(last)}`
      : value(total(series));
  return isWide ? `${value(first)} ${value(last)}` : value(last);
}

function ours({ run, groups }: WatchSnapshot, width: number): Line[] {
  if (!run) return [];
  const { open, graded, discarded, abandoned } = run.rollouts;
  const faults = `${counted(run.faults.calls, "call")} faulted, ${whole(run.faults.unhealed)} not healed`;
  const latency = run.tools.map(({ tool, latency_milliseconds: { p50, p95 } }) => `${tool} ${ms(p50)}/${ms(p95)}`);
  const facts: readonly (readonly [string, string])[] = [
    [
      "rollouts",
      `${whole(open)} open, ${whole(graded)} graded, ${whole(discarded)} discarded, ${whole(abandoned)} abandoned`,
    ],
    ["faults", faults],
    ["ms p50/95", latency.join(", ") || "no calls"],
    [
      "groups",
      groups ? `${percent(groups.same, groups.groups)} of ${whole(groups.groups)} without variance` : "not known yet",
    ],
  ];
  return facts.flatMap(([name, text]) => lines(entry(name, plain(text), 11, width)));
}

const ms = (value: number | null) => (value === null ? "-" : whole(value));

function checkpoints({ checkpoints: all }: WatchSnapshot, width: number): Line[] {
  if (all.length === 0) return [];
  const shown =
    all.length <= MOST_CHECKPOINTS ? all : all.filter(({ best }, at) => best || at >= all.length - MOST_CHECKPOINTS);
  const cells = shown.map(({ step, valid_reward, best }) => [
    String(step),
    valid_reward === null ? "-" : valid_reward.toFixed(3),
    best ? "best" : "",
  ]);
  const rows = columns([["checkpoint", "validation", "    "], ...cells]).map((line) => line.padEnd(30));
  const beside = rows.map((line, at) => `${line}${at === 0 ? "model" : plain(shown[at - 1]?.model ?? "")}`);
  const left = all.length - shown.length;
  // A model's name is never broken: it is there to be copied.
  const table = beside.every((line) => line.length <= width) ? beside : rows;
  return [
    ...lines(table.map((line) => line.trimEnd())),
    ...(left > 0 ? lines([cut(`and ${counted(left, "earlier one")}`, width)], "soft") : []),
  ];
}

function hints({ hints: all }: WatchSnapshot, width: number): Line[] {
  return all.flatMap(({ kind, finding, advice }) => [
    ...lines(wrapped(plain(`${hintTitles[kind]}: ${finding}`), width), kind === "alarm" ? "bad" : "title"),
    ...lines(entry("", plain(advice), 3, width)),
  ]);
}

/** The latest messages; of more use the less there is of figures. */
function log({ log: all, steps }: WatchSnapshot, width: number): Line[] {
  const shown = all.slice(steps.length === 0 ? -5 : -2);
  return shown.map(({ at, message }) => ({
    text: cut(plain(`${clock(at).slice(11)} ${message}`), width),
    tone: "soft",
  }));
}

/** Commands stand on lines of their own, whole: they are there to be copied. */
function ending(snapshot: WatchSnapshot, width: number): Line[] {
  if (!snapshot.job.ended) return [];
  return nextSteps(snapshot).flatMap((text) =>
    lines(text.startsWith("npm ") ? [`  ${plain(text)}`] : wrapped(text, width)),
  );
}
