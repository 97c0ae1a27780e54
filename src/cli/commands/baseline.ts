/** `edgegym baseline` as a command: its options and what it prints. */
import { Command, Option } from "commander";
import { limits } from "../../contract/limits.ts";
import { baselineText } from "../../report/baseline/text.ts";
import { agentNames, type BaselineOptions, type Outcome, runBaseline } from "../baseline/baseline.ts";
import { LOCAL_URL } from "../deployment.ts";
import { numberBetween, numberOrAll, runName, tokenPrices, wholeNumber } from "../option-values.ts";
import { demoJob } from "../plan/job.ts";

const DESCRIPTION = `Say how good a model is before it is trained, and whether it can learn: plays each item several times against a deployment.
Started again it goes on where it was. Tokens come from TRAINER_TOKEN and ADMIN_TOKEN; for a worker on this machine also from .dev.vars.`;

export function baselineCommand(): Command {
  return new Command("baseline")
    .description(DESCRIPTION)
    .requiredOption("--data <path...>", "dataset files, or folders with such")
    .option("--url <url>", "the deployment", LOCAL_URL)
    .option("--env <name>", "the environment", "finqa")
    .addOption(
      new Option("--agent <kind>", "what plays: a model, or a stand-in to try the endpoints with")
        .choices(agentNames)
        .default("model"),
    )
    .option("--model <name>", "for --agent model; the key is OPENAI_API_KEY")
    .option("--base-url <url>", "for --agent model, instead of OPENAI_BASE_URL")
    .option("--reasoning-effort <effort>", "for --agent model")
    .option("--job <name>", "instead of --model: what a training job of this name made of its model", runName)
    .option("--checkpoint <step>", "with --job: the model as it was after this step", wholeNumber(0, 1_000_000))
    .option("--error-rate <share>", "for --agent oracle: how often it answers wrongly", numberBetween(0, 1), 0.4)
    .option("--runs <number>", "attempts at each item", wholeNumber(1, 100), limits.readinessAttempts)
    .addOption(
      new Option("--items <number>", "how many items, drawn by the seed, or all")
        .argParser(numberOrAll)
        .default(Infinity, "all"),
    )
    .option("--seed <text>", "another seed draws other items", "1")
    .option("--concurrency <number>", "rollouts at a time", wholeNumber(1, 1_000), limits.baselineConcurrency)
    .option("--timeout <seconds>", "time for one request", wholeNumber(1, 600), 60)
    .option("--prices <prices>", "of a million tokens, as input=1.10,cached=0.275,output=4.40", tokenPrices)
    .option(
      "--copies <number>",
      "for the forecast: rollouts of an item in a step, with compute multiplier 1",
      wholeNumber(2, 10_000),
      demoJob.copies,
    )
    .option("--attack <file>", "what edgegym attack --json printed, for the verdict")
    .option("--name <name>", "of the folder in runs/ and of the run (default: baseline- and the model)", runName)
    .option("--fresh", "begin anew: results of that name are lost")
    .option("--json", "print baseline.json and nothing else")
    .action(async (given: Omit<BaselineOptions, "command"> & { json?: boolean }) => {
      const command = ["npm", "run", "edgegym", "--", ...process.argv.slice(2)];
      const outcome = await runBaseline({ ...given, command });
      console.log(given.json ? JSON.stringify(outcome.baseline) : printed(outcome));
      process.exitCode = outcome.exitCode;
    });
}

function printed({ baseline, folder, files }: Outcome): string {
  const text = baselineText(baseline, { width: process.stdout.columns ?? 80 });
  return `${text}\n\nwritten to ${folder}: ${files.join(", ")}`;
}
