/**
 * Answers that can be read off a page without understanding it: figures of its tables and sentences, and what can be computed of
 * two of them or of a row. Which of them is meant is what a policy has to learn. Pure; bounded.
 */
import { formatDecimal, parseDecimal, shift } from "../../../grading/decimal.ts";
import { bestColumns, bestFigures, bestRows, type Line } from "./lines.ts";
import { type Table, type TableCell, tablesIn } from "./tables.ts";
import type { Asked } from "./words.ts";

export interface Candidate {
  text: string;
  features: Record<string, number>;
}

/** Tables of a page that are looked at. */
const TABLES = 3;
/** Candidates of a page, those that account for most of the question: a fourth of what can be computed, and most of what is right. */
const CANDIDATES = 100;

/** A figure with the lines it stands in: the surroundings of a sentence's figure are its row, and it has no column. */
interface Place {
  cell: TableCell;
  row: Line;
  column: Line | undefined;
}

export function candidatesOn(page: string, asked: Asked): Candidate[] {
  const places = bestFigures(page, asked).map(({ cell, line }): Place => ({ cell, row: line, column: undefined }));
  const ofTables = tablesIn(page)
    .slice(0, TABLES)
    .flatMap((table) => candidatesOf(table, asked));
  return [...ofPlaces(places, asked), ...ofTables].toSorted((a, b) => fitted(b) - fitted(a)).slice(0, CANDIDATES);
}

function fitted({ features }: Candidate): number {
  const names = ["covers the question", "covered by the question", "covers the years"];
  return names.reduce((sum, name) => sum + (features[name] ?? 0), 0);
}

function candidatesOf(table: Table, asked: Asked): Candidate[] {
  const rows = bestRows(table, asked);
  const columns = bestColumns(table, asked);
  const places = rows.flatMap((row) => columns.flatMap((column) => placeAt(table, row, column)));
  return [...ofPlaces(places, asked), ...rows.flatMap((row) => ofRow(table, row, columns, asked))];
}

function placeAt({ rows }: Table, row: Line, column: Line): Place[] {
  const cell = rows[row.at]?.cells[column.at];
  return cell ? [{ cell, row, column }] : [];
}

function ofPlaces(places: readonly Place[], asked: Asked): Candidate[] {
  const pairs = places.flatMap((first) =>
    places.flatMap((second) => (areComparable(first, second) ? ofPair(first, second, asked) : [])),
  );
  return [...places.map((place) => ofPlace(place, asked)), ...pairs];
}

/** Two figures of one row, of one column, or of sentences. */
function areComparable(first: Place, second: Place): boolean {
  return first !== second && (first.row === second.row || first.column === second.column);
}

/** These say more than any other feature: on a larger scale, they are learnt sooner. */
const SCALE = 3;

/**
 * How much of the question the lines account for that an answer is taken from: the more of its words are found in them, and the
 * fewer others, the more likely they are meant.
 */
function fitOf(lines: readonly (Line | undefined)[], asked: Asked): Record<string, number> {
  const words = new Set(lines.flatMap((line) => line?.words ?? []));
  const shared = words.intersection(asked.telling).size;
  const years = words.intersection(new Set(asked.years)).size;
  return {
    "covers the question": (SCALE * shared) / Math.max(1, asked.telling.size),
    "covered by the question": (SCALE * shared) / Math.max(1, words.size),
    ...(asked.years.length > 0 && { "covers the years": years / asked.years.length }),
  };
}

/** A kind of answer, by the kinds of question that it is given to. */
function kindOf(operation: string, { kinds }: Asked): Record<string, number> {
  return Object.fromEntries([[operation, 1], ...kinds.map((kind) => [`${operation} for ${kind}`, 1])]);
}

function lineFeatures(name: string, { fit, relative, isTotal }: Line): Record<string, number> {
  return { [`${name} fits`]: fit, [`${name} fits best`]: relative, ...(isTotal && { [`${name} is a total`]: 1 }) };
}

function ofPlace({ cell, row, column }: Place, asked: Asked): Candidate {
  const place = column ? lineFeatures("column", column) : { "in a sentence": 1 };
  const features = {
    ...kindOf("figure", asked),
    ...lineFeatures("row", row),
    ...place,
    ...fitOf([row, column], asked),
  };
  return { text: `${plain(cell.value)}${cell.percent ? "%" : ""}`, features };
}

/** What is computed of two figures: in `share` the first is the part, in `growth` the later one. */
function ofPair(first: Place, second: Place, asked: Asked): Candidate[] {
  const [a, b] = [first.cell.value, second.cell.value];
  const places = Math.max(first.cell.places, second.cell.places);
  const lines = [first.row, first.column, second.row, second.column];
  const features = { ...pairFeatures(first, second), ...fitOf(lines, asked) };
  const along = first.column === undefined ? "sentences" : first.row === second.row ? "a row" : "a column";
  const give = (operation: string, text: string): Candidate => ({
    text,
    features: { ...features, ...kindOf(operation, asked), [`${operation} along ${along}`]: 1 },
  });
  const isFirst = first.row.at < second.row.at || (first.row === second.row && isBefore(first.column, second.column));
  const whole = [give("difference", plain(fixed(a - b, places)))];
  if (isFirst) whole.push(give("sum", plain(fixed(a + b, places))));
  if (b === 0) return whole;
  const percentages = [
    ["share", a / b],
    ["growth", fixed(a - b, places) / b],
  ] as const;
  return [
    ...whole,
    give("quotient", plain(a / b)),
    ...percentages.flatMap(([operation, ratio]) => inPercent(give(operation, ""), ratio)),
  ];
}

const isBefore = (a: Line | undefined, b: Line | undefined) => (a?.at ?? 0) < (b?.at ?? 0);

function pairFeatures(first: Place, second: Place): Record<string, number> {
  const isRow = first.row === second.row;
  const [one, other] = isRow ? [first.column, second.column] : [first.row, second.row];
  const shared = isRow ? first.row : first.column;
  const order = Math.sign((one?.year ?? 0) - (other?.year ?? 0));
  return {
    ...(shared && lineFeatures(isRow ? "row" : "column", shared)),
    ...(one && lineFeatures("first", one)),
    ...(other && lineFeatures("second", other)),
    ...(order > 0 && { "later first": 1 }),
    ...(order < 0 && { "earlier first": 1 }),
    ...(one?.year !== undefined && one.year - 1 === other?.year && { "the year before second": 1 }),
  };
}

/** What is computed of all figures of a row. */
function ofRow({ rows }: Table, row: Line, columns: readonly Line[], asked: Asked): Candidate[] {
  const cells = (rows[row.at]?.cells ?? []).filter((cell) => cell !== undefined);
  if (cells.length < 2) return [];
  const places = Math.max(...cells.map((cell) => cell.places));
  const total = fixed(
    cells.reduce((sum, { value }) => sum + value, 0),
    places,
  );
  const features = { ...lineFeatures("row", row), ...fitOf([row, ...columns], asked) };
  const unit = cells.every(({ percent }) => percent) ? "%" : "";
  return [
    { text: `${plain(total)}${unit}`, features: { ...features, ...kindOf("sum of a row", asked) } },
    { text: `${plain(total / cells.length)}${unit}`, features: { ...features, ...kindOf("average of a row", asked) } },
  ];
}

/** A ratio as a percentage: with all its digits, and with one decimal place. */
function inPercent({ features }: Candidate, ratio: number): Candidate[] {
  return [
    { text: `${plain(ratio, 2)}%`, features },
    { text: `${plain(fixed(ratio * 100, 1))}%`, features: { ...features, rounded: 1 } },
  ];
}

const fixed = (value: number, places: number) => Number(value.toFixed(places));

/** Digits without an exponent, as an answer has to be written, shifted by so many places without a loss. */
function plain(value: number, places = 0): string {
  const decimal = parseDecimal(String(value));
  return decimal ? formatDecimal(shift(decimal, places)) : String(value);
}
