/** Files that are there whole or not at all. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeWhole } from "../../src/cli/whole-files.ts";

test("several that write one file at once do not come between each other, and leave nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "edgegym-whole-"));
  const texts = Array.from({ length: 20 }, (_, at) => `${at} `.repeat(10_000));
  await Promise.all(texts.map((text) => writeWhole(folder, { "a.json": text })));
  expect(texts).toContain(await readFile(join(folder, "a.json"), "utf8"));
  expect(await readdir(folder)).toEqual(["a.json"]);
  await rm(folder, { recursive: true });
});
