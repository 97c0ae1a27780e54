/**
 * The variance plot of OpenAI's Build Hour on agent RFT: items from the worst to the best mean, each as a bar up to its mean, a line
 * one standard deviation up and down, a cross at the best attempt. Items with a long line or a cross above their bar are those
 * that teach. Pure.
 */
import { type Markup, markup } from "../markup.ts";
import { compact } from "../numbers.ts";
import { type Caption, cross, frame, type Plot, plotFor, spaced, type Swatch } from "./frame.ts";
import { linearScale, type Scale } from "./scale.ts";

interface VarianceItem {
  mean: number;
  sigma: number;
  best: number;
  /** What is shown on hover. */
  hover: string;
}

export interface VarianceChart {
  caption: Caption;
  /** In the order in which they are drawn. */
  items: readonly VarianceItem[];
  /** What the cross is, as `best of 3`. */
  best: string;
}

/** A few items would otherwise be bars as wide as the chart. */
const WIDEST_BAR = 24;
const LARGEST_CROSS = 4.5;
const SMALLEST_CROSS = 1.2;
/** A line may reach above the highest score: the axis ends where the highest does. */
const AXIS = { marks: 6, exact: true };
/** Marks below the items, about. */
const MARKS = 12;

export function varianceChart({ caption, items, best }: VarianceChart): Markup {
  const legend: Swatch[] = [
    { name: "mean", tone: "first", kind: "bar" },
    { name: best, tone: "bad", kind: "point", shape: "cross" },
  ];
  const most = items.reduce((top, { mean, sigma, best: highest }) => Math.max(top, mean + sigma, highest), 1);
  const labels = linearScale(most, { from: 0, to: 1 }, AXIS).ticks.map(({ label }) => label);
  const plot = plotFor(labels, legend, "wide");
  const y = linearScale(most, { from: plot.bottom, to: plot.top }, AXIS);
  const band = (plot.right - plot.left) / Math.max(items.length, 1);
  const centre = (at: number) => plot.left + band * (at + 0.5);
  return frame({
    caption,
    plot,
    legend,
    xTicks: spaced(ranks(items.length).map((rank) => ({ at: centre(rank - 1), label: compact(rank) }))),
    yTicks: y.ticks,
    grid: "y",
    marks: items.length === 0 ? undefined : markup`${items.map((item, at) => drawn(item, centre(at), band, y, plot))}`,
    size: "wide",
  });
}

/** Round numbers, as every tenth. */
function ranks(items: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((size) => items / size <= MARKS) ?? items;
  return Array.from({ length: Math.floor(items / step) }, (_, at) => (at + 1) * step);
}

function drawn({ mean, sigma, best, hover }: VarianceItem, x: number, band: number, y: Scale, plot: Plot): Markup {
  const width = Math.min(band * 0.8, WIDEST_BAR);
  const top = y.place(mean);
  const bar = markup`<rect class="area first" x="${x - width / 2}" y="${top}" width="${width}" height="${plot.bottom - top}"/>`;
  const cap = markup`<path class="line first" d="M${x - width / 2} ${top}h${width}"/>`;
  const line =
    sigma > 0 ? markup`<path class="whisker" d="M${x} ${y.place(mean - sigma)}V${y.place(mean + sigma)}"/>` : "";
  const reach = Math.max(SMALLEST_CROSS, Math.min(band * 0.35, LARGEST_CROSS));
  return markup`<g class="marked"><rect class="hover" x="${x - band / 2}" y="${plot.top}" width="${band}" height="${plot.bottom - plot.top}"/>${bar}${cap}${line}${cross("bad", x, y.place(best), reach)}<title>${hover}</title></g>`;
}
