import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readLedgers } from "../../src/cli/ledger-files.ts";
import { UserError } from "../../src/cli/user-error.ts";
import { recordedLedger } from "./ledgers.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ledgers-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

const text = (trace_id: string) => JSON.stringify(recordedLedger({ trace_id }));
const read = async (path = folder) => {
  const { ledgers, problems } = await readLedgers(path);
  return {
    ids: ledgers.map(({ trace_id }) => trace_id),
    problems: problems.map(({ place, problem }) => `${place.replace(`${folder}/`, "")}: ${problem}`),
  };
};

describe("ledgers are found", () => {
  test("in an archive's folders, in the order of their paths", async () => {
    await file("ledgers/run-b/t3.json", text("t3"));
    await file("ledgers/run-a/t2.json", text("t2"));
    await file("ledgers/run-a/t1.json", text("t1"));
    await file("ledgers/notes.txt", "not one");
    expect(await read()).toEqual({ ids: ["t1", "t2", "t3"], problems: [] });
  });

  test("in JSON Lines, with or without a last line end, and in a single file", async () => {
    const path = await file("all.jsonl", `${text("t1")}\n\n${text("t2")}`);
    const windows = await file("windows.jsonl", `${text("t3")}\r\n`);
    expect((await read(path)).ids).toEqual(["t1", "t2"]);
    expect((await read(windows)).ids).toEqual(["t3"]);
    expect((await read(await file("one.json", text("t4")))).ids).toEqual(["t4"]);
  });

  test("of before mistakes, items and evidence were kept", async () => {
    const { item: _, ...old } = recordedLedger();
    await file("old.json", JSON.stringify(old));
    expect((await readLedgers(folder)).ledgers).toEqual([{ ...recordedLedger(), item: null }]);
  });
});

test("what is no ledger is named, never quoted, and the others are read", async () => {
  await file("a.json", text("t1"));
  await file("b.json", '{"output": secret');
  await file("c.json", JSON.stringify({ ...recordedLedger(), budget: "secret" }));
  await file("d.json", "[]");
  await file("e.jsonl", `${text("t2")}\nsecret\n{}\n`);
  await file("f.json", "");
  const { ids, problems } = await read();
  expect(ids).toEqual(["t1", "t2"]);
  expect(problems).toEqual([
    "b.json: is not JSON",
    expect.stringMatching(/^c\.json: is not a ledger: budget: /),
    expect.stringMatching(/^d\.json: is not a ledger: the whole: /),
    "e.jsonl, line 2: is not JSON",
    expect.stringMatching(/^e\.jsonl, line 3: is not a ledger: trace_id: /),
    "f.json: is not JSON",
  ]);
  expect(JSON.stringify(problems)).not.toContain("secret");
});

test("a folder named like a file, which cannot be read, is a problem of its own", async () => {
  await file("folder.json/t1.json", text("t1"));
  const { ids, problems } = await read();
  expect(ids).toEqual(["t1"]);
  expect(problems).toEqual([expect.stringMatching(/^folder\.json: EISDIR/)]);
});

test("a path that is not there, and a folder without ledgers, are the user's to mend", async () => {
  await expect(readLedgers(join(folder, "nowhere"))).rejects.toThrow(UserError);
  await file("notes.txt", "nothing");
  await expect(readLedgers(folder)).rejects.toThrow("no .json or .jsonl file in it");
});
