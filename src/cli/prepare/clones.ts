/** Looks a dataset's commits and files up in local clones, before its rows are checked. Never changes a clone, never fetches. */
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { Known, KnownCommit } from "../../environments/dataset-shape.ts";
import { isRepositoryPath } from "../../grading/repository-path.ts";
import { inParallel } from "../in-parallel.ts";
import type { Progress } from "../progress.ts";
import { git, isClone, resolveCommit } from "../repository/git.ts";
import { UserError } from "../user-error.ts";
import type { Row } from "./rows.ts";

const Place = z.object({
  repo: z.string().catch(""),
  base_commit: z.string().catch(""),
  edited_files: z.array(z.string()).catch([]),
});

/** Names of a repository and of a commit that can be looked up at all: neither leaves the folder, nor is an option of git. */
const repositoryName = /^(?!.*(?:^|\/)\.)[\w.-]+(?:\/[\w.-]+)*$/;
const commitName = /^\w[\w.-]{0,99}$/;

/**
 * What is known of each row's commit. A clone of `owner/name` is DIR/owner/name, DIR/owner__name or DIR/name, bare or not.
 * @throws UserError when there is no such folder, or no git
 */
export async function knownCommits(
  folder: string,
  rows: readonly Row[],
  progress: Progress,
): Promise<NonNullable<Known["commit"]>> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new UserError(`--repos ${folder}: is not a folder.`);
  // Without the program everything would seem to be missing.
  await git(folder, ["--version"]);
  const groups = Map.groupBy(
    rows.map(({ item }) => Place.parse(item)),
    keyOf,
  );
  const known = new Map<string, KnownCommit>();
  const clones = new Map<string, Promise<string | undefined>>();
  const look = async ([key, places]: [string, z.infer<typeof Place>[]]) => {
    const { repo = "", base_commit = "" } = places[0] ?? {};
    const clone = clones.get(repo) ?? findClone(folder, repo);
    clones.set(repo, clone);
    known.set(key, await lookUp(await clone, base_commit, [...new Set(places.flatMap((place) => place.edited_files))]));
    progress.update("look up commits", known.size, groups.size);
  };
  await inParallel(groups, availableParallelism(), new AbortController().signal, look);
  return (repo, base_commit) => known.get(keyOf({ repo, base_commit })) ?? { state: "no_commit" };
}

const keyOf = ({ repo, base_commit }: { repo: string; base_commit: string }) => JSON.stringify([repo, base_commit]);

async function findClone(folder: string, repo: string): Promise<string | undefined> {
  if (!repositoryName.test(repo)) return undefined;
  const names = [repo, repo.replaceAll("/", "__"), repo.slice(repo.lastIndexOf("/") + 1)];
  for (const path of names.flatMap((name) => [join(folder, name), join(folder, `${name}.git`)])) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
    if (isFolder && (await isClone(path))) return path;
  }
  return undefined;
}

async function lookUp(clone: string | undefined, commit: string, paths: readonly string[]): Promise<KnownCommit> {
  if (clone === undefined) return { state: "no_clone" };
  if (!commitName.test(commit)) return { state: "no_commit" };
  const hash = await resolveCommit(clone, commit).catch(() => undefined);
  if (hash === undefined) return { state: "no_commit" };
  const files = new Set<string>();
  const askable = paths.filter(isRepositoryPath);
  for (let at = 0; at < askable.length; at += ASKED_AT_ONCE) {
    const asked = askable.slice(at, at + ASKED_AT_ONCE);
    const listed = await git(clone, ["--literal-pathspecs", "ls-tree", "-z", "--full-tree", hash, "--", ...asked]);
    for (const entry of listed.toString().split("\0")) for (const path of fileOf(entry)) files.add(path);
  }
  return { state: "there", exists: (path) => files.has(path) };
}

/** Paths on one command line, which systems bound. */
const ASKED_AT_ONCE = 200;

/** The path in `100644 blob d16b… TAB src/a.ts`; none of what is a directory or a submodule. */
function fileOf(entry: string): string[] {
  const [, path] = /^\d+ blob \w+\t([^]+)$/.exec(entry) ?? [];
  return path === undefined ? [] : [path];
}
