/** A chart as a file of its own: the style that a page would give it comes along. Pure. */
import { type Markup, markup } from "./markup.ts";
import { chartStyle } from "./style.ts";

/** The text of an SVG file. */
export function svgFile(chart: Markup): string {
  const text = chart.toString();
  const endOfTag = text.indexOf(">") + 1;
  const style = markup`<style>${chartStyle}svg { background: var(--card); box-sizing: border-box; padding: 12px; }</style>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text.slice(0, endOfTag)}${style.toString()}${text.slice(endOfTag)}\n`;
}
