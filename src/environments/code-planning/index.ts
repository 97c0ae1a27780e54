/** The planning step of a coding agent: given a request and a repository, find the files that have to be edited. */
import * as z from "zod";
import { limits } from "../../contract/limits.ts";
import { FileListSchema } from "../../grading/file-list.ts";
import type { Environment } from "../environment.ts";
import { attackTarget } from "./attack-target.ts";
import { datasetShape } from "./dataset-shape.ts";
import { evidence } from "./evidence.ts";
import { grade } from "./grader.ts";
import { workspaceOf } from "./item.ts";
import { Options } from "./options.ts";
import { rehearsal } from "./rehearsal.ts";
import { readFile } from "./tools/read-file.ts";
import { shell } from "./tools/shell.ts";

const { $schema: _, ...schema } = z.toJSONSchema(FileListSchema);

export const codePlanning: Environment<typeof Options> = {
  name: "code-planning",
  description: "Name the files of a repository that have to be edited for a user's request.",
  prompt: `You plan changes to a repository. The user describes a problem or a wish; you find out which of the repository's files have to be
edited for it. The repository is in the working directory. Explore it with at most ${limits.planningCalls} tool calls in all: shell runs a command
there, read_file shows a file with its line numbers. Make several calls at once where none needs another's answer. You may change files to try
something out: nobody else sees it, and nothing of it counts.
Name each file that exists now and has to be edited, moved or deleted, by its path from the repository's root. Do not name files that would be
new, files that you only read, or more than you need: each wrong file lowers the score.
Your final answer is only the list, as JSON: {"files": ["src/first.ts", "src/second.ts"]}. No words before or after.`,
  answerFormat: { name: "files_to_edit", schema },
  workspace: workspaceOf,
  callsPerRollout: limits.planningCalls,
  outputCharacters: limits.outputCharacters,
  tools: [shell, readFile],
  options: Options,
  grade,
  evidence,
  dataset: datasetShape,
  rehearsal,
  attackTarget,
};
