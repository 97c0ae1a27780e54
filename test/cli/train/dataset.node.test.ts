/** Which files a job can be made of: what is no file of rows is said to be none, before anything is read of it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readJobDataset } from "../../../src/cli/train/dataset.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edgegym-dataset-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(content: string | Uint8Array) {
  const path = join(folder, "rows.jsonl");
  await writeFile(path, content);
  return readJobDataset({ train: path, val: path });
}

test("rows are read a line each, as they will be sent", async () => {
  const { training } = await read('{"a":1}\r\n\n{"a":2}');
  expect(training.records).toMatchObject([{ record: { a: 1 } }, { name: "line 3", record: { a: 2 } }]);
  expect(training.content).toHaveLength(17);
});

test("a byte order mark is sent too, and no trainer reads the row behind it", async () => {
  const { training } = await read('\uFEFF{"a":1}\n');
  expect(training.records).toEqual([{ name: "line 1", problem: "is not JSON" }]);
});

test("what is not UTF-8", async () => {
  await expect(read(Uint8Array.of(0x7b, 0xff, 0x7d))).rejects.toThrow(/rows\.jsonl is not UTF-8/);
});

test.each([devNull, tmpdir()])("what is no file: %s", async (path) => {
  await expect(readJobDataset({ train: path, val: path })).rejects.toThrow(/is not a file\. edgegym prepare/);
});
