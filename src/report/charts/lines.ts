/** Values over time as lines, up to three in one chart. Pure. */
import { type Markup, markup } from "../markup.ts";
import { type Caption, frame, type Plot, plotFor, spaced, type Swatch, type Tone } from "./frame.ts";
import { linearScale, type Scale } from "./scale.ts";

interface Line {
  name: string;
  tone: Tone;
  /** One for each position; null where there is none, which the line leaves open. */
  values: readonly (number | null)[];
}

export interface LineChart {
  caption: Caption;
  /** The positions from left to right, from 0, and the axis's end. */
  positions: readonly number[];
  end: number;
  lines: readonly Line[];
  /** Whether values are counts, so that no fraction is marked; the same of positions. */
  whole: boolean;
  wholePositions?: boolean;
  /** What is shown on hover, one for each position. */
  hover: readonly string[];
}

/** Lines differ in how they are dashed, so that nobody needs their colours. */
const DASHES = ["none", "7 4", "2 4"];

export function lineChart({ caption, positions, end, lines, whole, wholePositions = false, hover }: LineChart): Markup {
  const legend: Swatch[] =
    lines.length < 2 ? [] : lines.map(({ name, tone }, at) => ({ name, tone, kind: "line", dash: dash(at) }));
  const most = Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const labels = linearScale(most, { from: 0, to: 1 }, { marks: 4, whole }).ticks.map(({ label }) => label);
  const plot = plotFor(labels, legend);
  const y = linearScale(most, { from: plot.bottom, to: plot.top }, { marks: 4, whole });
  const x = linearScale(end, { from: plot.left, to: plot.right }, { marks: 6, exact: true, whole: wholePositions });
  const isEmpty = lines.every(({ values }) => values.every((value) => value === null));
  const places = positions.map((position) => x.place(position));
  const marks = markup`${hovers(places, hover, plot)}${lines.map((line, at) => drawn(line, at, places, y, plot, lines.length === 1))}`;
  return frame({
    caption,
    plot,
    legend,
    xTicks: spaced(x.ticks),
    yTicks: y.ticks,
    grid: "y",
    marks: isEmpty ? undefined : marks,
  });
}

const dash = (at: number) => DASHES[at % DASHES.length] ?? "none";

function drawn(line: Line, at: number, places: readonly number[], y: Scale, plot: Plot, filled: boolean): Markup {
  return markup`${stretches(line.values, places, y).map((points) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return "";
    if (first === last)
      return markup`<circle class="fill ${line.tone} still" cx="${first.x}" cy="${first.y}" r="3.5"/>`;
    const path = points.map((point) => markup`${point.x} ${point.y} `);
    const area = markup`<path class="area ${line.tone}" d="M${first.x} ${plot.bottom}L${path}${last.x} ${plot.bottom}z"/>`;
    return markup`${filled ? area : ""}<path class="line ${line.tone}" stroke-dasharray="${dash(at)}" d="M${path}"/>`;
  })}`;
}

interface Point {
  x: number;
  y: number;
}

/** The line's parts between gaps. */
function stretches(values: readonly (number | null)[], places: readonly number[], y: Scale): Point[][] {
  const found: Point[][] = [[]];
  values.forEach((value, at) => {
    if (value === null) found.push([]);
    else found.at(-1)?.push({ x: places[at] ?? 0, y: y.place(value) });
  });
  return found.filter((points) => points.length > 0);
}

/** A strip for each position, over the whole height, so that no line has to be hit exactly. */
function hovers(places: readonly number[], hover: readonly string[], { left, right, top, bottom }: Plot): Markup[] {
  return places.map((place, at) => {
    const start = at === 0 ? left : (place + (places[at - 1] ?? left)) / 2;
    const end = at === places.length - 1 ? right : (place + (places[at + 1] ?? right)) / 2;
    return markup`<rect class="hover" x="${start}" y="${top}" width="${Math.max(end - start, 0)}" height="${bottom - top}"><title>${hover[at] ?? ""}</title></rect>`;
  });
}
