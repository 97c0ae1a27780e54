/**
 * One command at a time writes into a folder of `runs/`. A file with the command's process number says so; one that a crash left
 * behind is no hindrance. For commands of one machine: on a shared disk another machine's process cannot be asked after.
 */
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { shown } from "./project.ts";
import { UserError } from "./user-error.ts";

const NAME = ".lock";

/** Resolves with what opens the folder to others again. @throws UserError while another process has it */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
  await mkdir(path, { recursive: true });
  const file = join(path, NAME);
  if (!(await claim(file))) {
    const owner = Number(await readFile(file, "utf8").catch(() => ""));
    if (isRunning(owner)) throw taken(path, owner);
    await rm(file, { force: true });
    if (!(await claim(file))) throw taken(path, owner);
  }
  let isOurs = true;
  return async () => {
    // Once: after that it may be another's.
    if (isOurs) await rm(file, { force: true });
    isOurs = false;
  };
}

/** Whether the file is made by this process: only one can make it. */
async function claim(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** A process of another user cannot be signalled, and is there all the same. */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

const taken = (path: string, pid: number) =>
  new UserError(
    `${shown(path)} is being written by another command (process ${pid}): end that, or give another --name.`,
  );
