/** Asks the git program about a clone. Never changes one, never checks anything out, never fetches. */
import { spawn } from "node:child_process";
import { messageOf, UserError } from "../user-error.ts";

/**
 * What a command of git prints; null where it fails, as it does for what is not there.
 * @throws UserError when there is no git
 */
export async function git(folder: string, args: readonly string[]): Promise<Buffer | null> {
  // A monitor of the file system is a program that a clone's settings name: someone else's clone is not to start one.
  const child = spawn("git", ["--literal-pathspecs", "-c", "core.fsmonitor=false", ...args], {
    cwd: folder,
    env: { ...process.env, GIT_NO_LAZY_FETCH: "1", GIT_OPTIONAL_LOCKS: "0" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const printed: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (error) => reject(new UserError(`git cannot be run in ${folder}: ${messageOf(error)}.`)));
    child.on("close", resolve);
  });
  return code === 0 ? Buffer.concat(printed) : null;
}

/** Whether the folder is a clone's own top folder, or a bare clone; a folder somewhere within one is just a folder. */
export async function isClone(folder: string): Promise<boolean> {
  const told = await git(folder, ["rev-parse", "--show-cdup", "--is-bare-repository", "--git-dir"]);
  const [up, bare, own] = (told ?? "").toString().split("\n");
  return (up === "" && bare === "false" && own === ".git") || (bare === "true" && own === ".");
}

/** `owner/name` from the address that the clone was made from, where it has one that ends so. */
export async function nameOfOrigin(clone: string): Promise<string | undefined> {
  const address = await git(clone, ["config", "--get", "remote.origin.url"]);
  return /^(?:\w+:\/\/|[^/]*:).*?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec((address ?? "").toString().trim())?.[1];
}
