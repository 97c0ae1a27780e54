/** From a typical value to the rare ones, a row for each kind: latencies by percentile, on a logarithmic axis. Pure. */
import { type Markup, markup } from "../markup.ts";
import {
  type Caption,
  frame,
  type Plot,
  plotFor,
  point,
  type Shape,
  shortened,
  spaced,
  type Swatch,
  type Tone,
} from "./frame.ts";
import { logScale, type Scale } from "./scale.ts";

interface RangeRow {
  label: string;
  /** One for each mark, growing. */
  values: readonly number[];
  /** What is shown on hover. */
  hover: string;
}

export interface RangeChart {
  caption: Caption;
  /** The names of the values, as `p50`: up to three. */
  marks: readonly string[];
  rows: readonly RangeRow[];
}

const LOOKS: readonly { shape: Shape; tone: Tone }[] = [
  { shape: "circle", tone: "first" },
  { shape: "diamond", tone: "second" },
  { shape: "triangle", tone: "bad" },
];

export function rangeChart({ caption, marks, rows }: RangeChart): Markup {
  const looks = LOOKS.slice(0, marks.length);
  const legend: Swatch[] = looks.map((look, at) => ({ ...look, name: marks[at] ?? "", kind: "point" }));
  const labels = rows.map(({ label }) => shortened(label, 16));
  const plot = plotFor(labels, legend);
  const values = rows.flatMap((row) => row.values).filter((value) => value > 0);
  // An axis of nothing is from 1 to 10.
  const x = logScale(least(values), most(values), { from: plot.left + 8, to: plot.right - 8 });
  const band = (plot.bottom - plot.top) / Math.max(rows.length, 1);
  const centre = (at: number) => plot.top + band * (at + 0.5);
  const yTicks = labels.map((label, at) => ({ at: centre(at), label }));
  const drawnRows = markup`${rows.map((row, at) => drawn(row, looks, centre(at), band, x, plot))}`;
  return frame({
    caption,
    plot,
    legend,
    xTicks: spaced(x.ticks),
    yTicks,
    grid: "x",
    marks: rows.length === 0 ? undefined : drawnRows,
  });
}

const least = (values: readonly number[]) => (values.length === 0 ? 1 : Math.min(...values));
const most = (values: readonly number[]) => (values.length === 0 ? 10 : Math.max(...values));

function drawn(row: RangeRow, looks: typeof LOOKS, y: number, band: number, x: Scale, plot: Plot): Markup {
  const places = row.values.map((value) => x.place(value));
  const [first = plot.left, last = first] = [places[0], places.at(-1)];
  // The typical value is drawn last, to lie on top where all are one.
  const points = looks.map((look, at) => point(look.shape, look.tone, places[at] ?? first, y)).toReversed();
  return markup`<g class="marked"><rect class="hover" x="${plot.left}" y="${y - band / 2}" width="${plot.right - plot.left}" height="${band}"/><path class="range" d="M${first} ${y}H${last}"/>${points}<title>${row.hover}</title></g>`;
}
