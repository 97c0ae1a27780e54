/** The charts of a job's page: wide ones on one time axis, with checkpoints and alarms as moments in each. Pure. */
import type { WatchSnapshot } from "../../contract/watch.ts";
import { SERIES } from "../charts/frame.ts";
import { rangeChart } from "../charts/ranges.ts";
import { type Moment, seriesChart, type SeriesLine } from "../charts/series.ts";
import type { Markup } from "../markup.ts";
import { compact, counted, oneDecimal } from "../numbers.ts";
import { timeUnit } from "../timeline.ts";
import { type Series, type Stretch, seriesOf, timeSpan } from "./series.ts";
import { clock, shownValue } from "./words.ts";

/** More lines than this cannot be told apart. */
const MOST_LINES = 6;
/** Fewer points are marked each. */
const FEW_POINTS = 20;
/** A change of the reward that is no change. */
const NARROWEST_REWARD = 0.1;

interface Axis {
  /** From milliseconds since 1970 to a position. */
  place: (milliseconds: number) => number;
  end: number;
  title: string;
  moments: Moment[];
}

/** Those that have something to show. */
export function timeCharts(snapshot: WatchSnapshot): Markup[] {
  const series = seriesOf(snapshot);
  const axis = axisOf(snapshot, series);
  const { run } = snapshot;
  const of = (scale: Series["scale"]) => series.filter((one) => one.scale === scale);
  const told = "as the service tells it";
  const rollouts = run ? `${counted(run.rollouts.total, "rollout")}, validations among them` : told;
  const faults = run ? `${counted(run.faults.calls, "call")} met a fault of ours` : told;
  const troubles = of("count").filter(({ name }) => name !== "rollouts");
  const charts: readonly (Omit<Chart, "axis"> & { series: readonly Series[] })[] = [
    { title: "Reward", basis: "mean of a step's rollouts, and of validations", y: "reward", series: of("reward") },
    { title: "Tokens", basis: "mean of a step's rollouts", y: "tokens of a rollout", series: of("tokens") },
    { title: "Tool calls", basis: rollouts, y: "calls of a rollout", series: of("calls") },
    { title: "Tool latency", basis: "seen by the trainer", y: "seconds", series: of("seconds") },
    { title: "Mistakes", basis: rollouts, y: "the model's mistakes in a rollout", series: of("mistakes") },
    { title: "Nothing to grade", basis: told, y: "share of rollouts", series: of("share") },
    { title: "Faults and errors", basis: faults, y: "per minute", series: troubles.map(perMinute) },
  ];
  return charts.filter((one) => one.series.length > 0).map((one) => chart({ ...one, axis }));
}

interface Chart {
  title: string;
  basis: string;
  y: string;
  series: readonly Series[];
  axis: Axis;
}

/** Up to the last figure, or the last moment that is shown with them. */
function axisOf({ checkpoints, run }: WatchSnapshot, series: readonly Series[]): Axis {
  const alarms = run?.alarms ?? [];
  const moments = [...checkpoints.map(({ at }) => at), ...alarms.map(({ raised_at }) => raised_at)].map(Date.parse);
  const span = timeSpan(series);
  const to = moments.reduce((latest, moment) => Math.max(latest, moment), span.to);
  const unit = timeUnit((to - span.from) / 1000);
  const place = (milliseconds: number) => (milliseconds - span.from) / 1000 / unit.seconds;
  const at = (iso: string) => Math.max(0, place(Date.parse(iso)));
  return {
    place,
    end: place(to),
    title: `${unit.name} from ${clock(new Date(span.from).toISOString())} UTC`,
    moments: [
      ...checkpoints.map((one): Moment => {
        return { at: at(one.at), label: `step ${one.step}${one.best ? ", best" : ""}`, matters: one.best };
      }),
      ...alarms.map((one): Moment => ({ at: at(one.raised_at), label: `alarm: ${one.kind}`, isBad: true })),
    ],
  };
}

function chart({ title, basis, y, series, axis }: Chart): Markup {
  const shown = series.slice(0, MOST_LINES);
  const last = shown.map((one) => `${one.name} ${shownValue(one, one.stretches.at(-1)?.value ?? 0)}`);
  return seriesChart({
    caption: {
      title,
      basis: series.length > shown.length ? `${basis}; ${series.length - shown.length} more are not shown` : basis,
      x: axis.title,
      y,
      summary: `Latest: ${last.join(", ")}`,
    },
    end: axis.end,
    lines: shown.map((one, at) => line(one, at, axis)),
    moments: axis.moments,
    fromZero: title !== "Reward",
    narrowest: NARROWEST_REWARD,
  });
}

function line(series: Series, at: number, axis: Axis): SeriesLine {
  const { stretches, name } = series;
  return {
    name,
    tone: name === "faults" ? "bad" : (SERIES[at % SERIES.length]?.tone ?? "first"),
    marked: stretches.length <= FEW_POINTS,
    points: stretches.map((stretch) => ({
      at: axis.place(middle(stretch)),
      value: stretch.value,
      hover: `${stretch.step === undefined ? "" : `Step ${stretch.step}, `}${clock(new Date(middle(stretch)).toISOString())}: ${name} ${compact(stretch.value)}`,
    })),
  };
}

/** A step's figure is of the time in which its rollouts were played, as the monitor's. */
const middle = ({ from, to }: Stretch) => (from + to) / 2;

/** Counts of steps and of the monitor's points, which differ in length, as what can be compared. */
function perMinute(series: Series): Series {
  const stretches = series.stretches.map((stretch) => ({
    ...stretch,
    value: stretch.value / Math.max((stretch.to - stretch.from) / 60_000, 1 / 60),
  }));
  return { ...series, scale: "share", stretches };
}

/** Of the deployment's own measure; undefined where no tool was called. */
export function latencyChart({ run }: WatchSnapshot): Markup | undefined {
  const rows = (run?.tools ?? []).flatMap(({ tool, calls, latency_milliseconds: { p50, p95, p99 } }) =>
    p50 === null || p95 === null || p99 === null ? [] : [{ tool, calls, values: [p50, p95, p99] }],
  );
  if (rows.length === 0) return undefined;
  const slowest = Math.max(...rows.flatMap(({ values }) => values));
  return rangeChart({
    caption: {
      title: "Latency inside the deployment",
      basis: `${counted(
        rows.reduce((sum, { calls }) => sum + calls, 0),
        "call",
      )} of the whole run`,
      x: "milliseconds, logarithmic",
      y: "tool",
      summary: `The highest p99 is ${oneDecimal(slowest)} ms`,
    },
    marks: ["p50", "p95", "p99"],
    rows: rows.map(({ tool, calls, values }) => ({
      label: tool,
      values,
      hover: `${tool}, ${counted(calls, "call")}: ${values.map(oneDecimal).join(", ")} ms`,
    })),
  });
}
