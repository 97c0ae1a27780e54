/**
 * How reports and their charts look, in light, dark and print. Colours are told apart by lightness as well as by hue (after Okabe
 * and Ito), and never carry a meaning alone.
 */
import { type Markup, markup } from "./markup.ts";

/** A colour for each purpose. `third` and `fourth` are for more series than the others are enough for. */
type Palette = Readonly<Record<(typeof PURPOSES)[number], Markup>>;
const PURPOSES = [
  ...(["page", "card", "ink", "soft", "rule", "hover", "first", "second", "third", "fourth", "good", "bad"] as const),
  ...(["good-ground", "bad-ground", "quiet-ground"] as const),
];

const light: Palette = {
  page: markup`#f6f7f9`,
  card: markup`#fff`,
  ink: markup`#17202a`,
  soft: markup`#56616d`,
  rule: markup`#d9dee4`,
  hover: markup`#17202a12`,
  first: markup`#0a6ebd`,
  second: markup`#b35c00`,
  third: markup`#6b3fa0`,
  fourth: markup`#3c4650`,
  good: markup`#0b7a5b`,
  bad: markup`#c0341d`,
  "good-ground": markup`#e3f4ee`,
  "bad-ground": markup`#fdeae6`,
  "quiet-ground": markup`#eceff2`,
};

const dark: Palette = {
  page: markup`#11161c`,
  card: markup`#1a2129`,
  ink: markup`#e8ecf1`,
  soft: markup`#a3afbb`,
  rule: markup`#323c47`,
  hover: markup`#ffffff18`,
  first: markup`#5db3f5`,
  second: markup`#f0a64a`,
  third: markup`#c4a1f0`,
  fourth: markup`#d5dbe2`,
  good: markup`#4fd1a5`,
  bad: markup`#ff8a73`,
  "good-ground": markup`#12352b`,
  "bad-ground": markup`#43201a`,
  "quiet-ground": markup`#262f39`,
};

/** On paper, ink is black and grounds are white. */
const paper: Palette = {
  ...light,
  page: markup`#fff`,
  ink: markup`#000`,
  soft: markup`#444`,
  rule: markup`#bbb`,
  "quiet-ground": markup`#eee`,
};

const variables = (palette: Palette) => markup`${PURPOSES.map((name) => markup` --${name}: ${palette[name]};`)}`;

const colours = markup`
:root { color-scheme: light dark;${variables(light)} }
@media (prefers-color-scheme: dark) { :root {${variables(dark)} } }
@media print {
  :root { color-scheme: light;${variables(paper)} }
  * { print-color-adjust: exact; }
  figure, tr, .card.verdict { break-inside: avoid; }
  h2 { break-after: avoid; }
}`;

const text = markup`
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
main { max-width: 66rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 0.75rem; }
p { margin: 0.5rem 0; max-width: 46rem; } p.card { max-width: none; }
.soft { color: var(--soft); }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { margin: 0; padding: 0.75rem 1rem; background: var(--quiet-ground); border-radius: 0.5rem; white-space: pre-wrap; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 0.75rem; padding: 1rem 1.25rem; margin: 0; }
.pair + .card, section > .card + .card, figure + .pair { margin-top: 1rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 1rem; align-items: start; }
.verdict { display: flex; gap: 1rem; margin: 1.25rem 0; border: 0; border-left: 0.4rem solid; }
.verdict p { margin: 0.25rem 0 0; max-width: none; overflow-wrap: anywhere; } .verdict strong { font-size: 1.25rem; line-height: 1.3; }
.verdict .sign { font-size: 1.9rem; line-height: 1; }
.verdict.kept { background: var(--good-ground); border-color: var(--good); } .verdict.kept .sign, td.kept { color: var(--good); }
.verdict.broken { background: var(--bad-ground); border-color: var(--bad); } .verdict.broken .sign, td.broken { color: var(--bad); }
.verdict.untried { background: var(--quiet-ground); border-color: var(--soft); } .verdict.untried .sign, td.untried { color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; margin: 0; }
.figures div { padding: 0.75rem 1rem; } .figures dt { color: var(--soft); font-size: 0.85rem; }
.figures dd { margin: 0; font-size: 0.85rem; color: var(--soft); } .figures dd.number { font-size: 1.5rem; line-height: 1.3; color: var(--ink); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1.25rem; margin: 0 0 1rem; } .facts dt { color: var(--soft); } .facts dd { margin: 0; }
footer { margin-top: 2.5rem; color: var(--soft); font-size: 0.85rem; }`;

const tables = markup`
.scroll { overflow-x: auto; padding: 0.25rem 1.25rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.45rem 0.75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--rule); }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
thead th { border-top: 0; color: var(--soft); font-size: 0.85rem; font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 400; }
th.number, td.number { text-align: right; white-space: nowrap; }
td.state { position: relative; white-space: nowrap; font-weight: 600; }
td { overflow-wrap: anywhere; min-width: 3.9em; } td.number, td.state { min-width: 0; } td.name { white-space: nowrap; }
table:has(td.name) :is(th, td) { padding-left: 0.45rem; padding-right: 0.45rem; } table:has(td.name) :is(th, td):first-child { padding-left: 0; }
table:has(td.name) thead th { white-space: normal; max-width: 8rem; }
td ul { margin: 0.4rem 0 0; padding-left: 1.1rem; } td li { font-size: 0.85rem; }
.card.notes { padding-left: 2.25rem; } section > .card + .notes, .item + .card { margin-top: 1rem; }
.item { padding: 0.75rem 1.25rem; margin-top: 0.5rem; } .item summary { cursor: pointer; overflow-wrap: anywhere; } .item h3 { font-size: 1rem; margin: 0.75rem 0 0; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 1.5rem; } .side { min-width: 0; overflow-wrap: anywhere; }
.calls { padding-left: 1.75rem; margin: 0.5rem 0; } .calls pre { font-size: 0.8rem; line-height: 1.4; padding: 0.5rem 0.75rem; margin: 0.25rem 0 0.6rem; max-height: 14rem; overflow-y: auto; } .trouble { color: var(--bad); }
tr.broken td.number { font-weight: 600; color: var(--bad); } tr.broken td.number ~ td.number { font-weight: 400; color: inherit; }`;

/** Series of a chart, by their tones (src/report/charts/frame.ts). */
const SERIES = ["first", "second", "third", "fourth", "bad"] as const;

/** What draws a chart, wherever it stands. @param colour what stands for a colour in the place that it is for */
const drawing = (colour: (purpose: keyof Palette) => Markup) => markup`
.chart text { fill: ${colour("ink")}; font-size: 12.5px; }
.chart .title { font-size: 15px; font-weight: 600; }
.chart.wide .area { opacity: 0.3; } .chart .whisker { stroke: ${colour("soft")}; stroke-width: 1; } .chart .error { stroke: ${colour("ink")}; stroke-width: 1.5; }
.chart .basis, .chart .axis-title { fill: ${colour("soft")}; }
.chart .nothing { fill: ${colour("soft")}; font-style: italic; }
.chart .middle { text-anchor: middle; } .chart .end { text-anchor: end; } .chart .count { font-weight: 600; }
.chart .grid { stroke: ${colour("rule")}; } .chart .axis { stroke: ${colour("soft")}; } .chart path { fill: none; }
.chart .line { stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; } .chart .range { stroke: ${colour("soft")}; stroke-width: 1.5; }
${SERIES.map(
  (
    series,
  ) => markup`.chart .fill.${series}, .chart .area.${series} { fill: ${colour(series)}; } .chart .line.${series} { stroke: ${colour(series)}; }
`,
)}.chart .moment { stroke: ${colour("soft")}; stroke-dasharray: 2 4; } .chart .moment.bad { stroke: ${colour("bad")}; stroke-dasharray: none; }
.chart .line.thin { stroke-width: 1.25; } .chart .dot { stroke: ${colour("card")}; } .chart .inside { fill: ${colour("card")}; font-weight: 600; }
.chart .area { opacity: 0.16; }`;

const charts = markup`
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.chart text { font-family: system-ui, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }${drawing(
  (purpose) => markup`var(--${purpose})`,
)}
.chart .area, .chart .line, .chart .still { pointer-events: none; }
.chart .hover { fill: transparent; } .chart .hover:hover, .chart .marked:hover .hover { fill: var(--hover); }`;

const phones = markup`
@media (max-width: 34rem) {
  main { padding: 1.25rem 0.9rem 2rem; } h1 { font-size: 1.35rem; }
  .card { padding: 0.9rem; } .scroll { padding: 0.25rem 0.9rem; } th, td { padding: 0.5rem 0.35rem; }
  .figures { grid-template-columns: 1fr 1fr; } .facts { grid-template-columns: 1fr; } .facts dd { margin-bottom: 0.5rem; }
  table { font-size: 0.87rem; } thead th { font-size: 0.75rem; }
  td.state b { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  figure.wide { overflow-x: auto; } .chart.wide { min-width: 44rem; } .chart.wide text { font-size: 12.5px; }
  .chart text { font-size: 15px; } .chart .title { font-size: 18px; }
}`;

const printed = markup`
@media print {
  html, body { font-size: 12px; } main { max-width: none; padding: 0 2px; } h2 { margin-top: 1.5rem; }
  .pair { grid-template-columns: 1fr 1fr; } th, td { padding: 0.25rem 0.5rem; }
}`;

/** What a chart that stands alone as a picture needs of it. */
export const chartStyle = markup`${colours}${charts}
`;

/** The same for a reader that knows no variables, no media and no pointer: light, with the fonts that most systems have. */
export const plainChartStyle = markup`
.chart text { font-family: "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", "Noto Sans", sans-serif; }${drawing(
  (purpose) => light[purpose],
)}
.chart .hover { fill: none; }
`;
export const plainGround = light.card;

/** The style sheet of a report's page. */
export const style = markup`${colours}${text}${tables}${charts}${phones}${printed}
`;
