/** The charts of a baseline's report; each says how many rollouts stand behind it and how many were left out. Pure. */
import type { Baseline, Spread } from "../../contract/baseline.ts";
import { barChart } from "../charts/bars.ts";
import { lineChart } from "../charts/lines.ts";
import { rangeChart } from "../charts/ranges.ts";
import { varianceChart } from "../charts/variance.ts";
import { scoreBins } from "../histogram.ts";
import type { Markup } from "../markup.ts";
import { compact, counted, oneDecimal, percent, whole } from "../numbers.ts";

/** More items than this are no wider than a line each: then every second, third, … is shown. */
const MOST_ITEMS = 400;
/** More bars than this have no room for their numbers. */
const MOST_BARS = 25;

/** By the name of the file that each becomes. */
export function baselineCharts(baseline: Baseline): Record<string, Markup> {
  return {
    variance: variance(baseline),
    scores: scores(baseline),
    "best-of-k": bestOf(baseline),
    signal: signal(baseline),
    calls: calls(baseline),
    tools: tools(baseline),
    latency: latency(baseline),
    ...(baseline.tokens && { tokens: tokens(baseline.tokens, basis(baseline)) }),
  };
}

/** What stands behind a figure. */
export function basis({ rollouts: { graded, faulted, agent_failed } }: Baseline): string {
  const left = [
    ...(faulted > 0 ? [`${whole(faulted)} faulted`] : []),
    ...(agent_failed > 0 ? [`${whole(agent_failed)} failed`] : []),
  ];
  return `${counted(graded, "rollout")}${left.length > 0 ? `; left out: ${left.join(", ")}` : ""}`;
}

function variance(baseline: Baseline): Markup {
  const { items, always, manifest } = baseline;
  const every = Math.ceil(items.length / MOST_ITEMS);
  const shown = items.filter((_, at) => at % every === 0);
  const part = every === 1 ? "" : `; one of ${every} items shown`;
  return varianceChart({
    caption: {
      title: "Score by item",
      basis: `${counted(items.length, "item")}, ${basis(baseline)}${part}; the line is one standard deviation up and down`,
      x: "items, by their mean score",
      y: "score",
      summary: `${whole(always.zero)} items always 0, ${whole(always.one)} always 1, ${whole(always.varied)} in between`,
    },
    items: shown.map(({ item, mean, sigma, best, scores: all }) => ({
      mean,
      sigma,
      best,
      hover: `${item}: ${all.map(compact).join(", ")}; mean ${compact(mean)}`,
    })),
    best: `best of ${manifest.attempts}`,
  });
}

function scores(baseline: Baseline): Markup {
  const { graded } = baseline.rollouts;
  const bins = scoreBins(baseline.scores);
  return barChart({
    caption: {
      title: "Scores",
      basis: basis(baseline),
      x: "score",
      y: "rollouts",
      summary: bins.map(({ range, rollouts }) => `${range}: ${whole(rollouts)}`).join(", ") || "None",
    },
    parts: [{ name: "graded", tone: "first" }],
    bars: bins.map(({ label, range, rollouts }) => ({
      label,
      values: [rollouts],
      hover: `Score ${range}: ${counted(rollouts, "rollout")}, ${percent(rollouts, graded)}`,
    })),
    whole: true,
  });
}

function bestOf(baseline: Baseline): Markup {
  const { best_of } = baseline;
  const last = best_of.at(-1);
  return lineChart({
    caption: {
      title: "Best of k attempts",
      basis: basis(baseline),
      x: "k",
      y: "mean over items",
      summary: last ? `Best of ${last.k}: ${compact(last.best.value)}, pass ${compact(last.pass.value)}` : "None",
    },
    positions: best_of.map(({ k }) => k),
    end: Math.max(1, baseline.manifest.attempts),
    lines: [
      { name: "best score", tone: "first", values: best_of.map(({ best }) => best.value) },
      { name: "pass@k", tone: "second", values: best_of.map(({ pass }) => pass.value) },
    ],
    whole: false,
    wholePositions: true,
    hover: best_of.map(
      ({ k, items, best, pass }) =>
        `k = ${k}, ${counted(items, "item")}: best ${compact(best.value)} (${compact(best.low)} to ${compact(best.high)}), pass@k ${compact(pass.value)} (${compact(pass.low)} to ${compact(pass.high)})`,
    ),
  });
}

function signal(baseline: Baseline): Markup {
  const multipliers = baseline.forecast?.multipliers ?? [];
  return barChart({
    caption: {
      title: "Groups that would teach (forecast)",
      basis: `from ${basis(baseline)}`,
      x: "compute multiplier",
      y: "percent of groups",
      summary:
        multipliers.map(({ multiplier, share }) => `${multiplier}: ${percent(share.value)}`).join(", ") || "None",
    },
    parts: [{ name: "share", tone: "second" }],
    bars: multipliers.map(({ multiplier, copies, share }) => ({
      label: `x${multiplier}`,
      values: [share.value * 100],
      hover: `Multiplier ${multiplier}, ${counted(copies, "rollout")} of an item: ${percent(share.value)}, ${percent(share.low)} to ${percent(share.high)}`,
    })),
    whole: false,
  });
}

function calls(baseline: Baseline): Markup {
  const { histogram, spread } = baseline.calls;
  const most = Math.min(spread.most, MOST_BARS - 1);
  const bars = Array.from({ length: baseline.rollouts.graded > 0 ? most + 1 : 0 }, (_, number) => {
    const rollouts = number < most ? (histogram[number] ?? 0) : atLeast(histogram, most);
    const name = number === most && spread.most > most ? `${number}+` : String(number);
    return { label: name, values: [rollouts], hover: `${name} calls: ${counted(rollouts, "rollout")}` };
  });
  return barChart({
    caption: {
      title: "Tool calls of a rollout",
      basis: basis(baseline),
      x: "calls",
      y: "rollouts",
      summary: `On average ${oneDecimal(spread.mean)}, at most ${whole(spread.most)}`,
    },
    parts: [{ name: "rollouts", tone: "first" }],
    bars,
    whole: true,
  });
}

const atLeast = (histogram: Readonly<Record<string, number>>, least: number) =>
  Object.entries(histogram).reduce((sum, [number, rollouts]) => sum + (Number(number) >= least ? rollouts : 0), 0);

function tools(baseline: Baseline): Markup {
  return barChart({
    caption: {
      title: "Calls by tool",
      basis: basis(baseline),
      x: "tool",
      y: "calls for each rollout",
      summary:
        baseline.calls.tools.map(({ tool, per_rollout }) => `${tool}: ${compact(per_rollout)}`).join(", ") || "None",
    },
    parts: [
      { name: "carried out", tone: "first" },
      { name: "mistakes", tone: "bad" },
    ],
    bars: baseline.calls.tools.map(({ tool, calls: made, mistakes, over_budget, per_rollout }) => {
      const wrong = made > 0 ? ((mistakes + over_budget) / made) * per_rollout : 0;
      return {
        label: tool,
        values: [per_rollout - wrong, wrong],
        hover: `${tool}: ${counted(made, "call")}, ${counted(mistakes, "mistake")}, ${whole(over_budget)} over the budget`,
      };
    }),
    whole: false,
  });
}

const MARKS = ["p50", "p95", "most"];

function row(label: string, { count, mean, p50, p95, most }: Spread, unit: string) {
  return {
    label,
    values: [p50, p95, most],
    hover: `${label}, ${whole(count)}: mean ${compact(mean)}, p50 ${compact(p50)}, p95 ${compact(p95)}, most ${compact(most)} ${unit}`,
  };
}

function latency(baseline: Baseline): Markup {
  const { answer, model, grading } = baseline.milliseconds;
  const rows = [
    row("whole answer", answer, "ms"),
    ...(model.most > 0 ? [row("model", model, "ms")] : []),
    ...baseline.calls.tools.map(({ tool, milliseconds }) => row(tool, milliseconds, "ms")),
    row("grading", grading, "ms"),
  ];
  return rangeChart({
    caption: {
      title: "Latency",
      basis: basis(baseline),
      x: "milliseconds, logarithmic",
      y: "of",
      summary: `95 of 100 answers within ${oneDecimal(answer.p95)} ms`,
    },
    marks: MARKS,
    rows: baseline.rollouts.graded > 0 ? rows : [],
  });
}

function tokens({ input, cached_input, output, reasoning }: NonNullable<Baseline["tokens"]>, behind: string): Markup {
  const kinds: [string, Spread][] = [
    ["input", input],
    ["of it cached", cached_input],
    ["output", output],
    ["of it reasoning", reasoning],
  ];
  return rangeChart({
    caption: {
      title: "Tokens of a rollout",
      basis: behind,
      x: "tokens, logarithmic",
      y: "kind",
      summary: kinds.map(([name, { mean }]) => `${name}: ${compact(mean)} on average`).join(", "),
    },
    marks: MARKS,
    rows: kinds.filter(([, { most }]) => most > 0).map(([name, values]) => row(name, values, "tokens")),
  });
}
