import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeWhole } from "../../src/cli/whole-files.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "edgegym-whole-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test("files take the place of those of their names, and nothing is left beside them", async () => {
  const path = await folder();
  await writeWhole(path, { "a.txt": "before" });
  expect(await writeWhole(path, { "a.txt": "after", "b.bin": new Uint8Array([1, 2]) })).toEqual(["a.txt", "b.bin"]);
  expect(await readFile(join(path, "a.txt"), "utf8")).toBe("after");
  expect((await readdir(path)).toSorted()).toEqual(["a.txt", "b.bin"]);
});

test("a file that cannot be written leaves no draft of it", async () => {
  const path = await folder();
  await mkdir(join(path, "a.txt"));
  await expect(writeWhole(path, { "a.txt": "text" })).rejects.toThrow(/EISDIR|EEXIST|ENOTEMPTY|EPERM/);
  expect(await readdir(path)).toEqual(["a.txt"]);
});

test("another command's draft of the same file is not written into", async () => {
  const path = await folder();
  await mkdir(join(path, ".a.txt"));
  await writeWhole(path, { "a.txt": "ours" });
  expect(await readFile(join(path, "a.txt"), "utf8")).toBe("ours");
});
