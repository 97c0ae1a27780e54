/** Counts as upright bars, in one or more parts: histograms, and what came of each step. Pure. */
import { compact } from "../numbers.ts";
import { type Markup, markup } from "../markup.ts";
import { type Caption, frame, type Plot, plotFor, shortened, spaced, type Swatch, type Tone } from "./frame.ts";
import { linearScale, type Scale } from "./scale.ts";

export interface Bar {
  label: string;
  /** One for each part, from the bottom up. */
  values: readonly number[];
  /** What is shown on hover. */
  hover: string;
}

export interface BarChart {
  caption: Caption;
  parts: readonly { name: string; tone: Tone }[];
  bars: readonly Bar[];
  /** Whether values are counts, so that no fraction is marked. */
  whole: boolean;
}

/** A few bars would otherwise be as wide as the chart. */
const WIDEST_BAR = 64;
/** Under this there is no room for a number over each bar. */
const NARROWEST_LABELLED = 30;

export function barChart({ caption, parts, bars, whole }: BarChart): Markup {
  const legend: Swatch[] = parts.length < 2 ? [] : parts.map((part) => ({ ...part, kind: "bar" }));
  // Room for the number over the highest bar.
  const most = Math.max(0, ...bars.map(height)) * 1.08;
  const labels = linearScale(most, { from: 0, to: 1 }, { marks: 4, whole }).ticks.map(({ label }) => label);
  const plot = plotFor(labels, legend);
  const y = linearScale(most, { from: plot.bottom, to: plot.top }, { marks: 4, whole });
  const band = (plot.right - plot.left) / Math.max(bars.length, 1);
  const centre = (at: number) => plot.left + band * (at + 0.5);
  const xTicks = bars.map(({ label }, at) => ({ at: centre(at), label: shortened(label, 12) }));
  const marks = markup`${bars.map((bar, at) => drawn(bar, parts, centre(at), band, y, plot))}`;
  return frame({
    caption,
    plot,
    legend,
    xTicks: spaced(xTicks),
    yTicks: y.ticks,
    grid: "y",
    marks: bars.length === 0 ? undefined : marks,
  });
}

function drawn(bar: Bar, parts: BarChart["parts"], centre: number, band: number, y: Scale, plot: Plot): Markup {
  const width = Math.min(band * 0.8, WIDEST_BAR);
  let sum = 0;
  const pieces = parts.map(({ tone }, at) => {
    const base = y.place(sum);
    sum += Math.max(bar.values[at] ?? 0, 0);
    const top = y.place(sum);
    return markup`<rect class="fill ${tone}" x="${centre - width / 2}" y="${top}" width="${width}" height="${base - top}"/>`;
  });
  const number = markup`<text class="tick middle" x="${centre}" y="${y.place(sum) - 5}">${compact(sum)}</text>`;
  return markup`<g class="marked"><rect class="hover" x="${centre - band / 2}" y="${plot.top}" width="${band}" height="${plot.bottom - plot.top}"/>${pieces}${band >= NARROWEST_LABELLED ? number : ""}<title>${bar.hover}</title></g>`;
}

const height = ({ values }: Bar) => values.reduce((sum, value) => sum + value, 0);
