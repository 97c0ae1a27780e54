/** Reads a clone's history as records: a commit's message, and what it changed. Never changes the clone, never checks anything out. */
import { basename, dirname, resolve } from "node:path";
import { limits } from "../../contract/limits.ts";
import type { Commit } from "../../environments/code-planning/commits.ts";
import { recordOf } from "../../environments/code-planning/commits.ts";
import { shown } from "../project.ts";
import { git, isClone, nameOfOrigin } from "../repository/git.ts";
import { UserError } from "../user-error.ts";
import { describeFile } from "./files.ts";
import type { Input } from "./inputs.ts";

/**
 * A record for each of the latest commits that HEAD has, with what is wrong with those that make no row. The same history makes the
 * same records wherever the clone lies, if it has an origin: without one, its folder and the one around it name the repository.
 * @throws UserError for a folder that is no clone
 */
export async function readHistory(clone: string): Promise<Input> {
  if (!(await isClone(clone))) throw new UserError(`--from ${shown(clone)}: is no clone of git.`);
  const repo = (await nameOfOrigin(clone)) ?? nameByPlace(clone);
  const log = await git(clone, [...LOG, `--max-count=${limits.datasetCommits}`, "HEAD", "--"]);
  const commits = log.toString().split(startOfCommit).filter(Boolean).map(parseCommit);
  const records = commits.map((commit) => ({ name: `${repo} ${commit.hash.slice(0, 12)}`, ...recordOf(commit, repo) }));
  return { file: describeFile(repo, log), records };
}

/** `owner/name` of a clone in a folder owner, in letters that such names have. */
function nameByPlace(clone: string): string {
  const named = (path: string) =>
    basename(path)
      .replace(/\.git$/, "")
      .replaceAll(/^\W+|[^\w.-]/g, "_") || "local";
  const folder = resolve(clone);
  return `${named(dirname(folder))}/${named(folder)}`;
}

/** What could be set otherwise in a clone or for a user is said here, so that it makes no difference. */
const LOG =
  `-c log.showSignature=false -c diff.renameLimit=1000 -c i18n.logOutputEncoding=UTF-8 log -z --name-status --find-renames
  --no-ext-diff --no-color --no-decorate --format=%x01%H%x02%P%x02%B%x02`.split(/\s+/);

const [START, NEXT] = [String.fromCharCode(1), String.fromCharCode(2)];
/** Not the bare character, which a message may hold. */
const startOfCommit = new RegExp(`${START}(?=[0-9a-f]{40,64}${NEXT})`);

function parseCommit(text: string): Commit {
  const [hash = "", parents = "", ...others] = text.split(NEXT);
  const changes = (others.pop() ?? "")
    .split("\0")
    .map((field) => field.replace(/^\n/, ""))
    .filter(Boolean);
  const commit: Commit = { hash, parents: parents.split(" ").filter(Boolean), message: others.join(""), changes: [] };
  for (let at = 0; at < changes.length;) {
    const status = changes[at++] ?? "";
    const before = changes[at++] ?? "";
    const after = /^[RC]/.test(status) ? changes[at++] : undefined;
    commit.changes.push({ status: status.charAt(0), before, ...(after !== undefined && { after }) });
  }
  return commit;
}
