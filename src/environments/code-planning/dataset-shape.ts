/** What rows of `code-planning` are, and what can be wrong with them. Pure. */
import * as z from "zod";
import { RepositoryName } from "../../contract/repository.ts";
import { limits } from "../../contract/limits.ts";
import type { JsonObject } from "../../contract/wire.ts";
import type { CheckedRow, DatasetShape, Known } from "../dataset-shape.ts";
import { historySource, swebenchSource } from "./dataset.ts";
import { isMentioned } from "./evidence.ts";
import { planIfAny } from "./item.ts";

export const datasetShape: DatasetShape = {
  sample: "corpus-index/sample-repositories",
  fields: {
    repo: "The repository as owner/name, as it was indexed.",
    base_commit: "The commit that the change is to be made on, as it was indexed.",
    edited_files: "Paths, from the repository's root, of the files that have to be edited: the answer.",
    question: "What was asked; only for reports.",
  },
  sources: [swebenchSource, historySource],
  hasSecondAccounts: false,
  reference,
  sameAnswerFrom: 1,
  given: (item) => repositoryOf(item).repo,
  unit: "repository",
  unitsOf: (item) => [repositoryOf(item).repo].filter(Boolean),
  merge: ([first]) => first,
  checks: [
    {
      name: "many_files",
      trouble: `More than ${limits.datasetEditedFiles} files are to be named.`,
      fix: "drop",
      rule: "Left out: a sweep over a whole repository is no plan, and nobody names all of it.",
      problem: ({ item }) => {
        const size = planIfAny(item)?.edited.size ?? 0;
        return size > limits.datasetEditedFiles ? `${size} files` : undefined;
      },
    },
    {
      name: "no_place",
      trouble: "The row does not say its repository and commit.",
      fix: "drop",
      rule: "Left out: there is nothing to split it by, and nothing to look into.",
      problem: ({ item }) => {
        const { repo, base_commit } = repositoryOf(item);
        if (repo === "" || base_commit === "") return `has no ${repo === "" ? "repo" : "base_commit"}`;
        return RepositoryName.safeParse(repo).success ? undefined : "repo is not owner/name";
      },
    },
    {
      name: "no_commit",
      needs: "commit",
      trouble: "The repository or its commit is not there.",
      fix: "drop",
      rule: "Left out: there is nothing that the agent could look into.",
      problem: noCommit,
    },
    {
      name: "no_file",
      needs: "commit",
      trouble: "A file to be named does not exist at the commit.",
      fix: "drop",
      rule: "Left out: the agent cannot find it, so no answer is paid 1 for what it read.",
      problem: noFile,
    },
    {
      name: "named_in_question",
      trouble: "The question names a file that is to be edited.",
      fix: "tell",
      rule: "Kept: users do so. Such rows are easier, and teach less of searching.",
      problem: ({ question, item }) => {
        const named = [...(planIfAny(item)?.edited ?? [])].filter((path) => isMentioned(path, question));
        return named.length > 0 ? named.join(", ") : undefined;
      },
    },
    {
      name: "new_files",
      trouble: "The change also created files.",
      fix: "tell",
      rule: "Kept: only files that exist at the commit are to be named.",
      problem: ({ item }) => {
        const created = z.array(z.string()).catch([]).parse(item["new_files"]);
        return created.length > 0 ? created.join(", ") : undefined;
      },
    },
  ],
};

const Repository = z.object({ repo: z.string().catch(""), base_commit: z.string().catch("") });
const repositoryOf = (item: JsonObject) => Repository.parse(item);

/** The paths in order, one a line; as JSON where a line cannot hold one. */
export function reference(item: JsonObject): string | undefined {
  const { edited_files: given } = item;
  if (given === undefined || given === null) return undefined;
  const plan = planIfAny(item);
  if (plan === undefined) return JSON.stringify(given);
  const paths = [...plan.edited].toSorted();
  return paths.every((path) => /^[\w./-]+$/.test(path)) ? paths.join("\n") : JSON.stringify(paths);
}

function noCommit({ item }: CheckedRow, known: Known): string | undefined {
  const { repo, base_commit } = repositoryOf(item);
  const found = known.commit?.(repo, base_commit);
  if (found?.state === "no_clone") return `there is no clone of ${repo}`;
  return found?.state === "no_commit" ? `the clone of ${repo} lacks ${base_commit}` : undefined;
}

function noFile({ item }: CheckedRow, known: Known): string | undefined {
  const { repo, base_commit } = repositoryOf(item);
  const found = known.commit?.(repo, base_commit);
  if (found?.state !== "there") return undefined;
  const missing = [...(planIfAny(item)?.edited ?? [])].filter((path) => !found.exists(path));
  return missing.length > 0 ? missing.join(", ") : undefined;
}
