import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filesOfPatch } from "../../../src/environments/code-planning/patch.ts";

const patch = (...files: (string | string[])[]) => filesOfPatch(`${files.flat().join("\n")}\n`);
const edits = (path: string) => [
  `diff --git a/${path} b/${path}`,
  "index 0123456..789abcd 100644",
  `--- a/${path}`,
  `+++ b/${path}`,
  "@@ -1,3 +1,3 @@ def f():",
  " kept",
  "-old",
  "+new",
  " kept",
];

describe("the files of a patch", () => {
  test("are those that it edits, each once, in their order", () => {
    expect(patch(edits("src/b.py"), edits("a b.py"), edits("src/b.py"))).toEqual({
      edited: ["src/b.py", "a b.py"],
      created: [],
    });
  });

  test("are a deleted one and the old path of a renamed one, but not new ones and copies", () => {
    expect(
      patch(
        ["diff --git a/gone.py b/gone.py", "deleted file mode 100644", "--- a/gone.py", "+++ /dev/null"],
        ["@@ -1 +0,0 @@", "-x"],
        ["diff --git a/old name.py b/new.py", "similarity index 100%", "rename from old name.py", "rename to new.py"],
        ["diff --git a/made.py b/made.py", "new file mode 100644", "--- /dev/null", "+++ b/made.py"],
        ["@@ -0,0 +1 @@", "+x"],
        ["diff --git a/from.py b/copy.py", "similarity index 90%", "copy from from.py", "copy to copy.py"],
        ["diff --git a/empty.py b/empty.py", "new file mode 100644", "index 0000000..e69de29"],
      ),
    ).toEqual({ edited: ["gone.py", "old name.py"], created: ["made.py", "copy.py", "empty.py"] });
  });

  test("are also those without lines: another mode, binary ones", () => {
    expect(
      patch(
        ["diff --git a/run.sh b/run.sh", "old mode 100644", "new mode 100755"],
        ["diff --git a/x.png b/x.png", "index 1..2 100644", "Binary files a/x.png and b/x.png differ"],
      ),
    ).toEqual({ edited: ["run.sh", "x.png"], created: [] });
  });

  test("are none of those that changed lines look like", () => {
    expect(
      patch(
        ["diff --git a/a.sql b/a.sql", "--- a/a.sql", "+++ b/a.sql", "@@ -1,3 +1,3 @@"],
        [
          "--- a/not-a-file",
          "-- a/neither",
          "-diff --git a/no b/no",
          "+++ b/not-a-file",
          "+diff --git a/no b/no",
          "+",
          "\\ No newline at end of file",
        ],
        edits("b.sql"),
      ),
    ).toEqual({ edited: ["a.sql", "b.sql"], created: [] });
  });

  test("are read from another program's patch, with times", () => {
    expect(
      patch(
        ["--- a/one.c\t2024-01-01 00:00:00", "+++ b/one.c\t2024-01-02 00:00:00", "@@ -1 +1 @@", "-x", "+y"],
        ["--- two.c", "+++ two.c", "@@ -1 +1 @@", "-x", "+y"],
        ["--- /dev/null", "+++ b/three.c", "@@ -0,0 +1 @@", "+y"],
      ),
    ).toEqual({ edited: ["one.c", "two.c"], created: ["three.c"] });
  });

  test("have their names back where git quotes them", () => {
    const quoted = '"a/caf\\303\\251 \\"x\\".py"';
    expect(
      patch(`diff --git ${quoted} ${quoted.replace("a/", "b/")}`, `--- ${quoted}`, `+++ ${quoted.replace("a/", "b/")}`),
    ).toEqual({ edited: ['café "x".py'], created: [] });
  });
});

test.each(["", "no patch at all", "@@ -1 +1 @@\n-x\n+y"])("%j is no patch", (text) => {
  expect(filesOfPatch(text)).toBeUndefined();
});

test("nothing makes it throw", () => {
  const line = fc.constantFrom(
    "diff --git ",
    "--- ",
    "+++ ",
    "@@ -1,9 +1 @@",
    "rename from x",
    'diff --git "a',
    "-",
    "+",
    "\\",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      expect(() => filesOfPatch(lines.join("\n"))).not.toThrow();
    }),
  );
});
