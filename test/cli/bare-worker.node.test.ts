/** A worker of a command's own lives exactly as long as the command. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { inProject } from "../../src/cli/project.ts";

test("a worker outlives Ctrl-C, which is the command's to answer, and goes with a command that was killed", async () => {
  const { command, lines, folder, pid } = await keptWorker();
  // A terminal sends it to all processes of its command.
  process.kill(-command.pid!, "SIGINT");
  expect(await lines.next()).toMatchObject({ value: "200" });

  command.kill("SIGKILL");
  await expect.poll(() => existsSync(folder) || isRunning(pid), { timeout: 60_000 }).toBe(false);
}, 120_000);

test("a worker goes with a command that was told to end together with it, and leaves nothing", async () => {
  const { command, folder, pid } = await keptWorker();
  process.kill(-command.pid!, "SIGTERM");
  await expect.poll(() => existsSync(folder) || isRunning(pid), { timeout: 60_000 }).toBe(false);
}, 120_000);

/** A command in a group of its own, whose worker runs. */
async function keptWorker() {
  const script = inProject("test", "fixtures", "kept-worker.ts");
  const command = spawn(process.execPath, [script], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void command.kill("SIGKILL"));
  const lines = createInterface({ input: command.stdout })[Symbol.asyncIterator]();
  const { folder, pid } = JSON.parse((await lines.next()).value ?? "");
  expect([existsSync(folder), isRunning(pid)]).toEqual([true, true]);
  return { command, lines, folder, pid };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
