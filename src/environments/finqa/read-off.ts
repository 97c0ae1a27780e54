/**
 * Reads an answer off a page without understanding it: the row that shares most words with the question, and of that row the
 * column of a year that the question names. What a stand-in for a model answers with; right for some of the plainest questions. Pure.
 */

/** The cell as it is written, or "" where no row of the page's tables has a number. */
export function readOff(question: string, page: string): string {
  const asked = new Set(words(question));
  let header: string[] = [];
  let best = { shared: -1, cells: [] as string[], header };
  for (const line of page.split("\n")) {
    const cells = cellsOf(line);
    if (cells.length === 0) header = [];
    else if (header.length === 0) header = cells;
    else if (cells.slice(1).some(isNumber)) {
      const shared = words(cells[0] ?? "").filter((word) => asked.has(word)).length;
      if (shared > best.shared) best = { shared, cells, header };
    }
  }
  const column = best.header.findIndex((title, at) => at > 0 && words(title).some((word) => asked.has(word)));
  const inColumn = best.cells[column] ?? "";
  return isNumber(inColumn) ? inColumn : (best.cells.slice(1).find(isNumber) ?? "");
}

/** The cells of a table's row, whose first row is its header; none of any other line. */
export function cellsOf(line: string): string[] {
  if (!line.startsWith("|")) return [];
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.replaceAll("\\|", "|").trim());
}

const words = (text: string) => text.toLowerCase().match(/[a-z]{3,}|\d{4}/g) ?? [];
const isNumber = (cell: string) => /\d/.test(cell);
