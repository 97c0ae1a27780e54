import { Command } from "commander";
import { requireEnvironment } from "../agents/cast.ts";
import { checkGrader } from "../check-grader.ts";

export function checkGraderCommand(): Command {
  return new Command("check-grader")
    .description(
      "Grade every reference answer of a dataset against itself. Each must score 1; those that do not are listed, with the reason.",
    )
    .requiredOption("--data <path...>", "dataset files, or folders with FinQA's files or files of rows (.jsonl)")
    .option("--env <name>", "the environment", "finqa")
    .action(async ({ env, data }: { env: string; data: string[] }) => {
      const { report, exitCode } = await checkGrader({ environment: requireEnvironment(env), data });
      console.log(report);
      process.exitCode = exitCode;
    });
}
