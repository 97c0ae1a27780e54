/** What a row of `code-planning` says. Pure. */
import * as z from "zod";
import { Fault } from "../../contract/failure.ts";
import { limits } from "../../contract/limits.ts";
import type { JsonObject } from "../../contract/wire.ts";
import { isRepositoryPath } from "../../grading/repository-path.ts";
import { REPOSITORY_ROOT } from "../workspace/paths.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * `{"id": "tidylog-3", "question": "Long lines …", "repo": "sample/tidylog", "base_commit": "2f1c…", "edited_files": ["src/wrap.ts"]}`.
 * The paths are those of files that exist at the commit, from the repository's root.
 */
const Item = z.object({
  repo: z.string().catch(""),
  question: z.string().catch(""),
  edited_files: z.unknown().optional(),
});

export interface Plan {
  /** As `owner/name`; "" where the row does not say it. */
  repo: string;
  /** What was asked; "" where the row does not say it. */
  question: string;
  edited: ReadonlySet<string>;
}

/** @throws Fault("item") for a row without a usable list, naming the field and the reason and no path */
export function planOf(item: JsonObject): Plan {
  const { repo, question, edited_files } = Item.parse(item);
  return { repo, question, edited: editedFiles(edited_files) };
}

/** As `planOf`, but undefined for a row that cannot be graded. */
export function planIfAny(item: JsonObject): Plan | undefined {
  try {
    return planOf(item);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function editedFiles(given: unknown): ReadonlySet<string> {
  if (given === undefined || given === null) throw unusable("is missing");
  const paths = z.array(z.string()).safeParse(given);
  if (!paths.success) throw unusable("is not a list of paths");
  const edited = new Set(paths.data);
  if (edited.size === 0) throw unusable("is empty");
  if (edited.size > limits.answerFiles)
    throw unusable(`has more than ${limits.answerFiles} paths, which no answer may name`);
  if (![...edited].every(isRepositoryPath)) throw unusable("has an entry that is no path from the repository's root");
  return edited;
}

const unusable = (reason: string) => new Fault("item", `item.edited_files ${reason}`);

const Place = z.object({ repo: z.string().min(1), base_commit: z.string().min(1) });

/** The repository and commit that the tools work in. @throws Fault("item") for a row that does not say them */
export function workspaceOf(item: JsonObject): Workspace {
  const place = Place.safeParse(item);
  if (place.success) return { repository: place.data.repo, commit: place.data.base_commit };
  throw new Fault("item", `item.${String(place.error.issues[0]?.path[0])} is missing, or no text`);
}

/**
 * What may stand before a path: where it stands in the filesystem, and the repository's name; not where a right path itself
 * begins like that. A "/" in front is no part of a path anyway.
 */
export function rootsOf({ repo, edited }: Pick<Plan, "repo" | "edited">): string[] {
  const named = `${repo}/`;
  const isPath = repo === "" || [...edited].some((path) => path.startsWith(named));
  return [`${REPOSITORY_ROOT}/`, ...(isPath ? [] : [named])];
}
