/**
 * Where a watch shows what it knows while it goes on: a terminal, which is drawn anew in place, or a line for each piece of news
 * where there is none.
 */
import { styleText } from "node:util";
import type { WatchSnapshot } from "../../contract/watch.ts";
import { newsOf } from "../../report/watch/news.ts";
import { BLOCKS, DIGITS } from "../../report/watch/sparkline.ts";
import { type Line, watchLines } from "../../report/watch/text.ts";

/** What of `process.stdout` is used. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  hasColors?(): boolean;
  on?(event: "resize", listener: () => void): unknown;
  off?(event: "resize", listener: () => void): unknown;
}

export interface Screen {
  show(snapshot: WatchSnapshot): void;
  /** Gives the terminal back as it was. */
  stop(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function screenFor(output: Output, environment: Environment = process.env): Screen {
  const isTerminal = output.isTTY === true && environment["TERM"] !== "dumb";
  return isTerminal ? new Terminal(output, environment) : new NewsLines(output);
}

/** The snapshot as a text that stays, in the terminal's colours and width; without one as mails and logs show it. */
export function snapshotText(snapshot: WatchSnapshot, output: Output, environment: Environment = process.env): string {
  return painted(
    watchLines(snapshot, { width: output.columns || USUAL.columns, levels: levelsOf(environment) }),
    output,
  ).join("\n");
}

/** Blocks where the terminal's characters have them. */
function levelsOf(environment: Environment): string {
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  return /utf-?8/i.test(locale) || process.platform === "win32" ? BLOCKS : DIGITS;
}

const FORMATS: Readonly<Record<Line["tone"], Parameters<typeof styleText>[0]>> = {
  plain: [],
  title: "bold",
  soft: "dim",
  bad: ["bold", "red"],
};

function painted(lines: readonly Line[], output: Output): string[] {
  // hasColors knows NO_COLOR.
  if (!output.isTTY || !output.hasColors?.()) return lines.map(({ text }) => text);
  return lines.map(({ text, tone }) => (text === "" ? "" : styleText(FORMATS[tone], text, { validateStream: false })));
}

/** The second screen that terminals have, and no cursor on it. */
const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

/** What a terminal is taken for that does not say how large it is, or that it has no columns at all. */
const USUAL = { columns: 80, rows: 24 };

class Terminal implements Screen {
  readonly #output: Output;
  readonly #environment: Environment;
  readonly #redraw = () => this.#draw();
  #snapshot: WatchSnapshot | undefined;
  #isOpen = false;

  constructor(output: Output, environment: Environment) {
    this.#output = output;
    this.#environment = environment;
  }

  show(snapshot: WatchSnapshot): void {
    this.#snapshot = snapshot;
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#output.write(ENTER);
      this.#output.on?.("resize", this.#redraw);
      // However the command ends, the terminal is not left on its second screen.
      process.once("exit", this.#leave);
    }
    this.#draw();
  }

  stop(): void {
    process.off("exit", this.#leave);
    this.#output.off?.("resize", this.#redraw);
    this.#leave();
  }

  readonly #leave = () => {
    if (this.#isOpen) this.#output.write(LEAVE);
    this.#isOpen = false;
  };

  /** Lines that have no room are told of in the last one. */
  #draw(): void {
    if (!this.#snapshot || !this.#isOpen) return;
    const columns = this.#output.columns || USUAL.columns;
    const rows = this.#output.rows || USUAL.rows;
    const lines = watchLines(this.#snapshot, { width: columns, levels: levelsOf(this.#environment) });
    const room = Math.max(rows - 1, 1);
    const fits = lines.length <= room;
    const shown: Line[] = fits
      ? lines
      : [
          ...lines.slice(0, room - 1),
          { text: `${lines.length - room + 1} more lines: watch.html has all`, tone: "soft" },
        ];
    // A terminal that is narrower than words need cuts lines; a line that wraps would push the others out.
    const cut = shown.map((line) => ({ ...line, text: line.text.slice(0, columns) }));
    const text = painted(cut, this.#output).map((line) => `${line}${CLEAR_LINE}\r\n`);
    this.#output.write(`${HOME}${text.join("")}${CLEAR_BELOW}`);
  }
}

class NewsLines implements Screen {
  readonly #output: Output;
  #before: WatchSnapshot | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  show(snapshot: WatchSnapshot): void {
    for (const line of newsOf(this.#before, snapshot)) this.#output.write(`${line}\n`);
    this.#before = snapshot;
  }

  stop(): void {}
}
