import { mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readLedgers } from "../../src/cli/ledger-files.ts";
import { LedgerOutput } from "../../src/cli/ledger-output.ts";
import { recordedLedger } from "./ledgers.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "output-"));
  path = join(folder, "new", "ledgers.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const ledger = (at: number) => recordedLedger({ trace_id: `trace_${at}`, run: "job-7" });

/** Opens the file and adds what it lacks of these ledgers; says which that were. */
async function add(...numbers: number[]): Promise<number[]> {
  const output = await LedgerOutput.open(path, "job-7");
  const missing = numbers.filter((at) => !output.has(`trace_${at}`));
  await Promise.all(missing.map((at) => output.append(ledger(at))));
  await output.close();
  return missing;
}

const inFile = async () => (await readLedgers(path)).ledgers;
const size = async () => (await stat(path)).size;

describe("ledgers are added", () => {
  test("to a file in a folder that was not there, a line each, in the order in which they came", async () => {
    await add(1, 2, 3);
    expect(await inFile()).toEqual([1, 2, 3].map(ledger));
    expect((await readFile(path, "utf8")).split("\n")).toHaveLength(4);
  });

  test("once: those that are there are known", async () => {
    await add(1, 2);
    expect(await add(1, 2, 3)).toEqual([3]);
    expect(await add(1, 2, 3)).toEqual([]);
    expect(await inFile()).toEqual([1, 2, 3].map(ledger));
  });

  test("and none makes no file", async () => {
    await add();
    await expect(stat(path)).rejects.toThrow("ENOENT");
  });
});

test("wherever a last line was cut off, it is written anew and nothing else is", async () => {
  await add(1);
  const first = await size();
  await add(2);
  const both = await size();
  const cuts = [first, first + 1, first + 5, first + 12, first + 200, both - 2];
  for (const at of cuts) {
    await truncate(path, at);
    expect(await add(1, 2)).toEqual([2]);
    expect(await inFile()).toEqual([1, 2].map(ledger));
    expect(await size()).toBe(both);
  }
  // Of a whole ledger only the line's end is lacking.
  await truncate(path, both - 1);
  expect(await add(1, 2)).toEqual([]);
  expect(await add(3)).toEqual([3]);
  expect(await inFile()).toEqual([1, 2, 3].map(ledger));
});

test.each<[string, string, RegExp]>([
  ["a dataset", '{"question":"?"}\n', /line 1: no ledger. Choose another file/],
  ["a note without a line end", "important", /line 1: no ledger/],
  ["a document without a line end", '{"rollouts": 3', /line 1: no ledger/],
  ["something after a ledger", `${JSON.stringify(ledger(1))}\n\nnote\n`, /line 3: no ledger/],
  ["a ledger cut in the middle of the file", `{"trace_id":"t\n${JSON.stringify(ledger(1))}\n`, /line 1: no ledger/],
  [
    "another run's ledgers",
    `${JSON.stringify(recordedLedger({ run: "job-8" }))}\n`,
    /line 1: a ledger of the run job-8/,
  ],
])("a file with %s is left as it is", async (_, content, message) => {
  path = join(folder, "other.jsonl");
  await writeFile(path, content);
  await expect(LedgerOutput.open(path, "job-7")).rejects.toThrow(message);
  expect(await readFile(path, "utf8")).toBe(content);
});

test("a name by which nothing reads it as JSON Lines is refused, and a folder", async () => {
  await expect(LedgerOutput.open(join(folder, "ledgers.json"), "job-7")).rejects.toThrow(/has to end with .jsonl/);
  const named = await mkdtemp(join(folder, "folder-"));
  await rm(named, { recursive: true });
  path = `${named}.jsonl/inner.jsonl`;
  await add(1);
  await expect(LedgerOutput.open(`${named}.jsonl`, "job-7")).rejects.toThrow(/that is no file/);
});
