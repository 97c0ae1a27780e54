/** The same measure of several results side by side, for each of several things: calls by tool, before and after. Pure. */
import { type Markup, markup } from "../markup.ts";
import { compact } from "../numbers.ts";
import {
  type Caption,
  frame,
  legendNames,
  type Plot,
  plotFor,
  SERIES,
  shortened,
  type Size,
  spaced,
  type Swatch,
} from "./frame.ts";
import { linearScale, type Scale } from "./scale.ts";

interface Bar {
  value: number;
  /** Between which the value may be. */
  low: number;
  high: number;
  /** What is shown on hover. */
  hover: string;
}

export interface GroupChart {
  caption: Caption;
  /** The names of the results. */
  names: readonly string[];
  /** A bar for each result. */
  groups: readonly { label: string; bars: readonly Bar[] }[];
  /** For more than a few groups, or long names. */
  size?: Size;
}

const WIDEST_BAR = 40;
/** Under this there is no room for a number over each bar. */
const NARROWEST_LABELLED = 30;
/** The share of a group's room that its bars take. */
const FILLED = 0.76;

export function groupChart({ caption, names, groups, size = "usual" }: GroupChart): Markup {
  const shown = legendNames(names);
  const legend = SERIES.slice(0, names.length).map(({ tone }, at): Swatch => ({
    name: shown[at] ?? "",
    tone,
    kind: "bar",
  }));
  const most = Math.max(0, ...groups.flatMap(({ bars }) => bars.map(({ value, high }) => Math.max(value, high))));
  const axis = { marks: 4, whole: false };
  const plot = plotFor(
    linearScale(most, { from: 0, to: 1 }, axis).ticks.map(({ label }) => label),
    legend,
    size,
  );
  const y = linearScale(most, { from: plot.bottom, to: plot.top }, axis);
  const band = (plot.right - plot.left) / Math.max(groups.length, 1);
  const width = Math.min((band * FILLED) / Math.max(names.length, 1), WIDEST_BAR);
  const centre = (at: number) => plot.left + band * (at + 0.5);
  const xTicks = groups.map(({ label }, at) => ({ at: centre(at), label: shortened(label, 12) }));
  const marks = groups.map(({ bars }, at) =>
    bars.map((bar, number) => drawn(bar, number, centre(at) + (number - bars.length / 2) * width, width, y, plot)),
  );
  return frame({
    caption,
    plot,
    legend,
    xTicks: spaced(xTicks),
    yTicks: y.ticks,
    grid: "y",
    marks: groups.length === 0 ? undefined : markup`${marks}`,
    size,
  });
}

function drawn(bar: Bar, number: number, left: number, width: number, y: Scale, plot: Plot): Markup {
  const tone = SERIES[number]?.tone ?? "first";
  const top = y.place(bar.value);
  const middle = left + width / 2;
  const gap = Math.min(2, width / 8);
  const line =
    bar.high > bar.low ? markup`<path class="error" d="M${middle} ${y.place(bar.low)}V${y.place(bar.high)}"/>` : "";
  const text = markup`<text class="tick middle" x="${middle}" y="${y.place(Math.max(bar.value, bar.high)) - 5}">${compact(bar.value)}</text>`;
  return markup`<g class="marked"><rect class="hover" x="${left}" y="${plot.top}" width="${width}" height="${plot.bottom - plot.top}"/><rect class="fill ${tone}" x="${left + gap}" y="${top}" width="${width - 2 * gap}" height="${plot.bottom - top}"/>${line}${width >= NARROWEST_LABELLED ? text : ""}<title>${bar.hover}</title></g>`;
}
