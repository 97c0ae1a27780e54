/** A chart as a file of its own: the style that a page would give it comes along. Pure. */
import { type Markup, markup } from "./markup.ts";
import { chartStyle, plainChartStyle, plainGround } from "./style.ts";

/** Around a chart that stands alone, in its units. */
const MARGIN = 12;

/** The text of an SVG file, for browsers: light and dark. */
export function svgFile(chart: Markup): string {
  const ground = markup`svg { background: var(--card); box-sizing: border-box; padding: ${MARGIN}px; }`;
  return withStyle(chart.toString(), markup`${chartStyle}${ground}`);
}

/** The text of an SVG file for programs that draw it as points: of plain colours, its margin a part of the drawing. */
export function plainSvg(chart: Markup): string {
  const [tag = "", width = "", height = ""] = /viewBox="0 0 (\d+) (\d+)"/.exec(chart.toString()) ?? [];
  const wider = `viewBox="${-MARGIN} ${-MARGIN} ${Number(width) + 2 * MARGIN} ${Number(height) + 2 * MARGIN}"`;
  return withStyle(chart.toString().replace(tag, wider), plainChartStyle);
}

/** The colour on which such a picture is drawn. */
export const plainSvgGround = plainGround.toString();

function withStyle(chart: string, style: Markup): string {
  const endOfTag = chart.indexOf(">") + 1;
  const element = markup`<style>${style}</style>`.toString();
  return `<?xml version="1.0" encoding="UTF-8"?>\n${chart.slice(0, endOfTag)}${element}${chart.slice(endOfTag)}\n`;
}
