/**
 * Values over stretches of time, up to six lines of them, in a wide chart that stands above and below others of the same time axis.
 * Lines have positions of their own: what is measured seldom is joined across what is measured often. Pure.
 */
import { type Markup, markup } from "../markup.ts";
import { type Caption, frame, legendNames, type Plot, plotFor, spaced, type Swatch, type Tone } from "./frame.ts";
import { linearScale, type Scale, spanScale } from "./scale.ts";

interface SeriesPoint {
  /** In the axis's unit, from 0. */
  at: number;
  value: number;
  /** What is shown on hover. */
  hover: string;
}

export interface SeriesLine {
  name: string;
  tone: Tone;
  points: readonly SeriesPoint[];
  /** For few points that stand apart: each is marked. */
  marked?: boolean;
}

/** A moment that all charts of one axis show, as a checkpoint. */
export interface Moment {
  at: number;
  label: string;
  isBad?: boolean;
  /** Has its label before others that have no room beside it; what is bad has it, too. */
  matters?: boolean;
}

export interface SeriesChart {
  caption: Caption;
  /** Where the axis ends, in its unit. */
  end: number;
  lines: readonly SeriesLine[];
  moments: readonly Moment[];
  /** Whether the vertical axis begins at 0; else it is as wide as the values are, or as `narrowest` where that is more. */
  fromZero: boolean;
  narrowest?: number;
}

/** Charts of one axis begin at the same place, whatever stands left of it. */
const LABEL = "00,000";
/** Lines of one tone are told apart by how they are dashed. */
const DASHES = ["none", "7 4", "2 4", "10 3 2 3", "1 5", "14 4"];

export function seriesChart({ caption, end, lines, moments, fromZero, narrowest = 0 }: SeriesChart): Markup {
  const names = legendNames(
    lines.map(({ name }) => name),
    "low",
  );
  const legend = lines.map(({ tone }, at): Swatch => ({ name: names[at] ?? "", tone, kind: "line", dash: dash(at) }));
  const plot = plotFor([LABEL], legend, "low");
  const values = lines.flatMap(({ points }) => points.map(({ value }) => value));
  const extent = { from: plot.bottom, to: plot.top };
  const [least, most] = [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  // What hardly changes is to look so.
  const missing = Math.max(0, narrowest - (most - least)) / 2;
  const y =
    fromZero && least >= 0
      ? linearScale(most, extent, { marks: 3 })
      : spanScale(least - missing, most + missing, extent, { marks: 4 });
  const x = linearScale(end, { from: plot.left, to: plot.right }, { marks: 10, exact: true });
  const drawn = lines.map((line, at) => lineMarks(line, dash(at), x, y));
  return frame({
    caption,
    plot,
    legend,
    xTicks: spaced(x.ticks),
    yTicks: y.ticks,
    grid: "y",
    marks: values.length === 0 ? undefined : markup`${momentMarks(moments, x, plot)}${drawn}`,
    size: "low",
  });
}

const dash = (at: number) => DASHES[at % DASHES.length] ?? "none";

function lineMarks({ points, tone, marked = false }: SeriesLine, dashes: string, x: Scale, y: Scale): Markup {
  const path = points.map(({ at, value }, index) => markup`${index === 0 ? "M" : "L"}${x.place(at)} ${y.place(value)}`);
  // A circle that is not seen is what a pointer finds.
  const dots = points.map(
    ({ at, value, hover }) =>
      markup`<circle class="${marked || points.length === 1 ? markup`fill ${tone}` : "hover"}" cx="${x.place(at)}" cy="${y.place(value)}" r="${marked ? 4 : 5}"><title>${hover}</title></circle>`,
  );
  return markup`<path class="line ${tone}" stroke-dasharray="${dashes}" d="${path}"/>${dots}`;
}

/** The room of a label's letter. */
const LETTER = 7;

/** Their labels above the plot, where they have room: to the right, at the end of the axis to the left. */
function momentMarks(moments: readonly Moment[], x: Scale, { right, top, bottom }: Plot): Markup[] {
  const taken: { from: number; to: number }[] = [];
  return moments
    .toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)) || a.at - b.at)
    .map(({ at, label, isBad = false }) => {
      const place = x.place(at);
      const room = label.length * LETTER + 8;
      const isLeft = place + room > right;
      const from = isLeft ? place - room : place;
      const isFree = taken.every((other) => from >= other.to || from + room <= other.from);
      if (isFree) taken.push({ from, to: from + room });
      const text = markup`<text class="tick${isLeft ? " end" : ""}" x="${isLeft ? place - 3 : place + 3}" y="${top - 4}">${label}</text>`;
      return markup`<path class="moment${isBad ? " bad" : ""}" d="M${place} ${top}V${bottom}"><title>${label}</title></path>${isFree ? text : ""}`;
    });
}

const isFirst = ({ isBad = false, matters = false }: Moment) => isBad || matters;
