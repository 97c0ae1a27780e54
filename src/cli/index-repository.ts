/** `edgegym index --source repo`: a clone at commits, a folder or an archive → repositories as the bucket has them, and into it. */
import { stat } from "node:fs/promises";
import { CommitName, RepositoryName, type RepositoryManifest } from "../contract/repository.ts";
import { CorpusError } from "../corpus/document.ts";
import { buildRepository } from "../corpus/repository/build.ts";
import type { Gathered } from "../corpus/repository/source.ts";
import { repositoriesUpload, upload } from "./bucket.ts";
import { Progress } from "./progress.ts";
import { shown } from "./project.ts";
import { gatherFolder } from "./repository/folder.ts";
import { gatherCommit, isClone, nameOfOrigin, resolveCommit } from "./repository/git.ts";
import { requireOwnStore, storeRepository } from "./repository/store.ts";
import { gatherTarball } from "./repository/tarball.ts";
import { UserError } from "./user-error.ts";

export interface RepositoryOptions {
  /** A clone, a folder, or a .tar, .tar.gz or .tgz file. */
  from: string;
  /** Of a clone any number, by hash, branch or tag (default: HEAD); of a folder or archive at most one, to name its state. */
  commit?: readonly string[];
  /** `owner/name`; a clone may know its own. */
  name?: string;
  out: string;
  local?: boolean;
  upload?: boolean;
}

/** One state of the files: found, and to be read when its turn comes. */
interface Found {
  name: string;
  /** Undefined for one that is named by its content. */
  commit: string | undefined;
  gather: () => Promise<Gathered>;
}

/** Builds, writes, uploads where asked, and prints a line for each commit. @throws UserError for what the user can mend */
export async function indexRepository(options: RepositoryOptions): Promise<void> {
  const manifests = await buildRepositories(options, (line) => console.log(line));
  const built = repositoriesUpload(options.out, manifests);
  if (options.local) await upload([built], {});
  if (options.upload) await upload([built], "remote");
  if (options.local || options.upload) {
    const place = options.upload ? "the bucket on Cloudflare" : "local R2";
    console.log(`${manifests.length === 1 ? "It is" : `All ${manifests.length} are`} in ${place} now.`);
  }
}

/** Writes each state into the folder. @throws UserError */
export async function buildRepositories(
  options: Pick<RepositoryOptions, "from" | "commit" | "name" | "out">,
  say: (line: string) => void,
): Promise<RepositoryManifest[]> {
  const progress = new Progress();
  try {
    await requireOwnStore(options.out);
    const manifests: RepositoryManifest[] = [];
    for (const { name, commit, gather } of await find(options)) {
      const gathered = await gather();
      if (gathered.entries.length === 0) throw new UserError(`${options.from} has no file that can be kept.`);
      const built = await buildRepository(gathered, name, commit, (done, total) =>
        progress.update("packs", done, total),
      );
      const shared = await storeRepository(options.out, built);
      progress.stop();
      say(summary(built.manifest, shared, options.out));
      manifests.push(built.manifest);
    }
    return manifests;
  } catch (error) {
    if (error instanceof CorpusError) throw new UserError(`${options.from}: ${error.message}.`);
    throw error;
  } finally {
    progress.stop();
  }
}

async function find({ from, commit: commits = [], name }: Omit<RepositoryOptions, "out">): Promise<Found[]> {
  const there = await stat(from).catch(() => undefined);
  if (there === undefined) throw new UserError(`${from} does not exist.`);
  if (there.isDirectory() && (await isClone(from))) {
    const named = checkedName(name ?? (await nameOfOrigin(from)));
    const hashes = await Promise.all((commits.length > 0 ? commits : ["HEAD"]).map((at) => resolveCommit(from, at)));
    return [...new Set(hashes)].map((commit) => ({ name: named, commit, gather: () => gatherCommit(from, commit) }));
  }
  if (commits.length > 1) throw new UserError(`${from} is no clone: it has one state, which one --commit may name.`);
  const named = checkedName(name);
  const commit = commits[0] === undefined ? undefined : checkedCommit(commits[0]);
  if (there.isDirectory()) return [{ name: named, commit, gather: () => gatherFolder(from) }];
  const archive = await gatherTarball(from);
  return [{ name: named, commit: commit ?? archive.commit, gather: async () => archive }];
}

function checkedName(name: string | undefined): string {
  if (name === undefined) throw new UserError("The repository's name is not known: give it as --name owner/name.");
  if (RepositoryName.safeParse(name).success) return name;
  throw new UserError(`The name ${JSON.stringify(name)} is not of the form owner/name: give --name.`);
}

function checkedCommit(commit: string): string {
  if (CommitName.safeParse(commit).success) return commit;
  throw new UserError("--commit has to be a commit's hash, or letters, digits, _, . and -, at most 100.");
}

function summary(manifest: RepositoryManifest, shared: number, out: string): string {
  const { name, commit, files, links, packs } = manifest;
  const megabytes = (packs.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1);
  const known = shared > 0 ? `, ${shared} of them there before` : "";
  return [
    `${shown(out)}: ${name} at ${commit}`,
    `  ${files.length} files and ${links.length} links, ${megabytes} MB in ${packs.length} packs${known}`,
    ...leftOut(manifest),
  ].join("\n");
}

/** How much was left out for each reason; which files, the manifest says. */
function leftOut({ left_out, left_out_count }: RepositoryManifest): string[] {
  if (left_out_count === 0) return [];
  const reasons = [...Map.groupBy(left_out, ({ why }) => why)].map(([why, group]) => `${group.length} × ${why}`);
  return [`  left out: ${left_out_count} (${reasons.join(", ")}${left_out_count > left_out.length ? ", …" : ""})`];
}
