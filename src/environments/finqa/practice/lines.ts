/** Rows and columns of a table, and figures in sentences, by the words that say what they are. Pure. */
import { tokenise } from "../../../corpus/tokenise.ts";
import type { Table, TableCell } from "./tables.ts";
import { type Asked, isTelling, isYear, overlap } from "./words.ts";

/** What stands in one place because of its words: a row, a column, the surroundings of a figure. */
export interface Line {
  at: number;
  words: readonly string[];
  /** The share of its words that the question has. */
  fit: number;
  /** How many words it shares with the question, in comparison to the line that shares most. */
  relative: number;
  isTotal: boolean;
  /** The last year that it names. */
  year: number | undefined;
}

/** Lines that come into question, by the words they share with the question. */
const ROWS = 4;
const COLUMNS = 3;
const FIGURES = 4;

/** The rows that fit best, and the last one of totals, which shares are taken of. */
export function bestRows({ rows }: Table, asked: Asked): Line[] {
  return best(
    lineUp(
      rows.map(({ label }) => label),
      asked,
    ),
    ROWS,
  );
}

/** The columns that fit best, and one of totals. */
export function bestColumns({ titles, rows }: Table, asked: Asked): Line[] {
  const count = Math.max(...rows.map(({ cells }) => cells.length));
  return best(
    lineUp(
      Array.from({ length: count }, (_, at) => titles[at] ?? ""),
      asked,
    ),
    COLUMNS,
  );
}

function best(lines: readonly Line[], most: number): Line[] {
  const ranked = lines.toSorted((a, b) => b.relative + b.fit / 2 - a.relative - a.fit / 2 || a.at - b.at);
  const chosen = ranked.slice(0, most);
  const total = lines.findLast(({ isTotal }) => isTotal);
  return total && !chosen.includes(total) ? [...chosen, total] : chosen;
}

function lineUp(labels: readonly string[], asked: Asked): Line[] {
  const lines = labels.map((label, at) => {
    const words = tokenise(label).filter(isTelling);
    return { at, words, shared: new Set(words.filter((word) => asked.telling.has(word))).size };
  });
  const most = Math.max(1, ...lines.map(({ shared }) => shared));
  return lines.map(({ at, words, shared }) => ({
    at,
    words,
    fit: overlap(words, asked.words),
    relative: shared / most,
    isTotal: words.includes("total"),
    year: words.filter(isYear).map(Number).at(-1),
  }));
}

/** A figure of a sentence, with its surroundings as its line. */
export interface Figure {
  cell: TableCell;
  line: Line;
}

/** A number with its unit, no part of a word. */
const FIGURE = /(?<![\w.,])\d[\d,]{0,20}(?:\.(\d{1,9}))?(?![\w,]*\d)\s?(%?)/g;
/** What stands before a day of the month. */
const MONTH = /(?:january|february|march|april|may|june|july|august|september|october|november|december) $/i;
/** Characters before and after a figure that say what it is. */
const BEFORE = 50;
const AFTER = 30;
/** Figures looked at; a page has some hundred. */
const MOST_FIGURES = 300;

/** The figures of a page's sentences whose surroundings fit best. Years and days are none. */
export function bestFigures(page: string, asked: Asked): Figure[] {
  const text = page.replaceAll(/^\|.*$/gm, "");
  const found = [...text.matchAll(FIGURE).take(MOST_FIGURES)].filter(
    ([written], at) => at >= 0 && !isYear(written.trim()),
  );
  const figures = found.filter(({ index }) => !MONTH.test(text.slice(Math.max(0, index - 12), index)));
  const surroundings = figures.map(({ index, 0: written }) => {
    const line = text.slice(Math.max(0, index - BEFORE), index + written.length + AFTER);
    return line.replace(written, " ");
  });
  const lines = lineUp(surroundings, asked);
  return best(lines, FIGURES).flatMap((line) => {
    const [written = "", decimals = "", percent = ""] = figures[line.at] ?? [];
    const value = Number(written.replaceAll(/[,%\s]/g, ""));
    return [{ line, cell: { value, places: decimals.length, percent: percent === "%" } }];
  });
}
