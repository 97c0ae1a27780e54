import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutPassages } from "../../src/corpus/passages.ts";
import { tableNames } from "../../src/corpus/tables.ts";

const shown = (text: string) =>
  cutPassages(text).map(({ start, end, header }) => ({
    text: text.slice(start, end),
    header: header && text.slice(header.start, header.end),
  }));

const sentence = (words: number) => `${"word ".repeat(words - 1)}end.`;
const isRule = (line: string) => /^\|[\s|:-]*-[\s|:-]*$/.test(line);

/** Lines of prose, table rows and blanks, in any order, with odd characters. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.constantFrom(
        "",
        "| a | b |",
        "| --- | --- |",
        "|",
        "x".repeat(5_000),
        "😀".repeat(1_000),
        "one. two! three? 。四",
      ),
      fc.lorem({ maxCount: 80 }),
    ),
    { maxLength: 30 },
  )
  .map((lines) => lines.join("\n"));

describe("prose", () => {
  test("is cut between sentences, at about 60 words", () => {
    const text = [sentence(30), sentence(30), sentence(30)].join("\n");
    expect(shown(text).map((passage) => passage.text)).toEqual([`${sentence(30)}\n${sentence(30)}`, sentence(30)]);
  });

  test("is cut within a sentence only when that is longer than a passage", () => {
    const passages = shown(sentence(130)).map((passage) => passage.text.split(" ").length);
    expect(passages).toEqual([60, 60, 10]);
  });

  test("without spaces is cut too", () => {
    for (const passage of shown("x".repeat(10_000))) expect(passage.text.length).toBeLessThanOrEqual(1_200);
    for (const passage of shown("東京。".repeat(1_000))) expect(passage.text.length).toBeLessThanOrEqual(2_400);
  });
});

describe("a table", () => {
  const rows = (count: number) => Array.from({ length: count }, (_, at) => `| row ${at} of many | ${at} | ${at} |`);
  const header = "| item | 2013 | 2012 |";
  const text = ["before .", "", header, "| --- | --- | --- |", ...rows(20), "", "after ."].join("\n");

  test("is cut between rows; a passage that continues it knows its header", () => {
    const passages = shown(text);
    expect(passages.at(0)).toEqual({ text: "before .", header: undefined });
    expect(passages.at(1)).toMatchObject({ header: undefined });
    expect(passages.at(1)?.text.startsWith(header)).toBe(true);
    for (const passage of passages.slice(2, -1)) expect(passage).toMatchObject({ header });
    for (const passage of passages.slice(2, -1)) expect(passage.text).toMatch(/^\| row \d+ .*\|$/s);
    expect(passages.at(-1)).toEqual({ text: "after .", header: undefined });
  });

  test("is named by the first cells of its rows and by its header", () => {
    const names = tableNames("| | 2013 |\n| --- | --- |\n| net \\| gross | 7 |\n|  | 8 |\nprose\n| alone |");
    const source = "| | 2013 |\n| --- | --- |\n| net \\| gross | 7 |\n|  | 8 |\nprose\n| alone |";
    expect(names.labels.map(({ start, end }) => source.slice(start, end))).toEqual(["net \\| gross", "alone"]);
    expect(names.headers.map(({ start, end }) => source.slice(start, end))).toEqual(["| | 2013 |", "| alone |"]);
  });
});

test("an empty text has one empty passage", () => {
  for (const text of ["", "\n\n", "   \n\t"])
    expect(cutPassages(text)).toEqual([{ start: 0, end: 0, header: undefined }]);
});

test("passages are in order, apart, whole characters, of bounded length, and hold every word of the text", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const passages = cutPassages(text);
      let end = 0;
      for (const passage of passages) {
        expect(passage.start).toBeGreaterThanOrEqual(end);
        expect(passage.end).toBeGreaterThanOrEqual(passage.start);
        expect(passage.end - passage.start).toBeLessThanOrEqual(2_400);
        end = passage.end;
      }
      const shownText = passages.map((passage) => text.slice(passage.start, passage.end)).join("\n");
      expect(squeeze(shownText)).toBe(squeeze(text));
    }),
  );
});

/** A text without white space and the rules of tables. */
function squeeze(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => !isRule(line))
    .join("")
    .replaceAll(/\s+/g, "");
}
