/**
 * A report as one HTML file, and the parts that reports are put together from. It asks for nothing from outside, runs no script
 * and says so to the browser. Pure.
 */
import { type Insertion, type Markup, markup } from "./markup.ts";
import { style } from "./style.ts";

export interface PageOptions {
  /** For a page that is written again and again: how often a browser looks for what is new. Without it, never. */
  refreshSeconds?: number | undefined;
}

/** The whole page, as the text of a file. */
export function page(title: string, content: readonly Markup[], { refreshSeconds }: PageOptions = {}): string {
  const refresh =
    refreshSeconds === undefined
      ? ""
      : markup`<meta http-equiv="refresh" content="${refreshSeconds}">
`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${refresh}<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
${content.map(
  (part) => markup`${part}
`,
)}</main>
</body>
</html>
`.toString();
}

export function section(title: string, ...content: readonly Insertion[]): Markup {
  return markup`<section>
<h2>${title}</h2>
${content}
</section>`;
}

/** Parts side by side where there is room. */
export function pair(...parts: readonly Insertion[]): Markup {
  return markup`<div class="pair">${parts}</div>`;
}

export function figure(chart: Markup): Markup {
  return markup`<figure class="card">${chart}</figure>`;
}

/** A chart over the whole width; on a phone it is moved aside under one's finger. */
export function wideFigure(chart: Markup): Markup {
  return markup`<figure class="card wide">${chart}</figure>`;
}

/** Headline numbers, each with its name above and what explains it below. */
export function figures(items: readonly { name: string; number: string; note: string }[]): Markup {
  return markup`<dl class="figures">${items.map(
    ({ name, number, note }) =>
      markup`<div class="card"><dt>${name}</dt><dd class="number">${number}</dd><dd>${note}</dd></div>`,
  )}</dl>`;
}

export interface Column {
  title: string;
  /** Numbers are aligned below one another. */
  number?: boolean;
}

/** @param title what the table shows, for those who do not see what stands around it */
export function table(title: string, columns: readonly Column[], rows: readonly (readonly Insertion[])[]): Markup {
  return tableOf(
    title,
    columns,
    rows.map(
      (cells) => markup`<tr>${cells.map((cell, at) => markup`<td${numberClass(columns[at])}>${cell}</td>`)}</tr>`,
    ),
  );
}

/** A table of rows that are more than their cells. */
export function tableOf(title: string, columns: readonly Column[], rows: readonly Markup[]): Markup {
  return markup`<div class="card scroll" role="region" aria-label="${title}" tabindex="0"><table>
<thead><tr>${columns.map((column) => markup`<th scope="col"${numberClass(column)}>${column.title}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) => markup`${row}
`,
)}</tbody>
</table></div>`;
}

const numberClass = (column: Column | undefined) => (column?.number ? markup` class="number"` : "");

/** Names with what they stand for. */
export function facts(items: readonly (readonly [name: string, fact: Insertion])[]): Markup {
  return markup`<dl class="facts">${items.map(([name, fact]) => markup`<dt>${name}</dt><dd>${fact}</dd>`)}</dl>`;
}
