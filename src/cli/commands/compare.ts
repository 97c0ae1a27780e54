/** `edgegym compare` as a command: its options and what it prints. */
import { Command } from "commander";
import { comparisonText } from "../../report/comparison/text.ts";
import { type CompareOptions, type Outcome, runCompare } from "../compare/compare.ts";
import { runName } from "../option-values.ts";
import { Progress } from "../progress.ts";

const DESCRIPTION = `Say what differs between results on the same items, as before and after training, and what of it is more than chance.
Takes what edgegym baseline wrote: names of folders in runs/, or paths. The first is what the others are held against.`;

export function compareCommand(): Command {
  return new Command("compare")
    .description(DESCRIPTION)
    .argument("<results...>", "two to four results, as BEFORE AFTER")
    .option("--name <name>", "of the folder in runs/ (default: compare-BEFORE-vs-AFTER)", runName)
    .option("--other-grader", "compare although the grader's code is not the same")
    .option("--fail-if-worse", "exit with 1 when a score is worse beyond chance, to gate a checkpoint")
    .option("--json", "print comparison.json and nothing else")
    .action(async (results: string[], given: Omit<CompareOptions, "command" | "results"> & { json?: boolean }) => {
      const progress = new Progress();
      try {
        const command = ["npm", "run", "edgegym", "--", ...process.argv.slice(2)];
        const outcome = await runCompare({ ...given, results, command }, progress);
        progress.stop();
        console.log(given.json ? JSON.stringify(outcome.comparison) : printed(outcome));
        process.exitCode = outcome.exitCode;
      } finally {
        progress.stop();
      }
    });
}

function printed({ comparison, folder, files }: Outcome): string {
  const text = comparisonText(comparison, { width: process.stdout.columns ?? 80 });
  return `${text}\n\nwritten to ${folder}: ${files.join(", ")}`;
}
