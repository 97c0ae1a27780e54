/** Commits and files looked up in real clones, and a clone's history read as records. */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { knownCommits } from "../../../src/cli/prepare/clones.ts";
import { readHistory } from "../../../src/cli/prepare/history.ts";
import { toRows } from "../../../src/cli/prepare/rows.ts";
import { codePlanning } from "../../../src/environments/code-planning/index.ts";
import { git } from "../repository/folders.ts";
import { newPlace, Silent } from "./datasets.ts";

/** A clone at this path with these commits, each with its message and what it writes; null removes a file. */
async function clone(path: string, commits: readonly [message: string, files: Record<string, string | null>][]) {
  await mkdir(path, { recursive: true });
  git(path, "init", "--quiet", "--initial-branch=main");
  return commits.reduce<Promise<string[]>>(async (before, [message, files]) => {
    const hashes = await before;
    for (const [name, content] of Object.entries(files)) {
      if (content === null) await rm(join(path, name));
      else {
        await mkdir(join(path, name, ".."), { recursive: true });
        await writeFile(join(path, name), content);
      }
    }
    git(path, "add", "--all");
    git(path, "commit", "--quiet", "--allow-empty", "--message", message);
    return [...hashes, git(path, "rev-parse", "HEAD")];
  }, Promise.resolve([]));
}

const lines = (word: string) => Array.from({ length: 20 }, (_, at) => `${word} ${at}\n`).join("");

describe("what is known of commits", () => {
  const rowsOf = (...places: [repo: unknown, commit: unknown, files: unknown][]) => {
    const records = places.map(([repo, base_commit, edited_files], at) => ({
      name: `row ${at}`,
      record: { id: `${at}`, question: `question ${at}`, repo, base_commit, edited_files },
    }));
    return toRows(records, undefined, codePlanning, "7").rows;
  };

  test("a clone is found under its whole name, or its last part, bare or not; and its files at the commit", async () => {
    const folder = newPlace();
    const [first = "", second = ""] = await clone(join(folder, "one"), [
      ["first", { "src/a.ts": "a", "[id]*.ts": "b" }],
      ["second", { "src/a.ts": null, "src/b.ts": "b" }],
    ]);
    await mkdir(join(folder, "owner"));
    git(join(folder, "one"), "clone", "--quiet", "--bare", ".", join(folder, "owner", "two.git"));
    git(join(folder, "one"), "clone", "--quiet", ".", join(folder, "owner__three"));
    const files = [
      "src/a.ts",
      "src/b.ts",
      "src",
      "[id]*.ts",
      ":(glob)**",
      "/etc/passwd",
      "../one/src/a.ts",
      "nul\0",
      "",
    ];
    const repos = ["owner/one", "owner/two", "owner/three"];
    const rows = rowsOf(
      ...repos.flatMap((repo) => [first, second].map((hash): [string, string, string[]] => [repo, hash, files])),
    );
    const known = await knownCommits(folder, rows, new Silent());
    const there = (repo: string, commit: string) => {
      const found = known(repo, commit);
      return found.state === "there" ? files.filter((path) => found.exists(path)) : found.state;
    };
    for (const repo of repos) {
      expect(there(repo, first)).toEqual(["src/a.ts", "[id]*.ts"]);
      expect(there(repo, second)).toEqual(["src/b.ts", "[id]*.ts"]);
    }
  });

  test("no clone, no commit, and names that are neither", async () => {
    const folder = newPlace();
    const [hash = ""] = await clone(join(folder, "inside", "owner", "name"), [["first", { a: "a" }]]);
    await mkdir(join(folder, "inside", "owner", "name", "sub"));
    const cases: [repo: unknown, commit: unknown, state: string][] = [
      ["owner/name", "0".repeat(40), "no_commit"],
      ["owner/name", "--all", "no_commit"],
      ["owner/name", "", "no_commit"],
      ["owner/other", hash, "no_clone"],
      ["owner/name/sub", hash, "no_clone"],
      ["../inside/owner/name", hash, "no_clone"],
      ["/etc", hash, "no_clone"],
      ["", hash, "no_clone"],
      [7, hash, "no_clone"],
    ];
    const rows = rowsOf(...cases.map(([repo, commit]): [unknown, unknown, unknown] => [repo, commit, ["a"]]));
    const known = await knownCommits(join(folder, "inside"), rows, new Silent());
    const text = (value: unknown) => (typeof value === "string" ? value : "");
    expect(cases.map(([repo, commit]) => known(text(repo), text(commit)).state)).toEqual(
      cases.map(([, , state]) => state),
    );
  });

  test("a folder that is not there is said to be none", async () => {
    await expect(knownCommits(newPlace(), [], new Silent())).rejects.toThrow("is not a folder");
  });
});

describe("a history", () => {
  test("is a record for each commit, with what was edited and what was made, and why others make none", async () => {
    const path = newPlace();
    const [first, second] = await clone(path, [
      ["first commit of all of this", { "src/a.ts": lines("a"), "src/old name.ts": lines("b"), "é.md": "x" }],
      ["Mend the order of the lines\n\nThey were \u0001 odd.", { "src/a.ts": "new", "é.md": "y", "yarn.lock": "z" }],
      ["Move the file to its place", { "src/old name.ts": null, "src/new.ts": lines("b"), "docs/made.md": "m" }],
      ["Short", { "src/a.ts": "newer" }],
    ]);
    git(path, "remote", "add", "origin", "https://example.test/owner/name.git");
    const { file, records } = await readHistory(path);
    expect(file.name).toBe("owner/name");
    expect(records.map((one) => ("problem" in one ? one.problem : one.record))).toEqual([
      "has a message of fewer than 5 words",
      expect.objectContaining({
        base_commit: second,
        edited_files: ["src/old name.ts"],
        new_files: ["docs/made.md"],
        problem_statement: "Move the file to its place",
      }),
      expect.objectContaining({
        repo: "owner/name",
        base_commit: first,
        edited_files: ["src/a.ts", "é.md"],
        problem_statement: "Mend the order of the lines\n\nThey were \u0001 odd.",
      }),
      "is the first commit, with nothing before it",
    ]);
    expect(records[0]?.name).toMatch(/^owner\/name [0-9a-f]{12}$/);
  });

  test("is the same from a bare clone; merges make no record", async () => {
    const path = newPlace();
    await clone(path, [["first", { a: "a" }]]);
    git(path, "switch", "--quiet", "--create", "side");
    await clone(path, [["Change what a is on this side", { a: "b" }]]);
    git(path, "switch", "--quiet", "main");
    git(path, "merge", "--quiet", "--no-ff", "--message", "Merge the side into the main branch", "side");
    git(path, "remote", "add", "origin", "git@example.test:owner/name.git");
    const bare = newPlace();
    await rename(join(path, ".git"), bare);
    git(bare, "config", "core.bare", "true");
    const { records } = await readHistory(bare);
    expect(records.map((one) => ("problem" in one ? one.problem : "a record")).toSorted()).toEqual([
      "a record",
      "is a merge",
      "is the first commit, with nothing before it",
    ]);
  });

  test("is of a clone only, with a commit", async () => {
    const empty = newPlace();
    await mkdir(empty);
    await expect(readHistory(empty)).rejects.toThrow("is no clone of git");
    await expect(readHistory(newPlace())).rejects.toThrow("is no clone of git");
    git(empty, "init", "--quiet");
    await expect(readHistory(empty)).rejects.toThrow("git log failed");
  });
});
