/** `edgegym prepare` as a command: its options and its printed report. */
import { Command } from "commander";
import { auditText } from "../../report/audit-text.ts";
import { numberOrAll, wholeNumber } from "../option-values.ts";
import { prepare, type PrepareOptions } from "../prepare/prepare.ts";
import { Progress } from "../progress.ts";

const DESCRIPTION = `Make the files of a training job from a dataset, split by document or repository, and say what is wrong with its rows.
Writes train.jsonl, val.jsonl, audit.json, audit.html and, last, manifest.json.`;

export function prepareCommand(): Command {
  return new Command("prepare")
    .description(DESCRIPTION)
    .requiredOption("--from <path...>", "files of the source, or folders with some; clones, for --source git")
    .option("--env <name>", "the environment", "finqa")
    .option(
      "--source <kind>",
      "a format of the environment (finqa; swebench-jsonl, git), or jsonl: rows with question and what is graded against",
    )
    .option("--index <dir>", "a built index: is each row's document in it, and does a search find it?")
    .option("--repos <dir>", "clones, as DIR/owner/name or DIR/name: are each row's commit and files in them?")
    .option("--train <rows>", "rows to train on, or all that validation leaves", numberOrAll, 1000)
    .option("--val <rows>", "rows to validate with", wholeNumber(1, 1_000_000), 100)
    .option("--seed <text>", "another seed chooses other documents", "7")
    .option("--fix", "do with each finding what its rule says")
    .option("--strict", "fail when anything is left that a rule speaks of")
    .option("--out <dir>", "where the files go (default: runs/dataset- and the environment's name)")
    .option("--json", "print audit and manifest as one JSON document, and nothing else")
    .action(async (options: PrepareOptions & { json?: boolean }) => {
      const progress = new Progress();
      try {
        const { audit, manifest, files, exitCode } = await prepare(options, progress);
        const report = () => [auditText(audit, { width: process.stdout.columns ?? 80 }), "", ...files].join("\n");
        console.log(options.json ? JSON.stringify({ audit, manifest }) : report());
        process.exitCode = exitCode;
      } finally {
        progress.stop();
      }
    });
}
