import { mkdtemp, rm } from "node:fs/promises";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import { memoryRepository } from "../../../src/corpus/repository/memory.ts";
import { RolloutFiles } from "../../../src/environments/workspace/files.ts";
import type { UpperNode } from "../../../src/environments/workspace/node.ts";
import { REPOSITORY_ROOT } from "../../../src/environments/workspace/paths.ts";

const base = { "a/one": "1", "a/b/two": "22", c: "333", "d/e/f/g": "4444" };
const clock = { now: 5_000, pause: async () => {} };

/** As the rollout's object does it: what a call has changed lies under the next one. */
class Kept {
  readonly nodes = new Map<string, UpperNode>();
  readonly #contents: Uint8Array[] = [];

  content = (id: number) => this.#contents[id] ?? new Uint8Array();

  keep(files: RolloutFiles): void {
    for (const [path, node] of files.changes()) {
      if (node === undefined) this.nodes.delete(path);
      else this.nodes.set(path, this.#stored(node));
    }
  }

  #stored(node: UpperNode): UpperNode {
    if (node.kind !== "file" || node.content.in !== "memory") return node;
    const id = this.#contents.push(Buffer.concat(node.content.parts)) - 1;
    return { ...node, content: { in: "store", id } };
  }
}

const repository = memoryRepository(base);
const open = (kept = new Kept()) => new RolloutFiles(repository, kept, clock);

/** The operations, as both sides have them. Paths are relative to the repository's root. */
interface Side {
  write(path: string, text: string): Promise<void>;
  append(path: string, text: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  makeAll(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  removeAll(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(target: string, path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  read(path: string): Promise<string>;
  list(path: string): Promise<string[]>;
  describe(path: string): Promise<string>;
}

function ours(files: RolloutFiles): Side {
  const at = (path: string) => join(REPOSITORY_ROOT, path);
  return {
    write: (path, text) => files.writeFile(at(path), text),
    append: (path, text) => files.appendFile(at(path), text),
    mkdir: (path) => files.mkdir(at(path)),
    makeAll: (path) => files.mkdir(at(path), { recursive: true }),
    remove: (path) => files.rm(at(path)),
    removeAll: (path) => files.rm(at(path), { recursive: true, force: true }),
    rename: (from, to) => files.mv(at(from), at(to)),
    link: (target, path) => files.symlink(target, at(path)),
    chmod: (path, mode) => files.chmod(at(path), mode),
    read: (path) => files.readFile(at(path)),
    list: async (path) => (await files.readdir(at(path))).toSorted(),
    describe: async (path) => described(await files.lstat(at(path)), path),
  };
}

function theirs(root: string): Side {
  const at = (path: string) => join(root, path);
  return {
    write: (path, text) => fs.writeFile(at(path), text),
    append: (path, text) => fs.appendFile(at(path), text),
    mkdir: (path) => fs.mkdir(at(path)),
    makeAll: async (path) => void (await fs.mkdir(at(path), { recursive: true })),
    remove: async (path) => ((await fs.lstat(at(path))).isDirectory() ? fs.rmdir(at(path)) : fs.unlink(at(path))),
    removeAll: (path) => fs.rm(at(path), { recursive: true, force: true }),
    rename: (from, to) => fs.rename(at(from), at(to)),
    link: (target, path) => fs.symlink(target, at(path)),
    chmod: (path, mode) => fs.chmod(at(path), mode),
    read: (path) => fs.readFile(at(path), "utf8"),
    list: async (path) => (await fs.readdir(at(path))).toSorted(),
    describe: async (path) => {
      const stat = await fs.lstat(at(path));
      const kind = { isFile: stat.isFile(), isDirectory: stat.isDirectory(), isSymbolicLink: stat.isSymbolicLink() };
      return described({ ...kind, mode: stat.mode & 0o777, size: stat.size }, path);
    },
  };
}

interface Described {
  isFile: boolean;
  isDirectory: boolean;
  isSymbolicLink: boolean;
  mode: number;
  size: number;
}

const described = ({ isFile, isDirectory, isSymbolicLink, mode, size }: Described, path: string) =>
  [
    path,
    isFile && `file of ${size}`,
    isDirectory && "directory",
    isSymbolicLink && "link",
    !isSymbolicLink && mode.toString(8),
  ]
    .filter(Boolean)
    .join(" ");

/** Every path below the root with what it is, and the content of files. */
async function treeOf(side: Side, path = "."): Promise<string[]> {
  const lines = [await side.describe(path)];
  if (lines[0]?.includes("directory"))
    for (const name of await side.list(path)) lines.push(...(await treeOf(side, join(path, name))));
  if (lines[0]?.includes("file of")) lines.push(await side.read(path));
  return lines;
}

/** The outcome: what was read, or the error's code. */
async function attempt(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return (await work()) ?? "done";
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}

const name = fc.constantFrom("a", "b", "c", "d", "e", "one", "two");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const operation = fc.oneof(
  fc.tuple(fc.constantFrom("write" as const, "append" as const), path, fc.string({ maxLength: 5 })),
  fc.tuple(fc.constantFrom("mkdir", "makeAll", "remove", "removeAll", "read", "list", "describe"), path),
  fc.tuple(fc.constant("rename" as const), path, path),
  fc.tuple(fc.constant("link" as const), fc.constantFrom("a", "../c", "b/two", "nowhere", "."), path),
  fc.tuple(fc.constant("chmod" as const), path, fc.constantFrom(0o600, 0o755)),
  fc.tuple(fc.constant("next call" as const)),
);

/** Codes that POSIX leaves open, or that depend on who asks first. */
const sameError = (code: unknown) => {
  const leftOpen = ["EISDIR", "EPERM", "ENOTEMPTY", "EEXIST", "ENOTDIR", "EINVAL", "ENOENT", "ELOOP", "EBUSY"];
  return typeof code === "string" && leftOpen.includes(code) ? "refused" : code;
};

test("it does what a disk does, whatever is done to it, over any number of calls", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 40, size: "max" }), async (operations) => {
      // A link may lead out of the repository, by one directory.
      const above = await mkdtemp(join(tmpdir(), "files-"));
      try {
        await fs.mkdir(join(above, "repo"));
        const disk = theirs(join(above, "repo"));
        for (const [file, text] of Object.entries(base)) {
          await disk.makeAll(join(file, ".."));
          await disk.write(file, text);
        }
        const kept = new Kept();
        let files = open(kept);
        for (const [kind, ...args] of operations) {
          if (kind === "next call") {
            kept.keep(files);
            files = open(kept);
            continue;
          }
          const run = (side: Side) => attempt(() => Reflect.apply(Reflect.get(side, kind), side, args));
          expect([kind, ...args, sameError(await run(ours(files)))]).toEqual([
            kind,
            ...args,
            sameError(await run(disk)),
          ]);
        }
        kept.keep(files);
        expect(await treeOf(ours(open(kept)))).toEqual(await treeOf(disk));
      } finally {
        await rm(above, { recursive: true, force: true });
      }
    }),
    { numRuns: 150 },
  );
});

describe("what it refuses, it refuses by the name that POSIX has for it", () => {
  test.each<[string, (files: RolloutFiles) => Promise<unknown>]>([
    ["ENOENT", (files) => files.readFile("/repo/nothing")],
    ["ENOENT", (files) => files.writeFile("/repo/nothing/file", "")],
    ["ENOTDIR", (files) => files.readFile("/repo/c/file")],
    ["EISDIR", (files) => files.readFile("/repo/a")],
    ["EISDIR", (files) => files.writeFile("/repo/a", "")],
    ["EEXIST", (files) => files.mkdir("/repo/a")],
    ["ENOTEMPTY", (files) => files.rm("/repo/a")],
    ["EINVAL", (files) => files.mv("/repo/a", "/repo/a/b/a")],
    ["EINVAL", (files) => files.readlink("/repo/c")],
    ["ENAMETOOLONG", (files) => files.mkdir(`/repo/${"x/".repeat(limits.workspacePathNames)}`)],
    ["ENOSPC", (files) => files.writeFile("/tmp/big", new Uint8Array(limits.workspaceBytes + 1))],
  ])("%s", async (code, work) => {
    const files = open();
    await expect(work(files)).rejects.toMatchObject({ code, message: expect.stringContaining(code) });
    expect(files.changes()).toEqual(new Map());
  });

  test("ELOOP, for links that lead to each other", async () => {
    const files = open();
    await files.symlink("y", "/tmp/x");
    await files.symlink("x", "/tmp/y");
    await expect(files.readFile("/tmp/x")).rejects.toMatchObject({ code: "ELOOP" });
  });
});

test("listing and looking read no content; reading many fetches what follows together", async () => {
  const many = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`d${at % 7}/f${at}`, `${at}`]));
  const whole = memoryRepository(many);
  const log: (string | readonly string[])[] = [];
  const watched = {
    ...whole,
    read: (file: string) => (log.push(file), whole.read(file)),
    prefetch: (paths: readonly string[]) => (log.push(paths), whole.prefetch(paths)),
  };
  const files = new RolloutFiles(watched, new Kept(), clock);
  for (const file of files.getAllPaths()) await files.lstat(file);
  expect(log).toEqual([]);
  for (const { path: file } of whole.entries) await files.readFile(`/repo/${file}`);
  const fetched = log.filter((entry) => typeof entry !== "string");
  expect(fetched.length).toBe(Math.ceil(600 / limits.filesFetchedAhead));
  expect(new Set(fetched.flat()).size).toBe(600);
});

test("a fault of the repository is kept, whatever a command makes of it", async () => {
  const fault = new Error("down");
  const files = new RolloutFiles({ ...repository, read: () => Promise.reject(fault) }, new Kept(), clock);
  await expect(files.readFile("/repo/c")).rejects.toBe(fault);
  expect(() => files.throwFault()).toThrow(fault);
});

test("devices take everything and give nothing; a copy of one is an empty file", async () => {
  const files = open();
  await files.writeFile("/dev/null", "gone");
  expect(await files.readFile("/dev/null")).toBe("");
  await files.cp("/dev/null", "/repo/empty");
  await files.writeFile("/repo/empty", "kept");
  expect(await files.readFile("/repo/empty")).toBe("kept");
});

test("bytes that are no UTF-8 are kept as they are", async () => {
  const files = open();
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  await files.writeFile("/tmp/all", bytes);
  expect(await files.readFileBuffer("/tmp/all")).toEqual(bytes);
  expect(Array.from(await files.readFile("/tmp/all", "binary"), (char) => char.charCodeAt(0))).toEqual([...bytes]);
});
