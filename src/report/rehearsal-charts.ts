/** The charts of a rehearsal's report. Pure. */
import type { Rehearsal } from "../contract/rehearsal.ts";
import { type Bar, barChart } from "./charts/bars.ts";
import { lineChart } from "./charts/lines.ts";
import { rangeChart } from "./charts/ranges.ts";
import { scoreBins } from "./histogram.ts";
import type { Markup } from "./markup.ts";
import { compact, counted, duration, oneDecimal, percent, whole } from "./numbers.ts";
import { type Stretch, timeline, timeUnit } from "./timeline.ts";

/** Answers, faults, latency and rollouts over the same time. */
export function timeCharts(rehearsal: Rehearsal): Markup[] {
  const stretches = timeline(rehearsal.seconds);
  const answers = sum(rehearsal.seconds.map((second) => second.answers));
  const faults = sum(rehearsal.seconds.map((second) => second.faults));
  const each = stretches.length > 0 ? lengthOf(stretches) : "each second";
  return [
    rateChart("Requests", stretches, each, {
      basis: `${counted(answers, "request")}, whatever came of them`,
      value: (stretch) => stretch.answersPerSecond,
      tone: "first",
    }),
    rateChart("Faults", stretches, each, {
      basis: `${counted(faults, "request")} with a 5xx, or no answer`,
      value: (stretch) => stretch.faultsPerSecond,
      tone: "bad",
    }),
    latencyOverTime(stretches, answers, each),
    rolloutsOverTime(stretches),
  ];
}

/** How a time axis is drawn: the same for all charts of one report. */
function timeAxis(stretches: readonly Stretch[], place: (stretch: Stretch) => number) {
  const end = stretches.at(-1)?.end ?? 1;
  const unit = timeUnit(end);
  const positions = stretches.map((stretch) => place(stretch) / unit.seconds);
  return { x: `${unit.name} from the start`, end: end / unit.seconds, positions };
}

const middle = ({ start, end }: Stretch) => (start + end) / 2;
const lengthOf = ([stretch]: readonly Stretch[]) =>
  stretch === undefined || stretch.end - stretch.start === 1
    ? "each second"
    : `each ${whole(stretch.end - stretch.start)} s`;
const when = ({ start, end }: Stretch) =>
  end - start === 1 ? `Second ${whole(start)}` : `${whole(start)} to ${whole(end)} s`;

function rateChart(
  title: string,
  stretches: readonly Stretch[],
  each: string,
  { basis, value, tone }: { basis: string; value: (stretch: Stretch) => number; tone: "first" | "bad" },
): Markup {
  const { x, end, positions } = timeAxis(stretches, middle);
  const values = stretches.map(value);
  const summary = `At most ${compact(Math.max(0, ...values))} a second`;
  return lineChart({
    caption: { title, basis: `${basis}, ${each}`, x, y: "per second", summary },
    positions,
    end,
    lines: [{ name: title, tone, values }],
    whole: false,
    hover: stretches.map((stretch) => `${when(stretch)}: ${compact(value(stretch))} per second`),
  });
}

function latencyOverTime(stretches: readonly Stretch[], answers: number, each: string): Markup {
  const { x, end, positions } = timeAxis(stretches, middle);
  const values = stretches.map(({ p50 }) => p50);
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  return lineChart({
    caption: {
      title: "Median latency",
      basis: `${counted(answers, "answer")}, ${each}`,
      x,
      y: "p50 in milliseconds",
      summary: `At most ${oneDecimal(most)} ms`,
    },
    positions,
    end,
    lines: [{ name: "p50", tone: "first", values }],
    whole: false,
    hover: stretches.map(
      (stretch) => `${when(stretch)}: ${stretch.p50 === null ? "no answer" : `${oneDecimal(stretch.p50)} ms`}`,
    ),
  });
}

function rolloutsOverTime(stretches: readonly Stretch[]): Markup {
  const { x, end, positions } = timeAxis(stretches, (stretch) => stretch.end);
  const last = stretches.at(-1);
  const [started, ended] = [last?.started ?? 0, last?.ended ?? 0];
  return lineChart({
    caption: {
      title: "Rollouts started and ended",
      basis: `${whole(started)} started, ${whole(ended)} ended; between the lines: under way`,
      x,
      y: "rollouts so far",
      summary: `${whole(started)} started, ${whole(ended)} ended`,
    },
    positions: fromZero(positions),
    end,
    lines: [
      { name: "started", tone: "first", values: fromZero(stretches.map((stretch) => stretch.started)) },
      { name: "ended", tone: "second", values: fromZero(stretches.map((stretch) => stretch.ended)) },
    ],
    whole: true,
    hover: [
      "",
      ...stretches.map(
        (stretch) => `After ${whole(stretch.end)} s: ${whole(stretch.started)} started, ${whole(stretch.ended)} ended`,
      ),
    ],
  });
}

/** What has been reached so far begins with nothing; without any time there is not even that. */
const fromZero = (reached: readonly number[]) => (reached.length === 0 ? [] : [0, ...reached]);

export function latencyChart({ latencies }: Rehearsal): Markup {
  const requests = sum(latencies.map((latency) => latency.requests));
  const slowest = latencies.reduce((most, { p99 }) => Math.max(most, p99), 0);
  return rangeChart({
    caption: {
      title: "Latency of answered requests",
      basis: counted(requests, "answered request"),
      x: "milliseconds, logarithmic",
      y: "tool",
      summary: `The highest p99 is ${oneDecimal(slowest)} ms`,
    },
    marks: ["p50", "p95", "p99"],
    rows: latencies.map(({ kind, requests: count, p50, p95, p99, most }) => ({
      label: kind,
      values: [p50, p95, p99],
      hover: `${kind}, ${counted(count, "request")}: p50 ${oneDecimal(p50)}, p95 ${oneDecimal(p95)}, p99 ${oneDecimal(p99)}, most ${oneDecimal(most)} ms`,
    })),
  });
}

export function scoreChart({ scores, rollouts }: Rehearsal): Markup {
  const graded = sum(Object.values(scores));
  const bins = scoreBins(scores);
  const excluded = `${whole(rollouts.discarded)} discarded, ${whole(rollouts.unfinished)} unfinished left out`;
  const bars: Bar[] = bins.map(({ label, range, rollouts: count }) => ({
    label,
    values: [count],
    hover: `Score ${range}: ${counted(count, "rollout")}, ${percent(count, graded)}`,
  }));
  return barChart({
    caption: {
      title: "Scores",
      basis: `${whole(graded)} graded; ${excluded}`,
      x: "score",
      y: "rollouts",
      summary: bins.map(({ range, rollouts: count }) => `${range}: ${whole(count)}`).join(", ") || "None",
    },
    parts: [{ name: "graded", tone: "first" }],
    bars,
    whole: true,
  });
}

export function stepCharts({ steps }: Rehearsal): Markup[] {
  const rollouts = sum(steps.map((step) => step.rollouts));
  const discarded = sum(steps.map((step) => step.discarded));
  const longest = steps.reduce((most, step) => Math.max(most, step.milliseconds), 0);
  const basis = `${counted(rollouts, "rollout")} in ${counted(steps.length, "step")}`;
  const outcome = barChart({
    caption: {
      title: "Rollouts of each step",
      basis: `${basis}, ${whole(discarded)} discarded`,
      x: "step",
      y: "rollouts",
      summary: `${whole(discarded)} of ${whole(rollouts)} discarded`,
    },
    parts: [
      { name: "carried out", tone: "first" },
      { name: "discarded", tone: "bad" },
    ],
    bars: steps.map((step) => ({
      label: String(step.step),
      values: [step.rollouts - step.discarded, step.discarded],
      hover: `Step ${step.step}: ${counted(step.rollouts, "rollout")}, ${whole(step.discarded)} discarded`,
    })),
    whole: true,
  });
  const time = barChart({
    caption: { title: "Time of each step", basis, x: "step", y: "seconds", summary: `At most ${duration(longest)}` },
    parts: [{ name: "time", tone: "second" }],
    bars: steps.map((step) => ({
      label: String(step.step),
      values: [step.milliseconds / 1000],
      hover: `Step ${step.step}: ${duration(step.milliseconds)}`,
    })),
    whole: false,
  });
  return [outcome, time];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
