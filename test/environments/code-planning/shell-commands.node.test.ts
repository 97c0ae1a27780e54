/** The workspace's shell beside the bash of this machine, over the same files. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryRepository } from "../../../src/corpus/repository/memory.ts";
import { NOTHING_KEPT, RolloutFiles } from "../../../src/environments/workspace/files.ts";
import { REPOSITORY_ROOT } from "../../../src/environments/workspace/paths.ts";
import { runShell } from "../../../src/environments/workspace/shell.ts";
import { type Command, commands, tree } from "./shell-commands.ts";

interface Shown {
  stdout: string;
  exitCode: number;
}

const repository = memoryRepository(tree);
let above = "";

beforeAll(async () => {
  above = await mkdtemp(join(tmpdir(), "shell-"));
});
afterAll(() => rm(above, { recursive: true, force: true }));

async function inWorkspace(command: string): Promise<Shown> {
  const files = new RolloutFiles(repository, NOTHING_KEPT, { now: Date.now(), pause: async () => {} });
  const result = await runShell(files, command, REPOSITORY_ROOT);
  if (result.kind !== "ended") throw new Error(`${command}: ${result.kind}`);
  return { stdout: result.stdout, exitCode: result.exitCode };
}

async function inBash(command: string): Promise<Shown> {
  const root = join(await mkdtemp(join(above, "one-")), "repo");
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const env = { PATH: process.env["PATH"] ?? "", HOME: "/home/user", LC_ALL: "C" };
  return new Promise((resolve) => {
    execFile("bash", ["-c", command], { cwd: root, env }, (error, stdout) => {
      // Where the tree stands is the machine's own.
      const exitCode = typeof error?.code === "number" ? error.code : 0;
      resolve({ stdout: stdout.replaceAll(root, REPOSITORY_ROOT), exitCode });
    });
  });
}

const hasProgram = async (name: string) => (await inBash(`command -v ${name}`)).exitCode === 0;

describe.each(Object.entries(commands))("%s", (_, group: readonly Command[]) => {
  const same = group.filter((command) => typeof command === "string");
  const differing = group.filter((command) => typeof command !== "string");

  test.each(same)("%s", async (command) => {
    const program = /^(jq|tree|rg)\b/.exec(command)?.[1];
    if (program !== undefined && !(await hasProgram(program))) return;
    expect(await inWorkspace(command)).toEqual(await inBash(command));
  });

  // One that does no longer differ is to be taken out of the list, and out of what is said of the tool.
  test.each(differing)("%s differs: %s", async (command) => {
    expect(await inWorkspace(command)).not.toEqual(await inBash(command));
  });
});
