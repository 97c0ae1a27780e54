import { describe, expect, test } from "vitest";
import { type Commit, isByTheWay, recordOf } from "../../../src/environments/code-planning/commits.ts";
import { swebenchSource } from "../../../src/environments/code-planning/dataset.ts";

const record = (differing: object = {}) => ({
  instance_id: "owner__name-12",
  repo: "owner/name",
  base_commit: "d16bfe05a744909de4b27f5875fe0d4ed41ce607",
  problem_statement: "It does not work.\n",
  hints_text: "never shown",
  gold_files: ["src/a.py"],
  new_files: [],
  ...differing,
});

describe("SWE-bench's records", () => {
  test("become items with what is asked, where, and the files; and with nothing else", () => {
    expect(swebenchSource.read(record())).toEqual({
      ok: true,
      id: "owner__name-12",
      question: "It does not work.",
      item: {
        id: "owner__name-12",
        question: "It does not work.",
        repo: "owner/name",
        base_commit: "d16bfe05a744909de4b27f5875fe0d4ed41ce607",
        edited_files: ["src/a.py"],
      },
      label: { state: "alone" },
    });
  });

  test.each([
    [
      "its patch",
      {
        gold_files: undefined,
        patch: "--- a/src/a.py\n+++ b/src/a.py\n@@ -1 +1 @@\n-x\n+y\n--- /dev/null\n+++ b/new.py\n",
      },
    ],
    ["a list with the new ones in it", { gold_files: ["src/a.py", "new.py"], new_files: ["new.py"] }],
    ["a list before the patch", { new_files: ["new.py"], patch: "--- a/b.py\n+++ b/b.py\n" }],
  ])("take the files from %s", (_, differing) => {
    expect(swebenchSource.read(record(differing))).toMatchObject({
      item: { edited_files: ["src/a.py"], new_files: ["new.py"] },
    });
  });

  test.each([
    ["without files", { gold_files: undefined }, /has neither/],
    ["without a commit", { base_commit: undefined }, /is not a SWE-bench record: base_commit/],
  ])("%s are none", (_, differing, problem) => {
    const given = JSON.parse(JSON.stringify(record(differing)));
    expect(swebenchSource.read(given)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });

  test("are recognised; prepared rows are not", () => {
    expect(swebenchSource.recognises(record())).toBe(true);
    expect(swebenchSource.recognises({ question: "?", repo: "a/b", base_commit: "c", edited_files: [] })).toBe(false);
  });
});

describe("a commit", () => {
  const commit = (differing: Partial<Commit> = {}): Commit => ({
    hash: "b".repeat(40),
    parents: ["a".repeat(40)],
    message:
      "Keep the order of items when the list is saved (#12)\n\nIt was lost.\n\nSigned-off-by: N <n@example.test>\n",
    changes: [
      { status: "M", before: "src/store.ts" },
      { status: "R", before: "src/old.ts", after: "src/new.ts" },
      { status: "D", before: "src/gone.ts" },
      { status: "A", before: "src/made.ts" },
      { status: "C", before: "src/from.ts", after: "src/copy.ts" },
      { status: "M", before: "package-lock.json" },
    ],
    ...differing,
  });

  test("makes a record of what was wanted and of the files that existed", () => {
    expect(recordOf(commit(), "owner/name")).toEqual({
      record: {
        instance_id: "owner__name-bbbbbbbbbbbb",
        repo: "owner/name",
        base_commit: "a".repeat(40),
        problem_statement: "Keep the order of items when the list is saved\n\nIt was lost.",
        edited_files: ["src/store.ts", "src/old.ts", "src/gone.ts"],
        new_files: ["src/made.ts", "src/copy.ts"],
      },
    });
  });

  const files = (count: number) => Array.from({ length: count }, (_, at) => ({ status: "M", before: `src/${at}.ts` }));
  test.each<[string, Partial<Commit>, RegExp]>([
    ["a merge", { parents: ["a", "b"] }, /merge/],
    ["the first one", { parents: [] }, /first commit/],
    ["a revert", { message: "Revert it all again now\n\nThis reverts commit 0123456789.\n" }, /revert/],
    [
      "one with a short message",
      { message: "Fix the build\n\nCo-authored-by: A Long Name <n@example.test>" },
      /fewer than 5 words/,
    ],
    [
      "one of lock files and vendored code",
      {
        changes: [
          { status: "M", before: "yarn.lock" },
          { status: "M", before: "vendor/x/y.go" },
        ],
      },
      /edits no file/,
    ],
    ["one that only adds", { changes: [{ status: "A", before: "src/a.ts" }] }, /edits no file/],
    ["a sweep", { changes: files(13) }, /edits 13 files/],
  ])("%s makes none", (_, differing, problem) => {
    expect(recordOf(commit(differing), "owner/name")).toEqual({ problem: expect.stringMatching(problem) });
  });
});

test.each([
  ["package-lock.json", true],
  ["web/Cargo.lock", true],
  ["a/node_modules/b/c.js", true],
  ["third_party/x.c", true],
  ["dist/app.min.js", true],
  ["src/vendor.ts", false],
  ["src/lock.ts", false],
  ["package.json", false],
])("%s is by the way: %s", (path, is) => {
  expect(isByTheWay(path)).toBe(is);
});
