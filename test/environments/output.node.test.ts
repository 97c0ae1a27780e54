import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { continuingCall, cutOutput, withoutNote } from "../../src/environments/output.ts";
import { limits } from "../../src/contract/limits.ts";

const next = (offset: number) => `cat {"path":"a/b","offset":${offset}}`;
/** The note alone takes about 80 characters; no environment's limit is near that. */
const limit = fc.integer({ min: 120, max: 600 });
/** Lines of all lengths, with emoji, lone surrogates and empty lines. */
const text = fc
  .array(
    fc.string({ unit: fc.constantFrom("a", " ", "é", "😀", "\n", "\ud83d", "\ude00"), maxLength: 900, size: "max" }),
    {
      maxLength: 6,
      size: "max",
    },
  )
  .map((parts) => parts.join("\n"));

/** A cut output as its part of the text, and what its note says. */
function readNote(output: string) {
  const note = /\n\[(\d+) more characters\. Continue with: cat \{"path":"a\/b","offset":(\d+)\}\]$/.exec(output);
  if (note === null) throw new Error(`no note at the end of ${JSON.stringify(output.slice(-100))}`);
  return { part: output.slice(0, note.index), remaining: Number(note[1]), offset: Number(note[2]) };
}

/** All parts of a text as an agent gets them that follows every note. */
function readOn(whole: string, size: number): { parts: string[]; outputs: string[] } {
  const parts: string[] = [];
  const outputs: string[] = [];
  for (let offset = 0; ;) {
    const output = cutOutput(whole, offset, size, next);
    if (output === undefined) throw new Error(`nothing at ${offset} of ${whole.length}`);
    outputs.push(output.text);
    if (!output.cut) return { parts: [...parts, output.text], outputs };
    const { part, remaining, offset: continued } = readNote(output.text);
    expect(continued).toBe(offset + part.length);
    expect(remaining).toBe(whole.length - continued);
    expect(part).not.toBe("");
    parts.push(part);
    offset = continued;
  }
}

describe("a cut output", () => {
  test("continues to the end: the parts are the whole text, and none is over the limit", () => {
    fc.assert(
      fc.property(text, limit, (whole, size) => {
        const { parts, outputs } = readOn(whole, size);
        expect(parts.join("")).toBe(whole);
        expect(Math.max(...outputs.map((output) => output.length))).toBeLessThanOrEqual(size);
      }),
    );
  });

  test("ends at a line's end wherever the part holds one", () => {
    fc.assert(
      fc.property(text, limit, (whole, size) => {
        for (const part of readOn(whole, size).parts.slice(0, -1)) {
          expect(part.endsWith("\n") || !part.includes("\n")).toBe(true);
        }
      }),
    );
  });

  test("splits no pair of surrogates", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 900, size: "max" }), limit, (whole, size) => {
        expect(readOn(whole, size).parts.every((part) => part.isWellFormed())).toBe(true);
      }),
    );
  });

  test("without its note is the part alone, whatever the call's arguments say", () => {
    const query = fc.string({ unit: fc.constantFrom("a", '"', "\\", "\n", "[", "]", "5") });
    fc.assert(
      fc.property(text, query, (whole, asked) => {
        const long = whole.padEnd(301, "a");
        const output = cutOutput(long, 0, 300, (at) => continuingCall("search", { query: asked }, at));
        expect(long.startsWith(withoutNote(output?.text ?? "-"))).toBe(true);
      }),
    );
    expect(withoutNote("no note")).toBe("no note");
  });

  test("begins before the pair that an offset points into", () => {
    expect(cutOutput("a😀b", 2, 120, next)).toEqual({ text: "😀b", cut: false });
  });
});

describe("an offset", () => {
  test.each([
    [0, "", { text: "", cut: false }],
    [-0, "", { text: "", cut: false }],
    [3, "abcd", { text: "d", cut: false }],
    [4, "abcd", undefined],
    [1, "", undefined],
    [Number.MAX_SAFE_INTEGER, "abcd", undefined],
  ])("of %d into %j", (offset, whole, output) => {
    expect(cutOutput(whole, offset, 120, next)).toEqual(output);
  });
});

describe("the call that continues", () => {
  test("repeats the arguments with the new offset", () => {
    const call = continuingCall("cat", { path: 'a"b', offset: 10 }, 20);
    expect(JSON.parse(call.slice("cat ".length))).toEqual({ path: 'a"b', offset: 20 });
  });

  test("leaves long arguments out", () => {
    const call = continuingCall("search", { query: "q".repeat(2_000) }, 20);
    expect(call).toBe('search with the same arguments and "offset": 20');
  });

  test("keeps an output within its limit, however long the arguments and the text", () => {
    const size = 1_000;
    const lengths = fc.integer({ min: limits.pathCharacters - 60, max: limits.pathCharacters });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1_001, max: 120_000 }), fc.nat(), (characters, length, seed) => {
        const args = { path: "p".repeat(characters) };
        const output = cutOutput("a".repeat(length), seed % length, size, (at) => continuingCall("cat", args, at));
        expect(output?.text.length).toBeLessThanOrEqual(size);
      }),
      { numRuns: 1_000 },
    );
  });
});
