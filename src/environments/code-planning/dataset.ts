/**
 * Where rows of `code-planning` come from: SWE-bench's records (Jimenez, Yang et al., 2023, github.com/SWE-bench/SWE-bench), with
 * the patch that solves each or with its list of files; and the history of a clone, which `edgegym prepare` reads as records of
 * the same form. Pure.
 */
import * as z from "zod";
import type { JsonObject } from "../../contract/wire.ts";
import type { DatasetSource, SourceRow } from "../dataset-source.ts";
import { filesOfPatch } from "./patch.ts";

const Paths = z.array(z.string());

/** `{"instance_id": "owner__name-12", "repo": "owner/name", "base_commit": "d16b…", "problem_statement": "…", "patch": "diff --git …"}` */
export const PlanningRecord = z.object({
  instance_id: z.string().min(1),
  repo: z.string().min(1),
  /** The commit that the change was made on. */
  base_commit: z.string().min(1),
  problem_statement: z.string(),
  /** A unified diff; its files are the answer where there is no list of them. */
  patch: z.string().nullish(),
  /** Files that exist at the commit and were edited, deleted or renamed. */
  edited_files: Paths.nullish(),
  gold_files: Paths.nullish(),
  new_files: Paths.nullish(),
});
export type PlanningRecord = z.infer<typeof PlanningRecord>;

export const swebenchSource: DatasetSource = {
  name: "swebench-jsonl",
  origin: "files",
  files: [],
  recognises: (record) => "problem_statement" in record,
  read,
};

export const historySource: DatasetSource = { ...swebenchSource, name: "git", origin: "history" };

function read(record: JsonObject): SourceRow {
  const parsed = PlanningRecord.safeParse(record);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { ok: false, problem: `is not a SWE-bench record: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}` };
  }
  const { instance_id: id, repo, base_commit, problem_statement } = parsed.data;
  const files = filesOf(parsed.data);
  if (files === undefined)
    return { ok: false, problem: "has neither edited_files, gold_files nor a patch with files in it" };
  const question = problem_statement.trim();
  const item = {
    id,
    question,
    repo,
    base_commit,
    edited_files: files.edited,
    // Nobody can look these up at the commit, so no answer has to name them: what prepare tells of them.
    ...(files.created.length > 0 && { new_files: files.created }),
  };
  return { ok: true, id, question, item, label: { state: "alone" } };
}

function filesOf({ edited_files, gold_files, new_files, patch }: PlanningRecord) {
  const created = new_files ?? [];
  const listed = edited_files ?? gold_files;
  if (!listed) return filesOfPatch(patch ?? "");
  // A list of all files of a change may have the new ones in it.
  return { edited: [...new Set(listed)].filter((path) => !created.includes(path)), created };
}
