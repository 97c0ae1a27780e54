/** Tables and paragraphs for a terminal, in plain ASCII and without colour. Pure. */

/**
 * A text from outside as a terminal may show it: printable ASCII as it is, everything else by its code, so that nothing can move
 * the cursor or change colours, and columns stay columns.
 */
export function plain(text: string): string {
  return text.replace(/[^ -~]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A text's lines of at most `width` characters, broken between words and inside of longer ones. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((long) => pieces(long, width))) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const pieces = (word: string, width: number) => word.match(new RegExp(`.{1,${width}}`, "g")) ?? [""];

/** A name and what belongs to it, wrapped beside it. */
export function entry(name: string, text: string, indent: number, width: number): string[] {
  const [first = "", ...rest] = wrapped(text, width - indent);
  return [`${name.padEnd(indent - 1)} ${first}`, ...rest.map((line) => " ".repeat(indent) + line)];
}

/** Rows as columns, each as wide as its longest cell, the first aligned to the left and the others to the right. */
export function columns(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join(" ".repeat(gap))
      .trimEnd(),
  );
}

/** Two blocks of lines side by side where `width` allows, else one below the other. */
export function beside(left: readonly string[], right: readonly string[], width: number): string[] {
  const gap = 4;
  const [leftWidth, rightWidth] = [left, right].map((lines) => Math.max(0, ...lines.map((line) => line.length)));
  const start = (leftWidth ?? 0) + gap;
  if (start + (rightWidth ?? 0) > width) return [...left, "", ...right];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) =>
    `${(left[at] ?? "").padEnd(start)}${right[at] ?? ""}`.trimEnd(),
  );
}

/** A text cut to a number of characters, with a sign that it was. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(width - 3, 0))}...`;
}
