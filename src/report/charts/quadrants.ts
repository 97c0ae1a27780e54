/**
 * The quadrant plot of OpenAI's Build Hour on agent RFT: each item by how its score and its number of calls changed. Items at the same place
 * are one mark, larger with their number. Around the plot stands how many items each quadrant and each axis has. Pure.
 */
import { type Markup, markup } from "../markup.ts";
import { whole } from "../numbers.ts";
import { type Caption, frame, type Plot, plotFor, spaced, type Tone } from "./frame.ts";
import { differenceScale, type Scale } from "./scale.ts";

interface QuadrantItem {
  /** Changes along the axes. */
  x: number;
  y: number;
  name: string;
}

interface Count {
  items: number;
  /** What these items have in common, as `better, fewer calls`. */
  words: string;
}

export interface QuadrantChart {
  caption: Caption;
  items: readonly QuadrantItem[];
  /** From the top left to the bottom right, row by row: above, on and below the horizontal axis, each left of, on and right of the other. */
  counts: readonly (readonly Count[])[];
}

/** Beside the plot, for counts in words; and above and below it. */
const SIDE = 168;
const BAND = 30;
const LARGEST = 15;
/** In a mark of this radius there is room for its number. */
const NUMBERED = 8;
/** Names shown on hover of a mark that stands for many. */
const NAMED = 5;

export function quadrantChart({ caption, items, counts }: QuadrantChart): Markup {
  const reachOf = (values: readonly number[]) =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const reach = { x: reachOf(items.map(({ x }) => x)), y: reachOf(items.map(({ y }) => y)) };
  const outer = plotFor([], [], "tall");
  const inner: Plot = {
    left: outer.left + SIDE,
    right: outer.right - SIDE,
    top: outer.top + BAND,
    bottom: outer.bottom - BAND,
  };
  const x = differenceScale(reach.x, { from: inner.left, to: inner.right }, { marks: 4 });
  const y = differenceScale(reach.y, { from: inner.bottom, to: inner.top }, { marks: 4 });
  const axes = markup`<path class="axis" d="M${x.place(0)} ${inner.top - 8}V${inner.bottom + 8}M${inner.left - 8} ${y.place(0)}H${inner.right + 8}"/>`;
  const verticals = markup`${spaced(x.ticks).map(({ at }) => markup`<path class="grid" d="M${at} ${inner.top}V${inner.bottom}"/>`)}`;
  return frame({
    caption,
    plot: { ...inner, top: outer.top, bottom: outer.bottom },
    legend: [],
    xTicks: spaced(x.ticks),
    yTicks: y.ticks,
    grid: "y",
    marks: items.length === 0 ? undefined : markup`${verticals}${axes}${marksOf(items, x, y)}${labels(counts, inner)}`,
    size: "tall",
  });
}

/** The larger ones first, so that they hide none. */
function marksOf(items: readonly QuadrantItem[], x: Scale, y: Scale): Markup[] {
  const places = Map.groupBy(items, (item) => `${x.place(item.x).toFixed(1)} ${y.place(item.y).toFixed(1)}`);
  const groups = [...places.values()].toSorted((a, b) => b.length - a.length);
  return groups.map((group) => {
    const [first] = group;
    if (!first) return markup``;
    const [left, top] = [x.place(first.x), y.place(first.y)];
    const radius = Math.min(3.4 * Math.sqrt(group.length), LARGEST);
    const more = group.length > NAMED ? `, and ${whole(group.length - NAMED)} more` : "";
    const names = group.slice(0, NAMED).map(({ name }) => name);
    const number =
      radius > NUMBERED
        ? markup`<text class="inside middle" x="${left}" y="${top + 4.5}">${whole(group.length)}</text>`
        : "";
    return markup`<g class="marked"><circle class="fill dot ${toneOf(first.y)}" cx="${left}" cy="${top}" r="${radius}"/>${number}<title>${names.join(", ")}${more}</title></g>`;
  });
}

const toneOf = (change: number): Tone => (change > 0 ? "first" : change < 0 ? "bad" : "fourth");

/** At the corners and at the ends of the axes; what has not changed at all is told by the caption. */
function labels(counts: QuadrantChart["counts"], { left, right, top, bottom }: Plot): Markup[] {
  const rows = [top - 4, (top + bottom) / 2, bottom + 4];
  return counts.flatMap((row, at) => {
    const y = rows[at] ?? 0;
    return row.flatMap((count, place) => {
      const isOnAxis = place === 1;
      if (isOnAxis && at === 1) return [];
      if (isOnAxis) return [label(count, (left + right) / 2, at === 0 ? y - 10 : y + 22, "middle", true)];
      return [label(count, place === 0 ? left - 60 : right + 20, y, place === 0 ? "end" : "start", false)];
    });
  });
}

function label(
  { items, words }: Count,
  x: number,
  y: number,
  side: "start" | "middle" | "end",
  inLine: boolean,
): Markup {
  const number = markup`<tspan class="count">${whole(items)}</tspan>`;
  if (inLine) return markup`<text class="tick ${side}" x="${x}" y="${y}">${number} ${words}</text>`;
  return markup`<text class="tick count ${side}" x="${x}" y="${y}">${whole(items)}</text><text class="basis ${side}" x="${x}" y="${y + 17}">${words}</text>`;
}
