import { randomFillSync } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { gatherFolder } from "../../../src/cli/repository/folder.ts";
import { gatherCommit, isClone, nameOfOrigin, resolveCommit } from "../../../src/cli/repository/git.ts";
import { gatherTarball } from "../../../src/cli/repository/tarball.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { limits } from "../../../src/contract/limits.ts";
import type { Gathered } from "../../../src/corpus/repository/source.ts";
import {
  commit,
  emptyClone,
  type Files,
  folderOf,
  git,
  tarOf,
  type TarEntry,
  temporaryFolder,
  writeFiles,
} from "./folders.ts";

const utf8 = new TextDecoder();

/** What was gathered, as it is written in these tests. */
function filesOf({ entries }: Gathered): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => [entry.path, entry.kind === "link" ? `-> ${entry.target}` : utf8.decode(entry.content)]),
  );
}

const whyOf = ({ leftOut }: Gathered) => Object.fromEntries(leftOut.map(({ path, why }) => [path, why]));
const executablesOf = ({ entries }: Gathered) =>
  entries.filter((entry) => entry.kind === "file" && entry.executable).map(({ path }) => path);

const FILES: Files = {
  "README.md": "Hello.\n",
  "src/index.ts": "export {};\n",
  "src/empty.ts": "",
  "run.sh": "#!/bin/sh\n",
  "docs/readme": "-> ../README.md",
  'ÆØ 😀/"quoted".md': "å\n",
};
const KEPT = FILES as Record<string, string>;

describe("a clone", () => {
  test("is read at a commit, whatever is checked out", async () => {
    const clone = await emptyClone();
    const first = await commit(clone, FILES);
    const second = await commit(clone, { "README.md": "Changed.\n", "src/new.ts": "new\n" });
    await writeFiles(clone, { "README.md": "Not committed.\n", "untracked.md": "untracked\n" });
    const gathered = await gatherCommit(clone, first);
    expect(filesOf(gathered)).toEqual(KEPT);
    expect(executablesOf(gathered)).toEqual(["run.sh"]);
    expect(gathered.leftOut).toEqual([]);
    expect(filesOf(await gatherCommit(clone, second))).toEqual({
      ...KEPT,
      "README.md": "Changed.\n",
      "src/new.ts": "new\n",
    });
  });

  test("has commits by hash, branch and tag, and no others", async () => {
    const clone = await emptyClone();
    const hash = await commit(clone, FILES);
    git(clone, "tag", "v1");
    for (const name of [hash, hash.slice(0, 8), "HEAD", "v1"]) expect(await resolveCommit(clone, name)).toBe(hash);
    for (const name of ["nope", "--help", "HEAD:README.md", ""])
      await expect(resolveCommit(clone, name)).rejects.toThrow("has no commit");
  });

  test("is told from a folder, bare or not, within another or not", async () => {
    const clone = await emptyClone();
    await commit(clone, FILES);
    const bare = join(await temporaryFolder(), "bare");
    git(clone, "clone", "--quiet", "--bare", ".", bare);
    expect(await isClone(clone)).toBe(true);
    expect(await isClone(bare)).toBe(true);
    expect(await isClone(join(clone, "src"))).toBe(false);
    expect(await isClone(await folderOf(FILES))).toBe(false);
    expect(filesOf(await gatherCommit(bare, "HEAD"))).toEqual(KEPT);
  });

  test.each([
    ["https://example.com/owner/name.git", "owner/name"],
    ["https://example.com/owner/name", "owner/name"],
    ["git@example.com:owner/na.me.git", "owner/na.me"],
    ["ssh://git@example.com:22/group/owner/name/", "owner/name"],
    ["/srv/name", undefined],
    ["", undefined],
  ])("from %j is named %s", async (address, name) => {
    const clone = await emptyClone();
    if (address !== "") git(clone, "remote", "add", "origin", address);
    expect(await nameOfOrigin(clone)).toBe(name);
  });

  test("has its submodules, large files and links out of it left out", async () => {
    const clone = await emptyClone();
    const inner = await emptyClone();
    await commit(inner, { "inner.md": "inner\n" });
    git(clone, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "vendor/inner");
    const hash = await commit(clone, {
      "large.txt": "x".repeat(limits.repositoryFileBytes + 1),
      "image.png": new Uint8Array(limits.repositoryBinaryBytes + 1),
      out: "-> ../../etc/passwd",
    });
    const gathered = await gatherCommit(clone, hash);
    expect(Object.keys(filesOf(gathered))).toEqual([".gitmodules"]);
    expect(whyOf(gathered)).toEqual({
      "image.png": "a large binary file",
      "large.txt": "too large a file",
      out: "a link out of the repository",
      "vendor/inner": "a submodule",
    });
  });

  test("that lacks a content is refused", async () => {
    const clone = await emptyClone();
    const hash = await commit(clone, FILES);
    const blob = git(clone, "rev-parse", "HEAD:README.md");
    await rm(join(clone, ".git", "objects", blob.slice(0, 2), blob.slice(2)));
    await expect(gatherCommit(clone, hash)).rejects.toBeInstanceOf(UserError);
  });
});

describe("a folder", () => {
  test("is read without what it ignores", async () => {
    const folder = await folderOf({
      ...FILES,
      ".gitignore": "node_modules/\n*.log\n!kept.log\n",
      "node_modules/a/index.js": "a",
      "debug.log": "debug",
      "kept.log": "kept",
      "src/.gitignore": "/generated\n",
      "src/generated/a.ts": "a",
    });
    const gathered = await gatherFolder(folder);
    expect(filesOf(gathered)).toEqual({
      ...KEPT,
      ".gitignore": "node_modules/\n*.log\n!kept.log\n",
      "kept.log": "kept",
      "src/.gitignore": "/generated\n",
    });
    expect(executablesOf(gathered)).toEqual(["run.sh"]);
  });

  test("within a clone is read as it is, and so is a clone without its own files of git", async () => {
    const clone = await emptyClone();
    await commit(clone, FILES);
    await writeFiles(clone, { "src/new.ts": "new\n" });
    expect(filesOf(await gatherFolder(join(clone, "src")))).toEqual({
      "empty.ts": "",
      "index.ts": "export {};\n",
      "new.ts": "new\n",
    });
    expect(filesOf(await gatherFolder(clone))).toEqual({ ...KEPT, "src/new.ts": "new\n" });
  });

  test("follows no link, and takes no other repository in", async () => {
    const folder = await folderOf({ "a.md": "a", "src/up": "-> ..", etc: "-> /etc" });
    await mkdir(join(folder, "inner"));
    git(join(folder, "inner"), "init", "--quiet");
    await commit(join(folder, "inner"), { "inner.md": "inner" });
    const gathered = await gatherFolder(folder);
    expect(filesOf(gathered)).toEqual({ "a.md": "a", "src/up": "-> .." });
    expect(whyOf(gathered)).toEqual({ etc: "a link out of the repository", "inner/": "a repository of its own" });
  });

  test("may be empty", async () => {
    expect(await gatherFolder(await temporaryFolder())).toEqual({ entries: [], leftOut: [] });
  });
});

async function tarball(entries: readonly TarEntry[] | Uint8Array, compress = false): Promise<string> {
  const bytes = entries instanceof Uint8Array ? entries : tarOf(entries);
  const file = join(await temporaryFolder(), "archive");
  await writeFile(file, compress ? gzipSync(bytes) : bytes);
  return file;
}

const PACKAGE: TarEntry[] = [
  { path: "package/", type: "Directory" },
  { path: "package/README.md", content: "Hello.\n" },
  { path: "package/src/index.ts", content: "export {};\n" },
  { path: "package/bin/run", content: "#!/bin/sh\n", mode: 0o755 },
  { path: "package/docs/readme", type: "SymbolicLink", linkpath: "../README.md" },
  { path: "package/empty" },
];
const PACKAGED = {
  "README.md": "Hello.\n",
  "bin/run": "#!/bin/sh\n",
  "docs/readme": "-> ../README.md",
  empty: "",
  "src/index.ts": "export {};\n",
};

describe("an archive", () => {
  test.each([false, true])("is read without its first folder; compressed: %s", async (compress) => {
    const gathered = await gatherTarball(await tarball(PACKAGE, compress));
    expect(filesOf(gathered)).toEqual(PACKAGED);
    expect(executablesOf(gathered)).toEqual(["bin/run"]);
    expect(gathered).toMatchObject({ leftOut: [], commit: undefined });
  });

  test("of a commit, as git makes it, says which, and long paths are whole", async () => {
    const clone = await emptyClone();
    const long = `${"folder/".repeat(30)}${"long".repeat(30)}.md`;
    const hash = await commit(clone, { ...FILES, [long]: "long\n" });
    const file = join(await temporaryFolder(), "archive.tar.gz");
    git(clone, "archive", "--format=tar.gz", "--prefix=name-1.0/", `--output=${file}`, hash);
    const gathered = await gatherTarball(file);
    expect(gathered.commit).toBe(hash);
    expect(filesOf(gathered)).toEqual({ ...KEPT, [long]: "long\n" });
    expect(filesOf(gathered)).toEqual(filesOf(await gatherCommit(clone, hash)));
  });

  test("without one folder for all is read as it is, with or without a dot in front", async () => {
    const gathered = await gatherTarball(
      await tarball([
        { path: "./a.md", content: "a" },
        { path: "src/b.md", content: "b" },
      ]),
    );
    expect(filesOf(gathered)).toEqual({ "a.md": "a", "src/b.md": "b" });
  });

  test("has everything hostile left out, and says so", async () => {
    const gathered = await gatherTarball(
      await tarball([
        ...PACKAGE,
        { path: "../../outside", content: "x" },
        { path: "/etc/cron.d/x", content: "x" },
        { path: "package/../../x", content: "x" },
        { path: "package/README.md", content: "again" },
        { path: "package/out", type: "SymbolicLink", linkpath: "/etc" },
        { path: "package/out/passwd", content: "x" },
        { path: "package/up", type: "SymbolicLink", linkpath: "../.." },
        { path: "package/hard", type: "Link", linkpath: "package/README.md" },
        { path: "package/pipe", type: "FIFO" },
        { path: "package/device", type: "CharacterDevice" },
        { path: "package/.git/config", content: "x" },
        { path: "package/GNUSparseFile.1/x", content: "x" },
        { path: "package/large", content: "x".repeat(limits.repositoryFileBytes + 1) },
      ]),
    );
    expect(filesOf(gathered)).toEqual(PACKAGED);
    expect(whyOf(gathered)).toEqual({
      "../../outside": "a path that no repository has",
      "/etc/cron.d/x": "a path that no repository has",
      "../../x": "a path that no repository has",
      "README.md": "a path that comes twice",
      ".git/config": "git's own",
      "GNUSparseFile.1/x": "a sparse file",
      device: "neither a file nor a link",
      hard: "a hard link",
      large: "too large a file",
      out: "a link out of the repository",
      "out/passwd": "a path through a file or link",
      pipe: "neither a file nor a link",
      up: "a link out of the repository",
    });
  });

  test.each<[string, () => Uint8Array]>([
    ["is empty", () => new Uint8Array()],
    ["is something else", () => Buffer.from("# Hello\n".repeat(200))],
    ["is cut short", () => tarOf(PACKAGE).subarray(0, 1_800)],
    ["is cut short and compressed", () => gzipSync(tarOf(PACKAGE)).subarray(0, 150)],
    ["claims more than it has", () => tarOf([{ path: "a/b", content: "b", size: 8_000_000_000 }])],
    ["has a wrong checksum", () => tarOf(PACKAGE).with(600, 88)],
  ])("that %s is refused", async (_, bytes) => {
    await expect(gatherTarball(await tarball(bytes()))).rejects.toThrow(/is no tar archive, or a damaged one/);
  });

  test("that would unpack to too much is refused", async () => {
    const content = Buffer.alloc(limits.repositoryFileBytes, "a");
    // What compresses too well is refused even before.
    randomFillSync(content.subarray(10_000, 20_000));
    const bytes = gzipSync(tarOf(Array.from({ length: 76 }, (__, at) => ({ path: `a/${at}`, content }))));
    expect(bytes.length).toBeLessThan(2_000_000);
    await expect(gatherTarball(await tarball(bytes))).rejects.toThrow(/more than 300,000,000 bytes/);
  });
});
