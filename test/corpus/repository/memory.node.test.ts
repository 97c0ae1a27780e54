import { expect, test } from "vitest";
import { memoryRepository } from "../../../src/corpus/repository/memory.ts";

const utf8 = new TextDecoder();

test("a repository in memory has its files, links and directories", async () => {
  const repository = memoryRepository(
    {
      "src/index.ts": "export {};\n",
      "bin/run": { executable: "#!/bin/sh\n" },
      "README.md": "Hello.\n",
      "docs/start.md": { link: "../README.md" },
      "src/deep/er/data.bin": new Uint8Array([0, 255]),
      "copy.md": "Hello.\n",
    },
    "owner/tiny",
    "abc",
  );
  expect(repository).toMatchObject({ name: "owner/tiny", commit: "abc" });
  expect(repository.entries.map(({ path }) => path)).toEqual([
    "README.md",
    "bin/run",
    "copy.md",
    "docs/start.md",
    "src/deep/er/data.bin",
    "src/index.ts",
  ]);
  expect(repository.list("")).toEqual([
    { name: "README.md", kind: "file" },
    { name: "bin", kind: "directory" },
    { name: "copy.md", kind: "file" },
    { name: "docs", kind: "directory" },
    { name: "src", kind: "directory" },
  ]);
  expect(repository.list("src/deep")).toEqual([{ name: "er", kind: "directory" }]);
  expect(repository.list("docs")).toEqual([{ name: "start.md", kind: "link" }]);
  expect(repository.list("README.md")).toBeUndefined();
  expect(repository.list("src/")).toBeUndefined();
  expect(repository.find("bin/run")).toMatchObject({ kind: "file", size: 10, executable: true });
  expect(repository.find("docs/start.md")).toMatchObject({ kind: "link", size: 12, target: "../README.md" });
  expect(repository.find("src")).toBeUndefined();
  expect(repository.find("README.md")?.blob).toBe(repository.find("copy.md")?.blob);
  expect(utf8.decode(await repository.read("README.md"))).toBe("Hello.\n");
  expect(await repository.read("src/deep/er/data.bin")).toEqual(new Uint8Array([0, 255]));
  await expect(repository.read("docs/start.md")).rejects.toMatchObject({ boundary: "worker" });
  await repository.prefetch(["README.md", "nowhere"]);
});

test("a repository without a file has a root", () => {
  expect(memoryRepository({}).list("")).toEqual([]);
});
