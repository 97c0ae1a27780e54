/** Folders, clones and archives for tests, each in a folder of its own that goes with the test. */
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Header } from "tar";
import { onTestFinished } from "vitest";

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "edgegym-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Texts or bytes by path; a text `-> target` is a link, a path that ends in .sh can be executed. */
export type Files = Record<string, string | Uint8Array>;

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === "string" && content.startsWith("-> ")) await symlink(content.slice(3), file);
    else await writeFile(file, content);
    if (path.endsWith(".sh")) await chmod(file, 0o755);
  }
}

export async function folderOf(files: Files): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return folder;
}

export function git(folder: string, ...args: string[]): string {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...who, ...args], { cwd: folder, encoding: "utf8" }).trim();
}

/** Adds everything and commits it; the commit's hash. */
export async function commit(folder: string, files: Files): Promise<string> {
  await writeFiles(folder, files);
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--allow-empty", "--message", "A commit");
  return git(folder, "rev-parse", "HEAD");
}

export async function emptyClone(): Promise<string> {
  const folder = await temporaryFolder();
  git(folder, "init", "--quiet");
  return folder;
}

export interface TarEntry {
  path: string;
  content?: string | Uint8Array;
  type?: "File" | "SymbolicLink" | "Link" | "Directory" | "FIFO" | "CharacterDevice";
  linkpath?: string;
  mode?: number;
  /** What the header claims, where that is not what follows. */
  size?: number;
}

const BLOCK = 512;

/** An archive, byte by byte as it says: hostile ones too. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, content = "", type = "File", linkpath, mode = 0o644, size }) => {
    const body = Buffer.from(content);
    const header = new Header({
      path,
      type,
      mode,
      size: size ?? body.length,
      ...(linkpath !== undefined && { linkpath }),
    });
    header.encode();
    const padding = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK);
    return [header.block ?? Buffer.alloc(0), body, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}
