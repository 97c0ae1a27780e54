/** Which commits of a repository's history make an item, and which: what was wanted, and the files that were changed for it. Pure. */
import { limits } from "../../contract/limits.ts";
import type { JsonObject } from "../../contract/wire.ts";
import type { PlanningRecord } from "./dataset.ts";

export interface Commit {
  hash: string;
  parents: string[];
  message: string;
  changes: Change[];
}

/** As `git log --name-status` tells it: "M", "A", "D", "T", "R" (from `before` to `after`), "C". */
interface Change {
  status: string;
  before: string;
  after?: string;
}

/** The record of a commit, in the form of SWE-bench's; or why it makes none, as the rest of a sentence about it. */
export function recordOf(commit: Commit, repo: string): { record: JsonObject } | { problem: string } {
  const { hash, parents, message, changes } = commit;
  const [parent] = parents;
  if (parents.length > 1) return { problem: "is a merge" };
  if (parent === undefined) return { problem: "is the first commit, with nothing before it" };
  if (/^This reverts commit [0-9a-f]{7,}/m.test(message))
    return { problem: "is a revert: its message says nothing of what is wanted" };
  const statement = wanted(message);
  if (wordsIn(statement) < limits.datasetMessageWords)
    return { problem: `has a message of fewer than ${limits.datasetMessageWords} words` };
  const counted = changes.filter(({ before }) => !isByTheWay(before));
  const created = counted.flatMap(({ status, before, after }) => (/[AC]/.test(status) ? [after ?? before] : []));
  const edited = counted.flatMap(({ status, before }) => (/[AC]/.test(status) ? [] : [before]));
  if (edited.length === 0)
    return { problem: "edits no file that existed before it, lock files and vendored code aside" };
  if (edited.length > limits.datasetEditedFiles)
    return { problem: `edits ${edited.length} files: a sweep, not a plan` };
  const record: PlanningRecord = {
    instance_id: `${repo.replaceAll("/", "__")}-${hash.slice(0, 12)}`,
    repo,
    base_commit: parent,
    problem_statement: statement,
    edited_files: edited,
    new_files: created,
  };
  return { record };
}

/** People and numbers of a commit, which say nothing of what was wanted: `Signed-off-by: …`, ` (#123)`, a merge's own id. */
const trailer = /^(?:[A-Z][a-z]+(?:-[a-z]+)+|Change-Id|Cc|PR-URL|Bug): .*$/gim;

function wanted(message: string): string {
  return message
    .replaceAll(trailer, "")
    .replaceAll(/ ?\(#\d+\)/g, "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

const wordsIn = (text: string) => text.match(/\p{L}[\p{L}\p{N}_'-]*/gu)?.length ?? 0;

const LOCKS: ReadonlySet<string> = new Set(
  `package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock Cargo.lock go.sum go.work.sum poetry.lock
  uv.lock pdm.lock Pipfile.lock Gemfile.lock composer.lock Podfile.lock mix.lock flake.lock packages.lock.json gradle.lockfile`.split(
    /\s+/,
  ),
);
const VENDORED = /(?:^|\/)(?:node_modules|vendor|vendored|_vendor|third[_-]?party|bower_components)\//;

/** What tools write, and other projects' code: nobody plans to edit it. */
export function isByTheWay(path: string): boolean {
  return LOCKS.has(path.slice(path.lastIndexOf("/") + 1)) || VENDORED.test(path) || /\.min\.(?:js|css)$/.test(path);
}
