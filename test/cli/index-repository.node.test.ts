import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { buildRepositories } from "../../src/cli/index-repository.ts";
import { manifestKey, packKey, RepositoryManifest } from "../../src/contract/repository.ts";
import { manyFiles } from "../corpus/repository/gathered.ts";
import { commit, emptyClone, folderOf, git, temporaryFolder } from "./repository/folders.ts";

const quiet = () => {};

async function filesIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names
    .filter((name) => name.isFile())
    .map((name) => join(name.parentPath, name.name))
    .toSorted();
  const contents = files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, "base64")] as const);
  return new Map(await Promise.all(contents));
}

describe("an index of repositories", () => {
  test("is a folder of packs and manifests, by their keys in the bucket", async () => {
    const clone = await emptyClone();
    const hash = await commit(clone, { "README.md": "Hello.\n" });
    git(clone, "remote", "add", "origin", "https://example.com/owner/name.git");
    const out = await temporaryFolder();
    const said: string[] = [];
    const [manifest] = await buildRepositories({ from: clone, out }, (line) => said.push(line));
    expect(manifest).toMatchObject({ name: "owner/name", commit: hash, files: [{ path: "README.md", bytes: 7 }] });
    const pack = manifest?.packs[0]?.sha256 ?? "";
    expect([...(await filesIn(out)).keys()]).toEqual([packKey(pack), manifestKey("owner/name", hash)]);
    const written = gunzipSync(await readFile(join(out, manifestKey("owner/name", hash))));
    expect(RepositoryManifest.parse(JSON.parse(written.toString()))).toEqual(manifest);
    expect(said.join("\n")).toContain(`owner/name at ${hash}\n  1 files and 0 links, 0.0 MB in 1 packs`);
  });

  test("of several commits has what they share once, and is the same when it is built again", async () => {
    const clone = await emptyClone();
    const first = await commit(clone, manyFiles(20, 20));
    const second = await commit(clone, { "src/part-3/file-7.ts": "changed\n" });
    const out = await temporaryFolder();
    const build = () =>
      buildRepositories({ from: clone, name: "owner/name", commit: [first, "HEAD", second], out }, quiet);
    const manifests = await build();
    expect(manifests.map((manifest) => manifest.commit)).toEqual([first, second]);
    const packs = new Set(manifests.flatMap((manifest) => manifest.packs.map(({ sha256 }) => sha256)));
    expect(packs.size).toBe((manifests[0]?.packs.length ?? 0) + 1);
    const files = await filesIn(out);
    expect(files.size).toBe(packs.size + 2);
    await build();
    expect(await filesIn(out)).toEqual(files);
  });

  test("is the same of a clone, of its folder and of an archive of it", async () => {
    const clone = await emptyClone();
    const files = { "README.md": "Hello.\n", "run.sh": "#!/bin/sh\n", "docs/a": "-> ../README.md" };
    const hash = await commit(clone, files);
    const archive = join(await temporaryFolder(), "archive.tgz");
    git(clone, "archive", "--format=tar.gz", "--prefix=name/", `--output=${archive}`, hash);
    const built = [clone, await folderOf(files), archive].map(async (from) => {
      const out = await temporaryFolder();
      await buildRepositories({ from, name: "owner/name", commit: [hash], out }, quiet);
      return filesIn(out);
    });
    const [ofClone, ofFolder, ofArchive] = await Promise.all(built);
    expect(ofFolder).toEqual(ofClone);
    expect(ofArchive).toEqual(ofClone);
  });

  test("is named by the files where there is no commit", async () => {
    const from = await folderOf({ "a.md": "a" });
    const build = async () =>
      (await buildRepositories({ from, name: "owner/name", out: await temporaryFolder() }, quiet))[0];
    expect((await build())?.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(await build()).toEqual(await build());
  });
});

describe("what is not to be indexed is refused:", () => {
  test.each<[string, Partial<Parameters<typeof buildRepositories>[0]>, string]>([
    ["nothing", { from: "nowhere" }, "does not exist"],
    ["a folder without a name", {}, "give it as --name owner/name"],
    ["a folder with an odd name", { name: "../x" }, "is not of the form owner/name"],
    ["a folder at two commits", { name: "owner/name", commit: ["a", "b"] }, "is no clone: it has one state"],
    ["a folder at an odd commit", { name: "owner/name", commit: ["../x"] }, "--commit has to be"],
  ])("%s", async (_, options, message) => {
    const from = await folderOf({ "a.md": "a" });
    await expect(buildRepositories({ from, out: await temporaryFolder(), ...options }, quiet)).rejects.toThrow(message);
  });

  test("an empty folder", async () => {
    const [from, out] = [await temporaryFolder(), await temporaryFolder()];
    await expect(buildRepositories({ from, name: "owner/name", out }, quiet)).rejects.toThrow(
      "no file that can be kept",
    );
  });

  test("into a folder with something else", async () => {
    const out = await folderOf({ "index.bin": "x" });
    const from = await folderOf({ "a.md": "a" });
    await expect(buildRepositories({ from, name: "owner/name", out }, quiet)).rejects.toThrow("has index.bin in it");
  });
});
