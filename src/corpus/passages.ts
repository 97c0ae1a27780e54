/**
 * Where a document is cut into passages: the unit that a search compares with a query and shows of a page.
 * Works on positions in the text; never changes a character of it.
 */
import { isRow, isRule, lines, type Span, trim } from "./tables.ts";

export interface Passage extends Span {
  /** The header row of the table that the passage continues; undefined outside tables, and where the passage has it. */
  header: Span | undefined;
}

/** About two sentences of a report: enough to name what it is about, little enough to be about one thing. */
const PASSAGE_WORDS = 60;
/** A sentence or row of few words is cut there, and a passage has at most twice as many: its bytes are counted in 16 bits. */
const PASSAGE_CHARACTERS = 1_200;
/** What counts as one word at most: text without spaces fills a passage too. */
const WORD_CHARACTERS = 20;

/**
 * The passages of a text in order; at least one, without overlap. A pipe table is cut between rows, prose between sentences,
 * and a sentence or row only when it alone is longer than a passage.
 */
export function cutPassages(text: string): Passage[] {
  const passages: Passage[] = [];
  let open: (Unit & { words: number }) | undefined;
  const close = () => {
    if (open !== undefined) passages.push({ start: open.start, end: open.end, header: open.header });
    open = undefined;
  };
  for (const unit of units(text)) {
    const words = countWords(text, unit);
    if (open === undefined || !fits(open, unit, words)) {
      close();
      open = { ...unit, words };
    } else {
      open.end = unit.end;
      open.words += words;
    }
  }
  close();
  return passages.length === 0 ? [{ start: 0, end: 0, header: undefined }] : passages;
}

function fits(open: Unit & { words: number }, unit: Unit, words: number): boolean {
  const characters = unit.end - open.start;
  return open.block === unit.block && open.words + words <= PASSAGE_WORDS && characters <= 2 * PASSAGE_CHARACTERS;
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
    if (isRow(text, line) !== (table !== undefined)) block++;
    if (isRow(text, line)) {
      // A header too long to be shown with every passage is shown with none but its own.
      const header = table !== undefined && table.end - table.start <= PASSAGE_CHARACTERS ? table : undefined;
      table ??= line;
      if (!isRule(text, line)) yield* pieces(text, { ...line, block, header });
    } else {
      table = undefined;
      for (const sentence of sentences(text, line)) yield* pieces(text, { ...sentence, block, header: undefined });
    }
  }
}

function* sentences(text: string, line: Span): Generator<Span> {
  let start = line.start;
  for (const stop of text.slice(line.start, line.end).matchAll(/[.!?;]["')\]]*\s+|[。！？]/g)) {
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
    const wordStart = unit.start + word.index;
    const wordEnd = wordStart + word[0].length;
    if (words === PASSAGE_WORDS || wordEnd - start > PASSAGE_CHARACTERS) {
      yield { ...unit, start, end };
      start = wordStart;
      words = 0;
    }
    end = wordEnd;
    words++;
  }
  if (end > start) yield { ...unit, start, end };
}

function countWords(text: string, span: Span): number {
  let words = 0;
  for (const word of text.slice(span.start, span.end).matchAll(/\S+/g))
    words += Math.ceil(word[0].length / WORD_CHARACTERS);
  return words;
}
