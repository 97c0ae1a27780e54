import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder } from "../../src/cli/folder-lock.ts";

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "edgegym-lock-"));
});
afterEach(() => rm(path, { recursive: true }));

test("a folder is one command's at a time, and free again after it", async () => {
  const unlock = await lockFolder(path);
  await expect(lockFolder(path)).rejects.toThrow(`another command (process ${process.pid})`);
  await unlock();
  expect(await readdir(path)).toEqual([]);
  const unlockAgain = await lockFolder(path);
  // What is opened a second time is not the first one's any more.
  await unlock();
  await expect(lockFolder(path)).rejects.toThrow("another command");
  await unlockAgain();
});

test("a folder that is not there is made", async () => {
  const unlock = await lockFolder(join(path, "new", "folder"));
  expect(await readdir(path)).toEqual(["new"]);
  await unlock();
});

test.each(["", "no number", "0", "-1"])("a lock that names no process (%j) is no hindrance", async (content) => {
  await writeFile(join(path, ".lock"), content);
  const unlock = await lockFolder(path);
  expect(await readFile(join(path, ".lock"), "utf8")).toBe(String(process.pid));
  await unlock();
});

test("nor is one of a process that has ended", async () => {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  await writeFile(join(path, ".lock"), String(child.pid));
  const unlock = await lockFolder(path);
  expect(await readFile(join(path, ".lock"), "utf8")).toBe(String(process.pid));
  await unlock();
});
