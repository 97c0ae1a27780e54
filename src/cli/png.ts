/**
 * Charts as PNG, for where an SVG cannot be shown. Draws with the fonts of this machine. Where there are none, or the renderer has no build for
 * this machine, there are no PNGs, and why is said: the SVGs are there either way.
 */
import { type Markup, markup } from "../report/markup.ts";
import { plainSvg, plainSvgGround, svgFile } from "../report/svg-file.ts";

/** Points for one of a chart's units: sharp on a dense screen and on paper. */
const ZOOM = 2;

export interface Pngs {
  /** By the charts' names. */
  files: Record<string, Buffer>;
  /** Why there are none, as a sentence; null where there are. */
  remark: string | null;
}

interface Fonts {
  loadSystemFonts: boolean;
}

/** Each chart as SVG and as PNG, by the names of their files. */
export async function chartFiles(charts: Readonly<Record<string, Markup>>) {
  const pngs = await drawPngs(charts);
  const svgs = Object.entries(charts).map(([name, chart]): [string, string] => [`${name}.svg`, svgFile(chart)]);
  const points = Object.entries(pngs.files).map(([name, png]): [string, Buffer] => [`${name}.png`, png]);
  return { files: Object.fromEntries<string | Buffer>([...svgs, ...points]), remark: pngs.remark };
}

/** @param fonts for tests; those of the machine else */
export async function drawPngs(
  charts: Readonly<Record<string, Markup>>,
  fonts: Fonts = { loadSystemFonts: true },
): Promise<Pngs> {
  // A part of the program that this machine may lack is loaded when it is needed.
  const renderer = await import("@resvg/resvg-js").catch(() => undefined);
  if (!renderer) return none("the renderer cannot be loaded on this machine");
  const draw = (chart: Markup) =>
    new renderer.Resvg(plainSvg(chart), {
      background: plainSvgGround,
      fitTo: { mode: "zoom", value: ZOOM },
      font: fonts,
      logLevel: "off",
    });
  // Text for which there is no font is left out without a word: a letter alone then has no extent.
  if (!draw(LETTER).getBBox()) return none("no font is installed to write their text with");
  return {
    files: Object.fromEntries(Object.entries(charts).map(([name, chart]) => [name, draw(chart).render().asPng()])),
    remark: null,
  };
}

const LETTER = markup`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 20 20"><text x="2" y="18">M</text></svg>`;

const none = (why: string): Pngs => ({
  files: {},
  remark: `No PNG was drawn: ${why}. The SVG files hold the same charts.`,
});
