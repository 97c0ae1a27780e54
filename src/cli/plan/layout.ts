/** How a plan's lines are set for a terminal of 80 columns. Pure. */

const WIDTH = 80;

/** `  label       value  note`, the note on further lines where it is long. */
export function row(label: string, value: string, note = ""): string {
  const start = `  ${label.padEnd(24)}${value.padStart(12)}  `;
  const [first = "", ...more] = wrap(note, start.length);
  return [`${start}${first.trimStart()}`.trimEnd(), ...more].join("\n");
}

/** Lines of at most 80 columns, indented. */
export function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${" ".repeat(indent)}${word}`);
  }
  return lines;
}

/** A label and right-aligned cells, one line of a table. */
export function columns([label = "", ...cells]: readonly string[]): string {
  const widths = [11, 10, 10, 10, 12];
  return `  ${label.padEnd(25)}${cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join("")}`;
}
