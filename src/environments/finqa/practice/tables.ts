/** Reads the tables of a page as `cat` shows it: labels, titles of columns, numbers. Understands nothing of them. Pure; bounded. */
import { cellsOf } from "../read-off.ts";

export interface TableCell {
  value: number;
  /** Decimal places as written. */
  places: number;
  percent: boolean;
}

export interface Table {
  /** Of each column but the first; none where the first row has figures already. */
  titles: string[];
  rows: TableRow[];
}

interface TableRow {
  label: string;
  cells: (TableCell | undefined)[];
}

/** Rows and columns that are looked at: FinQA's largest tables have some 60 and 20. */
const MOST_ROWS = 80;
const MOST_COLUMNS = 24;

/** Lines of cells that follow each other are a table; one without a number is none. */
export function tablesIn(page: string): Table[] {
  const tables: Table[] = [];
  let current: Table | undefined;
  for (const line of page.split("\n")) {
    const [label, ...cells] = cellsOf(line).slice(0, MOST_COLUMNS + 1);
    if (label === undefined) {
      current = undefined;
    } else if (current) {
      addRow(current, label, cells);
    } else {
      const hasFigures = label !== "" && cells.some(isFigure);
      tables.push((current = { titles: hasFigures ? [] : cells, rows: [] }));
      if (hasFigures) addRow(current, label, cells);
    }
  }
  return tables.filter(({ rows }) => rows.length > 0);
}

function addRow({ rows }: Table, label: string, texts: readonly string[]): void {
  const cells = texts.map(readCell);
  if (rows.length < MOST_ROWS && cells.some((cell) => cell !== undefined)) rows.push({ label, cells });
}

/** Nothing but a number, and no year: such a cell is no title. */
const isFigure = (text: string) => /^[-−$€£\s(]*\d[\d,.\s)%]*/.test(text) && !/^(?:19|20)\d\d$/.test(text);

/** A number with its sign before it: `-19 ( 19 )` as FinQA writes it, `$ ( 19.5 )`, `7%`. */
const WRITTEN = /(?<sign>[-−(]?)[\s$€£]*(?<digits>\d[\d,]{0,20}(?:\.(?<decimals>\d{1,9}))?)[\s)]*(?<percent>%?)/;
/** Longer cells are text. */
const CELL_CHARACTERS = 60;

/** The first number of a cell; undefined where it has none. */
function readCell(text: string): TableCell | undefined {
  const { sign, digits, decimals = "", percent } = WRITTEN.exec(text.slice(0, CELL_CHARACTERS))?.groups ?? {};
  if (digits === undefined) return undefined;
  const magnitude = Number(digits.replaceAll(",", ""));
  return { value: sign ? -magnitude : magnitude, places: decimals.length, percent: percent === "%" };
}
