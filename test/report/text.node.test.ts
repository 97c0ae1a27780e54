import fc from "fast-check";
import { expect, test } from "vitest";
import { beside, columns, cut, entry, plain, wrapped } from "../../src/report/text.ts";

test("a text from outside cannot move the cursor or break a column", () => {
  expect(plain("Zürich\n\u001b[2J😀\ud800")).toBe(String.raw`Z\u{fc}rich\u{a}\u{1b}[2J\u{1f600}\u{d800}`);
  expect(plain(`it's "plain" \\ ~`)).toBe(`it's "plain" \\ ~`);
});

test("wrapping keeps every word, and breaks one only where it is too long for a line", () => {
  expect(wrapped("the quick brown fox", 10)).toEqual(["the quick", "brown fox"]);
  expect(wrapped("abcdefgh ij", 5)).toEqual(["abcde", "fgh", "ij"]);
  expect(wrapped("", 5)).toEqual([""]);
  const asciiText = fc.string({ unit: fc.constantFrom("a", "b", " ", "-", "c") });
  fc.assert(
    fc.property(asciiText, fc.integer({ min: 1, max: 30 }), (text, width) => {
      const lines = wrapped(text, width);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      expect(lines.every((line) => line.length <= width)).toBe(true);
    }),
  );
});

test("columns align names to the left and numbers to the right", () => {
  expect(
    columns([
      ["tool", "p50"],
      ["search", "18.4"],
      ["cat", "1,204.6"],
    ]),
  ).toEqual(["tool        p50", "search     18.4", "cat     1,204.6"]);
  expect(columns([])).toEqual([]);
});

test("blocks stand beside each other where there is room", () => {
  expect(beside(["ab", "c"], ["x"], 7)).toEqual(["ab    x", "c"]);
  expect(beside(["ab", "c"], ["x"], 6)).toEqual(["ab", "c", "", "x"]);
});

test("an entry's further lines stand under its text", () => {
  expect(entry("calls", "one two three", 7, 14)).toEqual(["calls  one two", "       three"]);
});

test("what is cut says so", () => {
  expect([cut("abcdef", 6), cut("abcdefg", 6)]).toEqual(["abcdef", "abc..."]);
});
