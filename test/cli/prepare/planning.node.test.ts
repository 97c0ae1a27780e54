/** `edgegym prepare` for an environment whose answers are lists of files: split by repository, looked up in clones. */
import { cp, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkGrader } from "../../../src/cli/check-grader.ts";
import { codePlanning } from "../../../src/environments/code-planning/index.ts";
import { sampleFolder } from "../../environments/code-planning/items.ts";
import { git } from "../repository/folders.ts";
import { jsonl, newPlace, prepare, readLines, records } from "./datasets.ts";

const env = { env: "code-planning" };

/** Fifty records of five repositories. */
const good = Array.from({ length: 50 }, (_, at) => ({
  instance_id: `row-${at}`,
  repo: `owner/name${at % 5}`,
  base_commit: "v1",
  problem_statement: `Thing number ${at} of part ${at * 7} is broken`,
  gold_files: [`src/${at}.ts`],
}));
const record = (instance_id: string, differing: object) => ({
  ...good[0],
  instance_id,
  problem_statement: `${instance_id} fails`,
  ...differing,
});

async function foundIn(rows: readonly object[], options: object = {}) {
  const { audit } = await prepare(await jsonl([...good, ...rows]), { ...env, ...options });
  const found = audit.checks.filter((check) => (check.found ?? 0) > 0 && check.name !== "few_rows");
  return found.map(({ name, fix, examples }) => [name, fix, ...examples.flatMap((example) => example.rows).toSorted()]);
}

test("no repository is in both files, and each row is what the grader takes", async () => {
  const { audit, out, manifest } = await prepare(await jsonl(good), { ...env, train: 30, val: 20 });
  const [train, val] = [await readLines(out, "train.jsonl"), await readLines(out, "val.jsonl")];
  expect([train.length, val.length]).toEqual([30, 20]);
  const ofTrain = new Set(train.map((line) => line["repo"]));
  expect(val.filter((line) => ofTrain.has(line["repo"]))).toEqual([]);
  expect(audit).toMatchObject({ unit: "repository", train: { documents: 3 }, val: { documents: 2 }, passed: true });
  expect(audit.remarks).toEqual([expect.stringContaining("--repos names no folder")]);
  expect(audit.checks.filter(({ found }) => found === null).map(({ name }) => name)).toEqual(["no_commit", "no_file"]);
  expect(manifest).toMatchObject({ environment: "code-planning", source: "swebench-jsonl" });
  expect(train[0]?.tools.map((tool) => tool.function.name).toSorted()).toEqual(["read_file", "shell"]);
  expect((await checkGrader({ environment: codePlanning, data: [out] })).exitCode).toBe(0);
});

describe("is found", () => {
  test.each<[string, string, object[]]>([
    ["ungradable", "drop", [record("a", { gold_files: [] })]],
    ["many_files", "drop", [record("a", { gold_files: Array.from({ length: 13 }, (_, at) => `${at}.ts`) })]],
    ["named_in_question", "tell", [record("a", { problem_statement: "See https://host.test/blob/main/src/0.ts#L3" })]],
    ["new_files", "tell", [record("a", { new_files: ["src/made.ts"] })]],
    ["too_large", "drop", [record("a", { problem_statement: "why? ".repeat(20_000) })]],
    ["unreadable", "drop", [record("a", { gold_files: undefined })]],
  ])("%s, to %s", async (name, fix, rows) => {
    const named = name === "unreadable" ? "line 51" : "a";
    expect(await foundIn(rows)).toEqual([[name, fix, named]]);
  });

  test("the same statement with different files in one repository, and not in two", async () => {
    const other = record("b", { gold_files: ["src/0.ts", "src/1.ts"], problem_statement: "a fails!" });
    expect(await foundIn([record("a", {}), other])).toEqual([["contradiction", "drop", "a", "b"]]);
    expect(await foundIn([record("a", {}), { ...other, repo: "owner/name1" }])).toEqual([]);
  });

  test("the same statement with the same files, of which one row is kept", async () => {
    const same = record("b", { gold_files: ["src/0.ts"], problem_statement: "A fails" });
    expect(await foundIn([record("a", {}), same])).toEqual([["duplicate", "merge", "a", "b"]]);
    const { audit } = await prepare(await jsonl([...good, record("a", {}), same]), { ...env, fix: true });
    expect(audit.rows).toMatchObject({ read: 52, usable: 51 });
  });
});

/** Clones of the sample repositories, each with one commit that is tagged as the items name it. */
async function sampleClones(): Promise<string> {
  const folder = newPlace();
  for (const name of ["tidylog", "larder", "pingboard"]) {
    const clone = join(folder, "sample", name);
    await mkdir(join(folder, "sample"), { recursive: true });
    await cp(join(sampleFolder, name), clone, { recursive: true });
    git(clone, "init", "--quiet");
    git(clone, "add", "--all", "--force");
    git(clone, "commit", "--quiet", "--message", "All of it");
    git(clone, "tag", "v1");
  }
  return folder;
}

test("the sample is found nothing wrong with, held against clones of its repositories", async () => {
  const from = join(sampleFolder, "items.jsonl");
  const { audit } = await prepare(from, { ...env, source: "jsonl", repos: await sampleClones(), train: 10, val: 5 });
  const found = audit.checks.filter((check) => check.found !== 0).map(({ name }) => name);
  expect(found).toEqual(["named_in_question", "few_rows"]);
  expect(audit).toMatchObject({ remarks: [], train: { rows: 10 }, val: { rows: 5 } });
});

test("commits and files that clones do not have are found, and left out with --fix", async () => {
  const repos = await sampleClones();
  const at = { repo: "sample/larder", base_commit: "v1", gold_files: ["larder/search.py"] };
  const rows = [
    record("there", at),
    record("other", { ...at, repo: "sample/tidylog", gold_files: ["src/levels.ts"] }),
    record("no clone", { ...at, repo: "sample/other" }),
    record("no commit", { ...at, base_commit: "v2" }),
    record("no file", { ...at, gold_files: ["larder/search.py", "larder/other.py"] }),
    record("a folder", { ...at, gold_files: ["larder"] }),
  ];
  const { audit, out } = await prepare(await jsonl(rows), { ...env, repos, fix: true, train: 1, val: 1 });
  const found = audit.checks.filter((check) => check.name.startsWith("no_") && check.found !== 0);
  expect(found.map(({ name, examples }) => [name, ...examples.map(({ note }) => note).toSorted()])).toEqual([
    ["no_commit", "the clone of sample/larder lacks v2", "there is no clone of sample/other"],
    ["no_file", "larder", "larder/other.py"],
  ]);
  const lines = [...(await readLines(out, "train.jsonl")), ...(await readLines(out, "val.jsonl"))];
  expect(lines.map((line) => String(line["id"])).toSorted()).toEqual(["other", "there"]);
});

test("clones' histories make a dataset, in which each row's files are at its commit", async () => {
  const repos = newPlace();
  for (const name of ["one", "two"]) {
    const clone = join(repos, name);
    await mkdir(clone, { recursive: true });
    git(clone, "init", "--quiet");
    await cp(join(sampleFolder, "larder"), clone, { recursive: true });
    for (const [at, path] of ["README.md", "larder/units.py", "larder/store.py"].entries()) {
      git(clone, "add", "--all", "--force");
      git(clone, "commit", "--quiet", "--message", `Write down what is meant by part ${at} of ${name}`);
      await cp(join(sampleFolder, "items.jsonl"), join(clone, path));
    }
  }
  const from = [join(repos, "one"), join(repos, "two")];
  const { audit, manifest, out } = await prepare("", { ...env, source: "git", from, repos, train: 2, val: 2 });
  expect(manifest.inputs.map(({ name }) => name)).toEqual([`${basename(repos)}/one`, `${basename(repos)}/two`]);
  expect(audit.rows).toEqual({ read: 6, usable: 4, spare: 0 });
  const paths = (await readLines(out, "train.jsonl")).map((line) => String(line["edited_files"]));
  expect(paths.toSorted()).toEqual(["README.md", "larder/units.py"]);
});

test.each([
  [{ ...env, index: "somewhere" }, "--index: the answers of code-planning are in no index"],
  [{ env: "finqa", source: "jsonl", repos: "somewhere" }, "--repos: the answers of finqa are in no repository"],
  [{ ...env, source: "finqa" }, "--source finqa: this environment takes swebench-jsonl, git, jsonl"],
  [{ ...env, repos: "/nowhere/at/all" }, "is not a folder"],
])("%j is refused", async (options, message) => {
  await expect(prepare(await jsonl(good), options)).rejects.toThrow(message);
});

test("where no row is left, it is said what took them", async () => {
  const rows = good.map((row) => ({ ...row, repo: "name" }));
  const message = `${rows.length} x The row does not say its repository and commit: repo is not owner/name.`;
  await expect(prepare(await jsonl(rows), { ...env, fix: true })).rejects.toThrow(message);
});

test("rows of one repository make no two files", async () => {
  const rows = good.map((row) => ({ ...row, repo: "owner/name" }));
  await expect(prepare(await jsonl(rows), env)).rejects.toThrow("all share their repository");
});

test("FinQA's records are none of these", async () => {
  await expect(prepare(await jsonl(records), env)).rejects.toThrow("is not in the format of swebench-jsonl");
});
