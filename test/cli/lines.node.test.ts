import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Line, linesOf } from "../../src/cli/lines.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "lines-"))));
afterAll(() => rm(folder, { recursive: true }));

async function linesIn(content: string): Promise<Line[]> {
  const path = join(folder, "file.txt");
  await writeFile(path, content);
  const lines: Line[] = [];
  for await (const line of linesOf(path)) lines.push(line);
  return lines;
}

test("lines come with their numbers, and the bytes up to their ends", async () => {
  expect(await linesIn("é\n\r\nlast")).toEqual([
    { number: 1, text: "é\n", end: 3, whole: true },
    { number: 2, text: "\r\n", end: 5, whole: true },
    { number: 3, text: "last", end: 9, whole: false },
  ]);
  expect(await linesIn("")).toEqual([]);
});

test("whatever is in a file is in its lines, also where it is read in several parts", async () => {
  const long = fc.nat(100_000).map((length) => "ü".repeat(length));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.constant("\n"), fc.string({ unit: "binary" }), long)), async (parts) => {
      const content = parts.join("").toWellFormed();
      const lines = await linesIn(content);
      expect(lines.map(({ text }) => text).join("")).toBe(content);
      expect(lines.slice(0, -1).every(({ text, whole }) => whole && text.indexOf("\n") === text.length - 1)).toBe(true);
      expect(lines.at(-1)?.end ?? 0).toBe(Buffer.byteLength(content));
    }),
    { numRuns: 50 },
  );
});
