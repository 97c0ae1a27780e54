import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import { leadsOut } from "../../../src/corpus/repository/links.ts";
import { Gathering } from "../../../src/corpus/repository/source.ts";
import { gather } from "./gathered.ts";

const file = (path: string, content: Uint8Array<ArrayBuffer> = new Uint8Array(3).fill(97)) =>
  ({ kind: "file", path, content, executable: false }) as const;

function gatherFiles(...files: ReturnType<typeof file>[]) {
  const gathering = new Gathering();
  for (const one of files) gathering.add(one);
  return gathering.finish();
}

describe("what a repository is built from", () => {
  test("is sorted by path, whatever order it comes in", () => {
    const { entries } = gather({ "src/b.ts": "b", "README.md": "r", "src/a.ts": "a", link: "-> README.md" });
    expect(entries.map(({ path }) => path)).toEqual(["README.md", "link", "src/a.ts", "src/b.ts"]);
  });

  test.each([
    ["", "a path that no repository has"],
    ["../outside", "a path that no repository has"],
    ["src/../../outside", "a path that no repository has"],
    ["/etc/passwd", "a path that no repository has"],
    ["src//a", "a path that no repository has"],
    ["./a", "a path that no repository has"],
    ["line\nbreak", "a path that no repository has"],
    ["nul\0", "a path that no repository has"],
    ["\ud800", "a path that no repository has"],
    ["x".repeat(limits.pathCharacters + 1), "a path that no repository has"],
    [".git/config", "git's own"],
    ["vendor/.GIT/hooks/post-checkout", "git's own"],
  ])("leaves out %j", (path, why) => {
    const { entries, leftOut } = gatherFiles(file("kept"), file(path));
    expect(entries.map((entry) => entry.path)).toEqual(["kept"]);
    expect(leftOut).toMatchObject([{ bytes: 3, why }]);
    expect(leftOut[0]?.path.isWellFormed()).toBe(true);
    expect(leftOut[0]?.path).not.toMatch(/\p{Cc}/u);
  });

  test("has a path once, the first that came", () => {
    const { entries, leftOut } = gatherFiles(file("a", new Uint8Array([1])), file("a", new Uint8Array([2])));
    expect(entries).toMatchObject([{ content: new Uint8Array([1]) }]);
    expect(leftOut).toEqual([{ path: "a", bytes: 1, why: "a path that comes twice" }]);
  });

  test.each(["a/b", "a/b/c/d"])("has no %s where a is a file", (path) => {
    for (const order of [
      ["a", path],
      [path, "a"],
    ]) {
      const { entries, leftOut } = gatherFiles(...order.map((each) => file(each)));
      expect(entries.map((entry) => entry.path)).toEqual(["a"]);
      expect(leftOut).toMatchObject([{ path, why: "a path through a file or link" }]);
    }
  });

  test("leaves out large files, unread, and large binary ones", () => {
    const gathering = new Gathering();
    expect(gathering.wants("large.csv", limits.repositoryFileBytes + 1)).toBe(false);
    expect(gathering.wants("text", limits.repositoryFileBytes)).toBe(true);
    const binary = (bytes: number) => new Uint8Array(bytes).fill(97).with(7_999, 0);
    gathering.add(file("small.png", binary(limits.repositoryBinaryBytes)));
    gathering.add(file("large.png", binary(limits.repositoryBinaryBytes + 1)));
    gathering.add(file("text", new Uint8Array(limits.repositoryFileBytes).fill(97)));
    const { entries, leftOut } = gathering.finish();
    expect(entries.map(({ path }) => path)).toEqual(["small.png", "text"]);
    expect(leftOut).toEqual([
      { path: "large.csv", bytes: limits.repositoryFileBytes + 1, why: "too large a file" },
      { path: "large.png", bytes: limits.repositoryBinaryBytes + 1, why: "a large binary file" },
    ]);
  });

  test("is refused beyond a number of paths or bytes", () => {
    const many = new Gathering();
    for (let at = 0; at < limits.repositoryPaths; at++) many.add(file(`${at}`));
    expect(() => many.add(file("more"))).toThrow("more than 30,000 paths");
    const large = new Gathering();
    const content = new Uint8Array(limits.repositoryFileBytes).fill(97);
    for (let at = 0; at < limits.repositoryBytes / limits.repositoryFileBytes; at++) large.add(file(`${at}`, content));
    expect(() => large.add(file("more"))).toThrow("more than 300,000,000 bytes");
  });
});

describe("links", () => {
  test.each([
    ["a", "b"],
    ["docs/a", "../README.md"],
    ["docs/a", "nowhere"],
    ["docs/a", ".."],
    ["a", "a"],
    ["a", "./b//c/../d/"],
  ])("%s -> %s stays within", (path, target) => {
    expect(gather({ [path]: `-> ${target}` }).entries).toHaveLength(1);
  });

  test.each([
    ["a", "/etc/passwd"],
    ["a", ".."],
    ["a", "../x"],
    ["docs/a", "../../x"],
    ["docs/a", "b/../../../repo/x"],
  ])("%s -> %s is left out", (path, target) => {
    const { entries, leftOut } = gather({ [path]: `-> ${target}` });
    expect(entries).toEqual([]);
    expect(leftOut).toMatchObject([{ path, why: "a link out of the repository" }]);
  });

  test("that lead out only through another link are left out", () => {
    const { entries, leftOut } = gather({ "a/up": "-> ..", b: "-> a/up/..", "c/d": "-> ../a/up/a/up/a" });
    expect(entries.map(({ path }) => path)).toEqual(["a/up", "c/d"]);
    expect(leftOut).toMatchObject([{ path: "b", why: "a link out of the repository" }]);
  });

  test("in a circle come to an end", () => {
    const { entries } = gather({ a: "-> b", b: "-> a", c: "-> c/c" });
    expect(entries).toHaveLength(3);
  });

  test("without other links on the way lead where the path says", () => {
    const name = fc.constantFrom("..", ".", "", "x", "y");
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 8 }), (names) => {
        const target = names.join("/");
        const within = !target.startsWith("/") && staysIn(names);
        expect(leadsOut("d/l", new Map([["d/l", target]]))).toBe(!within);
      }),
    );
  });
});

/** Whether no step from the directory `d` goes above its parent. */
function staysIn(names: readonly string[]): boolean {
  let depth = 1;
  return names.every((name) => {
    if (name === "..") depth--;
    else if (name !== "" && name !== ".") depth++;
    return depth >= 0;
  });
}
