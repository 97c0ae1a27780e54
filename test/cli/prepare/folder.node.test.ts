/** The folder that `edgegym prepare` writes: run again, interrupted, given to other commands; and what it says to a person's slip. */
import { execFile } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { readItems as readAttackItems } from "../../../src/cli/attack/items.ts";
import { checkGrader } from "../../../src/cli/check-grader.ts";
import { readItems } from "../../../src/cli/items.ts";
import { countDataset } from "../../../src/cli/plan/dataset.ts";
import { inProject, sampleSource } from "../../../src/cli/project.ts";
import { castAgent } from "../../../src/cli/rehearse/agents.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { folder, jsonl, newPlace, prepare, readText, records, source } from "./datasets.ts";
import { record } from "./rows.ts";

describe("run again", () => {
  test("with the same input and options, nothing is written", async () => {
    const from = await source(records);
    const { out, files } = await prepare(from);
    expect(files).toHaveLength(5);
    expect((await prepare(from, { out })).files).toEqual([expect.stringMatching(/^nothing changed/)]);
    expect((await prepare(from, { out, seed: "8" })).files).toHaveLength(5);
  });

  test("after an interruption or a change of a file, all is as it should be", async () => {
    const from = await source(records);
    const { out, manifest } = await prepare(from);
    const val = await readText(out, "val.jsonl");
    await rm(join(out, "manifest.json"));
    await writeFile(join(out, "val.jsonl"), "{");
    await writeFile(join(out, ".train.jsonl.part"), "{");
    expect((await prepare(from, { out })).files).toHaveLength(5);
    expect(await readText(out, "val.jsonl")).toBe(val);
    expect(JSON.parse(await readText(out, "manifest.json"))).toEqual(manifest);
    expect((await readdir(out)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("interrupted while it writes, it leaves no manifest", async () => {
    const from = await source(records);
    const { out } = await prepare(from);
    // What stands in the way of the second file's temporary one is as good as a full disk.
    await mkdir(join(out, ".val.jsonl.part"));
    await expect(prepare(from, { out, seed: "8" })).rejects.toThrow(/EISDIR/);
    expect(await readdir(out)).not.toContain("manifest.json");
  });
});

describe("other commands take the folder", () => {
  test("check-grader, plan, attack and rehearse", async () => {
    const { out } = await prepare(sampleSource, { train: Infinity, val: 20, fix: true });
    expect((await checkGrader({ environment: finqa, data: [out] })).exitCode).toBe(0);
    const { train, val } = await countDataset([out]);
    expect(val).toBe(20);
    const { items, problems } = await readItems([out]);
    expect([items.length, problems]).toEqual([train + val, []]);
    expect(items[0]).toMatchObject({
      question: items[0]?.row["question"],
      row: { evidence_paths: [expect.any(String)] },
    });
    expect(Object.keys(items[0]!.row)).not.toContain("tools");
    expect(await readAttackItems([out], finqa)).toMatchObject({ rows: train + val, leftOut: [] });
    const cast = await castAgent(finqa, { agent: "oracle", data: [out], errorRate: 0 });
    expect([cast.items.length, cast.remarks]).toEqual([train + val, []]);
  });
});

describe("what the user can mend is said", () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["a file that is not there", () => prepare(join(folder, "nowhere")), /nowhere: cannot be read as a dataset/],
    ["a folder without the source", async () => prepare(await jsonl([])), /has none of train\.json, dev\.json/],
    ["a folder without rows", async () => prepare(await source([]), { source: "jsonl" }), /has no \.jsonl file/],
    ["an empty file", async () => prepare(await source([])), /no row is in it\. .* train\.json has no rows/],
    ["another format", async () => prepare(await source([{ a: 1 }])), /record 1 is not in the format of finqa/],
    [
      "an unknown source",
      async () => prepare(await source(records), { source: "pdf" }),
      /--source pdf: .*finqa, jsonl/,
    ],
    ["an unknown environment", async () => prepare(await source(records), { env: "x" }), /--env x: .*finqa/],
    ["no index", async () => prepare(await source(records), { index: folder }), /no complete index/],
    [
      "a folder of something else",
      async () => prepare(await source(records), { out: await jsonl([]) }),
      /has rows\.jsonl in it/,
    ],
    [
      "one document",
      async () => prepare(await source(["a", "b"].map((id) => record({ id, filename: "P" })))),
      /2 usable rows/,
    ],
    [
      "reading what is written",
      async () => {
        const { out } = await prepare(await source(records));
        return prepare(out, { source: "jsonl", out });
      },
      /would be read and written/,
    ],
  ])("%s", async (_, run, message) => {
    const error = await run().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toHaveProperty("message", expect.stringMatching(message));
  });
});

describe("as a command", { timeout: 30_000 }, () => {
  const edgegym = (...words: string[]) =>
    promisify(execFile)(process.execPath, [inProject("src/cli/main.ts"), "prepare", ...words]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
    );

  test("prints one JSON document with --json, and fails with --strict", async () => {
    const place = newPlace();
    const { code, stdout } = await edgegym("--from", await source(records), "--out", place, "--json", "--strict");
    const { audit, manifest } = JSON.parse(stdout);
    expect([code, audit.passed, audit.seed, audit.asked]).toEqual([1, false, "7", { train: 1000, val: 100 }]);
    expect(manifest).toEqual(JSON.parse(await readText(place, "manifest.json")));
  });

  test.each([
    [["--from", ".", "--train", "none"], /--train.*whole number/s],
    [["--fix"], /--from/],
    [["--from", "nowhere"], /^--from nowhere: cannot be read as a dataset/m],
  ])("%j is a slip, and said to be", async (words, message) => {
    const { code, stderr } = await edgegym(...words);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
