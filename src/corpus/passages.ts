/**
 * Where a document is cut into passages: the unit that a search compares with a query and shows of a page.
 * Works on positions in the text; never changes a character of it.
 */

/** A stretch of a text, by UTF-16 positions. */
export interface Span {
  start: number;
  end: number;
}

export interface Passage extends Span {
  /** The header row of the table that the passage continues; undefined outside tables, and where the passage has it. */
  header: Span | undefined;
}

/** About two sentences of a report: enough to name what it is about, little enough to be about one thing. */
const PASSAGE_WORDS = 60;
/** Text without spaces is cut by this; also what a "word" may be at most. */
const PASSAGE_CHARACTERS = 600;

/**
 * The passages of a text in order; at least one, without overlap. A pipe table is cut between rows, prose between sentences,
 * and a sentence only when it alone is longer than a passage.
 */
export function cutPassages(text: string): Passage[] {
  const passages: Passage[] = [];
  let open: (Passage & { words: number }) | undefined;
  const close = () => {
    if (open !== undefined) passages.push({ start: open.start, end: open.end, header: open.header });
    open = undefined;
  };
  let block: number | undefined;
  for (const unit of units(text)) {
    const words = countWords(text, unit);
    const full = open !== undefined && open.words + words > PASSAGE_WORDS;
    if (full || unit.block !== block) close();
    if (open === undefined) open = { start: unit.start, end: unit.end, header: unit.header, words };
    else open = { ...open, end: unit.end, words: open.words + words };
    block = unit.block;
  }
  close();
  return passages.length === 0 ? [{ start: 0, end: 0, header: undefined }] : passages;
}

/** What is never cut: a sentence, a table row, or a piece of one that is too long. Units of different blocks share no passage. */
interface Unit extends Span {
  block: number;
  header: Span | undefined;
}

function* units(text: string): Generator<Unit> {
  let block = 0;
  let table: Span | undefined;
  for (const line of lines(text)) {
    const isRow = text[line.start] === "|";
    if (isRow !== (table !== undefined)) block++;
    if (!isRow) {
      table = undefined;
      for (const sentence of sentences(text, line)) yield* pieces(text, { ...sentence, block, header: undefined });
      continue;
    }
    const header: Span | undefined = table;
    table ??= line;
    if (!isRule(text, line)) yield* pieces(text, { ...line, block, header });
  }
}

/** The lines that are not blank, without the white space around them. */
function* lines(text: string): Generator<Span> {
  let at = 0;
  while (at <= text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    const line = trim(text, { start: at, end });
    if (line.end > line.start) yield line;
    at = end + 1;
  }
}

function* sentences(text: string, line: Span): Generator<Span> {
  let start = line.start;
  for (const stop of text.slice(line.start, line.end).matchAll(/[.!?;。！？]["')\]]*(?:\s+|(?<=[。！？]))/g)) {
    const end = line.start + stop.index + stop[0].length;
    yield trim(text, { start, end });
    start = end;
  }
  if (start < line.end) yield { start, end: line.end };
}

/** A unit as it is, or in pieces of at most a passage's words and characters. */
function* pieces(text: string, unit: Unit): Generator<Unit> {
  let start = unit.start;
  let end = start;
  let words = 0;
  for (const word of text.slice(unit.start, unit.end).matchAll(/\S{1,600}/gu)) {
    const wordEnd = unit.start + word.index + word[0].length;
    if (words === PASSAGE_WORDS || wordEnd - start > PASSAGE_CHARACTERS * 2) {
      yield { ...unit, start, end };
      start = unit.start + word.index;
      words = 0;
    }
    end = wordEnd;
    words++;
  }
  if (end > start) yield { ...unit, start, end };
}

function countWords(text: string, span: Span): number {
  return text.slice(span.start, span.end).match(/\S{1,20}/g)?.length ?? 0;
}

/** The line under a pipe table's header: `| --- | :-: |`. */
function isRule(text: string, line: Span): boolean {
  return /^\|[\s|:-]*-[\s|:-]*$/.test(text.slice(line.start, line.end));
}

function trim(text: string, span: Span): Span {
  let { start, end } = span;
  while (start < end && /\s/.test(text.charAt(start))) start++;
  while (end > start && /\s/.test(text.charAt(end - 1))) end--;
  return { start, end };
}
