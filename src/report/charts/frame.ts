/** What every chart has around its marks: title, what stands behind it, legend, axes with units. Pure. */
import { type Markup, markup } from "../markup.ts";
import type { Tick } from "./scale.ts";

/** A chart's size in its own units; it grows and shrinks with its place in the page. All but the usual take the page's whole width. */
const SIZES = {
  usual: { width: 460, height: 280 },
  wide: { width: 960, height: 360 },
  /** For several that stand one above the other, over one axis. */
  low: { width: 960, height: 300 },
  tall: { width: 960, height: 520 },
} as const;
const USUAL = SIZES.usual;
export type Size = keyof typeof SIZES;
/** The room that a letter takes at most, at the larger size that phones are shown. */
const LETTER = 8.2;

/** What a colour means, the same in all charts; the style says which colour. */
export type Tone = "first" | "second" | "third" | "fourth" | "bad";

/** How the series of a chart look, in their order, where each is a result. */
export const SERIES: readonly { tone: Tone; shape: Shape }[] = [
  { tone: "first", shape: "circle" },
  { tone: "second", shape: "diamond" },
  { tone: "third", shape: "triangle" },
  { tone: "fourth", shape: "cross" },
];

/** Names as long as a legend has room for, where so many stand side by side. */
export function legendNames(names: readonly string[], size: Size = "usual"): string[] {
  const room = Math.floor((SIZES[size].width / Math.max(names.length, 1) - 38) / LETTER);
  return names.map((name) => shortened(name, room));
}

/** How a legend shows a series: as it is drawn. */
export type Swatch = { name: string; tone: Tone } & (
  | { kind: "bar" }
  | { kind: "line"; dash: string }
  | { kind: "point"; shape: Shape }
);

export type Shape = "circle" | "diamond" | "triangle" | "cross";

/** What a chart says in words. */
export interface Caption {
  title: string;
  /** How many rollouts or requests stand behind it, and which were left out. */
  basis: string;
  /** The axes' titles, with units. */
  x: string;
  y: string;
  /** The chart in a sentence, for those who do not see it. */
  summary: string;
}

/** Where the marks go. Positions grow to the right and downwards. */
export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** @param labels what stands left of the vertical axis */
export function plotFor(labels: readonly string[], legend: readonly Swatch[], size: Size = "usual"): Plot {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  const { width, height } = SIZES[size];
  return {
    left: Math.max(longest, 4) * LETTER + 8,
    right: width - 14,
    top: legend.length > 0 ? 102 : 80,
    bottom: height - 48,
  };
}

export interface Content {
  caption: Caption;
  plot: Plot;
  legend: readonly Swatch[];
  xTicks: readonly Tick[];
  yTicks: readonly Tick[];
  /** Along which axis lines help the eye. */
  grid: "x" | "y";
  /** Undefined where there is nothing to show, which is then said. */
  marks: Markup | undefined;
  /** That of its plot. */
  size?: Size;
}

/** The chart as an SVG element. */
export function frame({ caption, plot, legend, grid, marks, size = "usual", ...ticks }: Content): Markup {
  const { left, right, top, bottom } = plot;
  const { width, height } = SIZES[size];
  const [xTicks, yTicks] = marks === undefined ? [[], []] : [ticks.xTicks, ticks.yTicks];
  const nothing = markup`<text class="nothing middle" x="${(left + right) / 2}" y="${(top + bottom) / 2}">nothing to show</text>`;
  const label = `${caption.title}. ${caption.basis}. ${caption.summary}`;
  const lines =
    grid === "y"
      ? yTicks.map(({ at }) => markup`<path class="grid" d="M${left} ${at}H${right}"/>`)
      : xTicks.map(({ at }) => markup`<path class="grid" d="M${at} ${top}V${bottom}"/>`);
  const base =
    grid === "y"
      ? markup`<path class="axis" d="M${left} ${bottom}H${right}"/>`
      : markup`<path class="axis" d="M${left} ${top}V${bottom}"/>`;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="chart${size === "usual" ? "" : " wide"}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<text class="title" x="0" y="18">${shortened(caption.title, size === "usual" ? 50 : 100)}</text>
<text class="basis" x="0" y="38">${shortened(caption.basis, size === "usual" ? 58 : 120)}</text>
${legendRow(legend)}
<text class="axis-title" x="0" y="${top - 18}">${caption.y}</text>
<text class="axis-title middle" x="${(left + right) / 2}" y="${height - 8}">${caption.x}</text>
${lines}
${marks ?? nothing}
${base}
${xTicks.map(({ at, label: text }) => markup`<text class="tick middle" x="${at}" y="${bottom + 19}">${text}</text>`)}
${yTicks.map(({ at, label: text }) => markup`<text class="tick end" x="${left - 8}" y="${at + 4.5}">${text}</text>`)}
</svg>`;
}

function legendRow(legend: readonly Swatch[]): Markup[] {
  let x = 0;
  return legend.map((swatch) => {
    const at = x;
    x += 38 + swatch.name.length * LETTER;
    return markup`${drawn(swatch, at, 55)}<text class="tick" x="${at + 20}" y="60">${swatch.name}</text>`;
  });
}

function drawn(swatch: Swatch, x: number, y: number): Markup {
  if (swatch.kind === "line")
    return markup`<path class="line ${swatch.tone}" stroke-dasharray="${swatch.dash}" d="M${x} ${y}h15"/>`;
  if (swatch.kind === "point") return point(swatch.shape, swatch.tone, x + 7, y);
  return markup`<rect class="fill ${swatch.tone}" x="${x}" y="${y - 6}" width="12" height="12" rx="2"/>`;
}

/** A mark around a position; series differ in shape as well as in colour. */
export function point(shape: Shape, tone: Tone, x: number, y: number): Markup {
  switch (shape) {
    case "circle":
      return markup`<circle class="fill ${tone}" cx="${x}" cy="${y}" r="5"/>`;
    case "diamond":
      return markup`<path class="fill ${tone}" d="M${x} ${y - 6.5}l6.5 6.5l-6.5 6.5l-6.5 -6.5z"/>`;
    case "triangle":
      return markup`<path class="fill ${tone}" d="M${x} ${y - 6}l6 11h-12z"/>`;
    case "cross":
      return cross(tone, x, y, 4.5);
  }
}

/** @param reach from the middle to the ends */
export function cross(tone: Tone, x: number, y: number, reach: number): Markup {
  return markup`<path class="line ${tone}" d="M${x - reach} ${y - reach}L${x + reach} ${y + reach}M${x - reach} ${y + reach}L${x + reach} ${y - reach}"/>`;
}

/** A text cut to a number of characters, with a sign that it was. */
export function shortened(text: string, characters: number): string {
  const letters = Array.from(text);
  return letters.length <= characters ? text : `${letters.slice(0, characters - 1).join("")}…`;
}

/** Every mark, or every second, third, … where they would run into each other. */
export function spaced(ticks: readonly Tick[]): Tick[] {
  const longest = Math.max(0, ...ticks.map(({ label }) => label.length));
  const apart = Math.abs((ticks[1]?.at ?? USUAL.width) - (ticks[0]?.at ?? 0));
  const every = Math.ceil(((longest + 1.5) * LETTER) / apart);
  return ticks.filter((_, at) => at % every === 0);
}
