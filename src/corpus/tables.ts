/**
 * Pipe tables in a text: which lines are rows, and what stands in front of them. Positions only; never changes a character.
 */

/** A stretch of a text, by UTF-16 positions. */
export interface Span {
  start: number;
  end: number;
}

/** What names the numbers of a text's tables. */
export interface TableNames {
  /** The first cell of each row that has one. */
  labels: Span[];
  /** The first row of each table. */
  headers: Span[];
}

export function tableNames(text: string): TableNames {
  const names: TableNames = { labels: [], headers: [] };
  let inTable = false;
  for (const line of lines(text)) {
    const row = isRow(text, line);
    if (row && !inTable) names.headers.push(line);
    inTable = row;
    if (!row || isRule(text, line)) continue;
    const label = firstCell(text, line);
    if (label.end > label.start) names.labels.push(label);
  }
  return names;
}

/** The lines that are not blank, without the white space around them. */
export function* lines(text: string): Generator<Span> {
  let at = 0;
  while (at <= text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    const line = trim(text, { start: at, end });
    if (line.end > line.start) yield line;
    at = end + 1;
  }
}

export function isRow(text: string, line: Span): boolean {
  return text[line.start] === "|";
}

/** The line under a table's header: `| --- | :-: |`. */
export function isRule(text: string, line: Span): boolean {
  return /^\|[\s|:-]*-[\s|:-]*$/.test(text.slice(line.start, line.end));
}

export function trim(text: string, span: Span): Span {
  let { start, end } = span;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

/** Up to the second bar that is not escaped. */
function firstCell(text: string, row: Span): Span {
  let end = row.start + 1;
  while (end < row.end && !(text[end] === "|" && text[end - 1] !== "\\")) end++;
  return trim(text, { start: row.start + 1, end });
}

function isSpace(unit: number): boolean {
  return unit <= 0x20 || unit === 0xa0 || (unit > 0x7f && /\s/.test(String.fromCharCode(unit)));
}
