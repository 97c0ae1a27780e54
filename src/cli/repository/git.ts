/** The git program: what a clone has at a commit, and which files of a folder are not ignored. Never changes either. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { Gathering, type Gathered } from "../../corpus/repository/source.ts";
import { messageOf, UserError } from "../user-error.ts";

/** What git says of one path of a commit. */
interface TreeEntry {
  mode: string;
  object: string;
  bytes: number;
  path: string;
}

const EXECUTABLE = "100755";
const LINK = "120000";
const SUBMODULE = "160000";

/** Whether the folder is a clone's own top folder, or a bare clone; a folder somewhere within one is just a folder. */
export async function isClone(folder: string): Promise<boolean> {
  const told = await git(folder, ["rev-parse", "--is-bare-repository", "--git-dir", "--show-cdup"]).catch(() => "");
  const [bare, gitDirectory, up] = told.toString().split("\n");
  return bare === "true" ? gitDirectory === "." : up === "";
}

/** The full hash of a commit that is given by hash, branch or tag. @throws UserError when the clone has no such commit */
export async function resolveCommit(clone: string, commit: string): Promise<string> {
  try {
    const hash = await git(clone, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{commit}`]);
    return hash.toString().trim();
  } catch {
    throw new UserError(
      `${clone} has no commit ${JSON.stringify(commit)}. Fetch it first, or see git log for what it has.`,
    );
  }
}

/** `owner/name` from the address that the clone was made from, where it has one that ends so. */
export async function nameOfOrigin(clone: string): Promise<string | undefined> {
  const address = await git(clone, ["config", "--get", "remote.origin.url"]).catch(() => "");
  return /^(?:\w+:\/\/|[^/]*:).*?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(address.toString().trim())?.[1];
}

/** A commit's files and links, read from the clone's objects: nothing is checked out. @throws UserError when git fails */
export async function gatherCommit(clone: string, commit: string): Promise<Gathered> {
  const gathering = new Gathering();
  const wanted: TreeEntry[] = [];
  const listed = await git(clone, ["ls-tree", "-r", "-z", "--long", "--full-tree", commit]);
  for (const entry of parseTree(listed)) {
    if (entry.mode === SUBMODULE) gathering.leaveOut(entry.path, null, "a submodule");
    else if (gathering.wants(entry.path, entry.bytes)) wanted.push(entry);
  }
  for await (const { entry, content } of readObjects(clone, wanted)) {
    const { path, mode } = entry;
    if (mode === LINK) gathering.add({ kind: "link", path, target: content.toString() });
    else gathering.add({ kind: "file", path, content: new Uint8Array(content), executable: mode === EXECUTABLE });
  }
  return gathering.finish();
}

/** The paths below a folder that no .gitignore of it leaves out. @throws UserError when git fails */
export async function pathsNotIgnored(folder: string): Promise<string[]> {
  const empty = await mkdtemp(join(tmpdir(), "edgegym-git-"));
  try {
    await git(empty, ["init", "--quiet", "--bare", "."]);
    // Only the folder's own rules: those of this machine's user would make its files another repository elsewhere.
    const place = [`--git-dir=${empty}`, "--work-tree=.", "-c", "core.bare=false"];
    return texts(await git(folder, [...place, "ls-files", "-z", "--others", "--exclude-per-directory=.gitignore"]));
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}

function* parseTree(listed: Buffer): Generator<TreeEntry> {
  for (const line of texts(listed)) {
    const match = /^(\d+) \w+ (\w+) +(\S+)\t([^]*)$/.exec(line);
    if (match === null) throw new UserError("git ls-tree answers in a way that is not known here: update git.");
    const [, mode = "", object = "", size = "", path = ""] = match;
    // A submodule has no size, nor has a content that the clone lacks: that is found out when it is read.
    yield { mode, object, bytes: Number(size) || 0, path };
  }
}

/** Each ends in a zero byte. What is no UTF-8 gets replacement characters, and no such path can be asked for. */
function texts(listed: Buffer): string[] {
  return listed.toString().split("\0").slice(0, -1);
}

/** The objects' contents, in their order, from one process. */
async function* readObjects(
  clone: string,
  entries: readonly TreeEntry[],
): AsyncGenerator<{ entry: TreeEntry; content: Buffer }> {
  const child = spawn("git", ["cat-file", "--batch"], { cwd: clone, stdio: ["pipe", "pipe", "ignore"] });
  const failed = once(child, "error").then(([error]) => Promise.reject(asUserError(error)));
  failed.catch(() => undefined);
  child.stdin.on("error", () => undefined);
  child.stdin.end(entries.map(({ object }) => `${object}\n`).join(""));
  try {
    const output = new Reader(child.stdout);
    for (const entry of entries) {
      const head = await Promise.race([output.line(), failed]);
      const bytes = /^\w+ blob (\d+)$/.exec(head)?.[1];
      if (bytes === undefined)
        throw new UserError(`${clone} lacks the content of ${entry.path}: fetch the whole commit first.`);
      yield { entry, content: await output.take(Number(bytes)) };
      await output.take(1);
    }
  } finally {
    child.kill();
  }
}

/** A stream by lines and by numbers of bytes. */
class Reader {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    let end = this.#held.indexOf("\n");
    for (; end === -1; end = this.#held.indexOf("\n")) if (!(await this.#more(1))) return "";
    const line = this.#held.toString("utf8", 0, end);
    this.#held = this.#held.subarray(end + 1);
    return line;
  }

  async take(bytes: number): Promise<Buffer> {
    if (this.#held.length < bytes) await this.#more(bytes - this.#held.length);
    const taken = this.#held.subarray(0, bytes);
    this.#held = this.#held.subarray(bytes);
    return taken;
  }

  /** Holds at least so many bytes more, unless the stream ends; whether it holds any more. */
  async #more(bytes: number): Promise<boolean> {
    const parts = [this.#held];
    let added = 0;
    while (added < bytes) {
      const next = await this.#chunks.next();
      if (next.done) break;
      parts.push(next.value);
      added += next.value.length;
    }
    this.#held = Buffer.concat(parts);
    return added > 0;
  }
}

/** What a command of git prints. @throws UserError with what git says when it fails */
export async function git(folder: string, args: readonly string[]): Promise<Buffer> {
  // A monitor of the file system is a program that a clone's settings name: someone else's clone is not to start one.
  const child = spawn("git", ["-c", "core.fsmonitor=false", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: Buffer[] = [];
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (error) => reject(asUserError(error))).on("close", resolve);
  });
  if (code === 0) return Buffer.concat(printed);
  throw new UserError(
    `git ${args.find((word) => /^[a-z-]+$/.test(word) && !word.startsWith("-")) ?? ""} failed in ${folder}:\n${complaint.trim()}`,
  );
}

function asUserError(error: unknown): UserError {
  return new UserError(
    `git cannot be run (${messageOf(error)}); it reads clones, and which files of a folder are ignored.`,
  );
}
