/** Results by two measures at once, as score and latency: each a mark with a line along each axis between which it may be. Pure. */
import type { Estimate } from "../../contract/baseline.ts";
import { type Markup, markup } from "../markup.ts";
import { type Caption, frame, legendNames, plotFor, point, SERIES, spaced, type Swatch } from "./frame.ts";
import { type Scale, spanScale } from "./scale.ts";

interface ScatterPoint {
  name: string;
  x: Estimate;
  y: Estimate;
  /** What is shown on hover. */
  hover: string;
}

export interface ScatterChart {
  caption: Caption;
  points: readonly ScatterPoint[];
}

const AXIS = { marks: 5 };
/** From the plot's edges to the outermost values. */
const INSET = 10;

export function scatterChart({ caption, points }: ScatterChart): Markup {
  const names = legendNames(points.map(({ name }) => name));
  const legend = SERIES.slice(0, points.length).map((look, at): Swatch => ({
    ...look,
    name: names[at] ?? "",
    kind: "point",
  }));
  const vertical = (extent: { from: number; to: number }) =>
    spanOf(
      points.map(({ y }) => y),
      extent,
    );
  const plot = plotFor(
    vertical({ from: 0, to: 1 }).ticks.map(({ label }) => label),
    legend,
  );
  const y = vertical({ from: plot.bottom - INSET, to: plot.top + INSET });
  const x = spanOf(
    points.map((one) => one.x),
    { from: plot.left + INSET, to: plot.right - INSET },
  );
  return frame({
    caption,
    plot,
    legend,
    xTicks: spaced(x.ticks),
    yTicks: y.ticks,
    grid: "y",
    marks: points.length === 0 ? undefined : markup`${points.map((one, at) => drawn(one, at, x, y))}`,
  });
}

function spanOf(estimates: readonly Estimate[], extent: { from: number; to: number }): Scale {
  const values = estimates.flatMap(({ value, low, high }) => [value, low, high]);
  return spanScale(
    values.length === 0 ? 0 : Math.min(...values),
    values.length === 0 ? 1 : Math.max(...values),
    extent,
    AXIS,
  );
}

function drawn({ x, y, hover }: ScatterPoint, at: number, across: Scale, up: Scale): Markup {
  const { tone, shape } = SERIES[at] ?? { tone: "first", shape: "circle" };
  const [left, top] = [across.place(x.value), up.place(y.value)];
  const lines = markup`<path class="line thin ${tone}" d="M${across.place(x.low)} ${top}H${across.place(x.high)}M${left} ${up.place(y.low)}V${up.place(y.high)}"/>`;
  return markup`<g class="marked"><circle class="hover" cx="${left}" cy="${top}" r="18"/>${lines}${point(shape, tone, left, top)}<title>${hover}</title></g>`;
}
