import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { type Output, screenFor, snapshotText } from "../../../src/cli/watch/screen.ts";
import { exampleSnapshot } from "../../report/watch/jobs.ts";

const UTF8 = { LANG: "en_US.UTF-8", TERM: "xterm" };
const snapshot = exampleSnapshot();

interface Terminal extends Output {
  written: string[];
  resize(): void;
}

function terminal(fields: Partial<Output> = {}): Terminal {
  const written: string[] = [];
  const listeners = new Set<() => void>();
  return {
    written,
    write: (text) => void written.push(text),
    isTTY: true,
    columns: 80,
    rows: 50,
    hasColors: () => false,
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
    resize: () => listeners.forEach((listener) => listener()),
    ...fields,
  };
}
const linesOf = (text: string | undefined) =>
  stripVTControlCharacters(text ?? "")
    .trimEnd()
    .split("\r\n");

describe("on a terminal", () => {
  test("is drawn in place on its second screen, and left as it was", () => {
    const output = terminal();
    const screen = screenFor(output, UTF8);
    const listeners = process.listenerCount("exit");
    screen.show(snapshot);
    screen.show(snapshot);
    screen.stop();
    expect(process.listenerCount("exit")).toBe(listeners);
    const [enter, first, second, leave, ...rest] = output.written;
    expect([enter, leave, rest]).toEqual(["\u001b[?1049h\u001b[?25l", "\u001b[?25h\u001b[?1049l", []]);
    expect(first?.startsWith("\u001b[Hfinqa-7: running")).toBe(true);
    expect(second).toBe(first);
  });

  test.each([
    [80, 24],
    [40, 10],
    [20, 3],
    [200, 60],
    [80, 1],
  ])("of %s x %s no line wraps, and none is pushed out", (columns, rows) => {
    const output = terminal({ columns, rows });
    const screen = screenFor(output, UTF8);
    screen.show(snapshot);
    screen.stop();
    const lines = linesOf(output.written[1]);
    expect(lines.length).toBeLessThanOrEqual(Math.max(rows - 1, 1));
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });

  test("that is too small for all says how much is left", () => {
    const output = terminal({ rows: 24 });
    const screen = screenFor(output, UTF8);
    screen.show(snapshot);
    screen.stop();
    expect(linesOf(output.written[1]).at(-1)).toMatch(/^\d+ more lines: watch\.html has all$/);
  });

  test("that does not know its size is taken for a usual one", () => {
    const drawn = (fields: Partial<Output>) => {
      const output = terminal(fields);
      const screen = screenFor(output, UTF8);
      screen.show(snapshot);
      screen.stop();
      return output.written[1];
    };
    const usual = drawn({ columns: 80, rows: 24 });
    expect(drawn({ columns: 0, rows: 0 })).toBe(usual);
    const { columns: _, rows: __, ...unknown } = terminal();
    const output = { ...unknown, written: [] as string[], write: (text: string) => void output.written.push(text) };
    const screen = screenFor(output, UTF8);
    screen.show(snapshot);
    screen.stop();
    expect(output.written[1]).toBe(usual);
    expect(snapshotText(snapshot, terminal({ columns: 0 }), UTF8)).toBe(snapshotText(snapshot, terminal(), UTF8));
  });

  test("is drawn anew when its size changes, until it is left", () => {
    const output = terminal();
    const screen = screenFor(output, UTF8);
    screen.show(snapshot);
    output.columns = 60;
    output.resize();
    expect(linesOf(output.written.at(-1)).every((line) => line.length <= 60)).toBe(true);
    screen.stop();
    const before = output.written.length;
    output.resize();
    screen.stop();
    expect(output.written).toHaveLength(before);
  });

  test("has colours where it can, and none otherwise", () => {
    expect(snapshotText(snapshot, terminal(), UTF8)).not.toContain("\u001b");
    const coloured = snapshotText(snapshot, terminal({ hasColors: () => true }), UTF8);
    expect(coloured).toContain("\u001b[1mfinqa-7: running, step 20 of 60\u001b[22m");
    expect(stripVTControlCharacters(coloured)).toBe(snapshotText(snapshot, terminal(), UTF8));
  });

  test("has blocks where its characters have them, else digits", () => {
    expect(snapshotText(snapshot, terminal(), UTF8)).toContain("█");
    expect(snapshotText(snapshot, terminal(), { LANG: "C" })).toMatch(/^[ -~\n]*$/);
  });
});

test.each([
  ["where there is no terminal", { isTTY: false }, UTF8],
  ["on a dumb terminal", {}, { ...UTF8, TERM: "dumb" }],
])("%s there are lines of news", (_, fields, environment) => {
  const output = terminal(fields);
  const screen = screenFor(output, environment);
  screen.show(snapshot);
  const count = output.written.length;
  screen.show(snapshot);
  screen.stop();
  expect(output.written).toHaveLength(count);
  expect(output.written.join("")).toContain("step 20/60: train");
  expect(output.written.join("")).not.toContain("\u001b");
});
