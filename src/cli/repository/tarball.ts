/**
 * The files and links of a tar archive, plain or compressed by gzip, as npm and GitHub make them. Nothing is unpacked to disk, and
 * nothing in it is trusted: a damaged archive is refused, an entry that no repository has is left out.
 */
import { createReadStream } from "node:fs";
import { Parser, type ReadEntry } from "tar";
import { pathFault } from "../../corpus/document.ts";
import { type Gathered, Gathering } from "../../corpus/repository/source.ts";
import { isSystemError, messageOf, UserError } from "../user-error.ts";

export interface Archive extends Gathered {
  /** The commit that `git archive`, and so GitHub, writes into an archive. */
  commit: string | undefined;
}

const OWNER_EXECUTES = 0o100;
const FILES = new Set<ReadEntry["type"]>(["File", "OldFile", "ContiguousFile"]);

/** @throws UserError when it is no archive or a damaged one, CorpusError when it is too large a repository */
export async function gatherTarball(file: string): Promise<Archive> {
  const top = await topFolder(file);
  const gathering = new Gathering();
  let commit: string | undefined;
  await readArchive(file, (entry) => {
    commit ??= /^[0-9a-f]{40}$/.exec(entry.globalExtended?.comment ?? "")?.[0];
    const path = pathIn(entry);
    gather(gathering, entry, path.startsWith(top) ? path.slice(top.length) : path);
  });
  return { ...gathering.finish(), commit };
}

function gather(gathering: Gathering, entry: ReadEntry, path: string): void {
  const { type, linkpath = "", size, mode = 0 } = entry;
  if (type === "Directory") return;
  if (type === "SymbolicLink") return gathering.add({ kind: "link", path, target: linkpath });
  if (type === "Link") return gathering.leaveOut(path, null, "a hard link");
  if (!FILES.has(type)) return gathering.leaveOut(path, null, "neither a file nor a link");
  if (/(^|\/)GNUSparseFile\./.test(path)) return gathering.leaveOut(path, null, "a sparse file");
  if (!gathering.wants(path, size)) return;
  const content = new Uint8Array(size);
  let at = 0;
  entry.on("data", (chunk: Buffer) => {
    content.set(chunk, at);
    at += chunk.length;
  });
  entry.on("end", () => gathering.add({ kind: "file", path, content, executable: (mode & OWNER_EXECUTES) !== 0 }));
}

/** The folder that all of an archive is in, with its "/", as `package/`; "" when there is none. */
async function topFolder(file: string): Promise<string> {
  const tops = new Set<string>();
  await readArchive(file, (entry) => {
    const path = pathIn(entry);
    if (entry.type !== "Directory" && pathFault(path) === undefined) tops.add(path.slice(0, path.indexOf("/") + 1));
  });
  const [top = ""] = tops;
  return tops.size === 1 ? top : "";
}

function pathIn({ path }: ReadEntry): string {
  return path.replace(/^(\.\/+)+/, "");
}

/** Calls `use` with each entry; the content comes after, as the entry's events. */
async function readArchive(file: string, use: (entry: ReadEntry) => void): Promise<void> {
  const parser = new Parser({ strict: true });
  /** What happened first within the parser, which would go on. */
  const failures: unknown[] = [];
  const attempt = (work: () => void) => {
    try {
      if (failures.length === 0) work();
    } catch (error) {
      failures.push(error);
    }
  };
  parser.on("error", (error) => failures.push(refusal(file, error)));
  for (const event of ["entry", "ignoredEntry"])
    parser.on(event, (entry: ReadEntry) => {
      attempt(() => use(entry));
      entry.resume();
    });
  const ended = new Promise((resolve) => parser.on("end", resolve));
  let isWhole = false;
  parser.on("eof", () => (isWhole = true));
  for await (const chunk of createReadStream(file)) {
    attempt(() => parser.write(chunk));
    if (failures.length > 0) break;
  }
  attempt(() => parser.end());
  if (failures.length === 0) await ended;
  if (failures.length > 0) throw failures[0];
  if (!isWhole) throw refusal(file, "it ends early");
}

function refusal(file: string, error: unknown): unknown {
  if (isSystemError(error)) return error;
  return new UserError(`${file} is no tar archive, or a damaged one: ${messageOf(error)}`);
}
