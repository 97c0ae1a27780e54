import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRepositoryPath, repositoryPath } from "../../src/grading/repository-path.ts";
import { aPath, spellings } from "./paths.ts";

const roots = ["/repo/", "owner/name/"];

describe("a path", () => {
  test.each([
    ["src/a.ts", "src/a.ts"],
    ["./src/a.ts", "src/a.ts"],
    ["/src/a.ts", "src/a.ts"],
    ["/repo/src/a.ts", "src/a.ts"],
    ["owner/name/src/a.ts", "src/a.ts"],
    [" src//./a.ts\n", "src/a.ts"],
    // One root is dropped, and only as a whole name.
    ["/repo/repo/a.ts", "repo/a.ts"],
    ["/repository/a.ts", "repository/a.ts"],
    ["name/a.ts", "name/a.ts"],
    // What names no file stays so.
    ["src/A.ts", "src/A.ts"],
    ["src/../a.ts", "src/../a.ts"],
    [String.raw`src\a.ts`, String.raw`src\a.ts`],
    ["src/a.ts/", "src/a.ts/"],
    ["src/a.ts/.", "src/a.ts/."],
    ["", ""],
    [".", "."],
    ["/", ""],
  ])("%j is %j", (written, path) => {
    expect(repositoryPath(written, roots)).toBe(path);
  });

  test("is the same in all its spellings, and in its own one already", () => {
    fc.assert(
      fc.property(aPath, (path) => {
        for (const written of spellings(path)) expect(repositoryPath(written)).toBe(path);
        expect(isRepositoryPath(path)).toBe(true);
      }),
    );
  });

  test("once written plainly stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", ".", "/", "\\", "~") }), (written) => {
        const path = repositoryPath(written);
        expect(repositoryPath(path)).toBe(path);
      }),
    );
  });
});

test.each(["", "/a", "./a", "a/", "a//b", "a/../b", "..", ".", " a", "a\n", "a\0b", "a".repeat(513)])(
  "%j is no path of a repository",
  (text) => {
    expect(isRepositoryPath(text)).toBe(false);
  },
);
