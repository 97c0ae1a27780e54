/** `edgegym train` as a command: its options and what it prints. */
import { Command, InvalidArgumentError, Option } from "commander";
import { JobHyperparameters } from "../../contract/fine-tuning.ts";
import { PreflightName, preflightNames, type TrainReport } from "../../contract/preflight.ts";
import { preflightText } from "../../report/preflight-text.ts";
import { LOCAL_URL } from "../deployment.ts";
import { numberBetween, runName, someText, wholeNumber } from "../option-values.ts";
import { inProject, shown } from "../project.ts";
import { MOST_TURNS } from "../rollouts/thinking.ts";
import type { TrainOptions } from "../train/options.ts";
import { graderNames } from "../train/request.ts";
import { train } from "../train/train.ts";

const DESCRIPTION = `Begin a training job: looks at all that it rests on, uploads the files, creates the job once.
Keys and tokens come from OPENAI_API_KEY, TRAINER_TOKEN and ADMIN_TOKEN; for a worker on this machine also from .dev.vars.`;

const SERVICES = `
Services, by --base-url:
  Microsoft Foundry (Azure OpenAI)  https://RESOURCE.openai.azure.com/openai/v1/
  OpenAI                            https://api.openai.com/v1 (closing: no new jobs after 2027-01-06; o4-mini shut on 2026-10-23)
  on this machine, to try all this  what edgegym platform prints

What is looked at first, as --skip names it: ${preflightNames.join(", ")}.`;

const EFFORTS = JobHyperparameters.shape.reasoning_effort.unwrap().options;

export function trainCommand(): Command {
  return new Command("train")
    .description(DESCRIPTION)
    .option("--data <folder>", "a folder that edgegym prepare wrote")
    .option("--train <file>", "instead of --data: the rows to train with")
    .option("--val <file>", "instead of --data: the rows to validate with")
    .requiredOption("--model <name>", "the model to train", someText)
    .option("--base-url <url>", "the trainer's service, instead of OPENAI_BASE_URL")
    .option("--url <url>", "the deployment with the tools and the grader", LOCAL_URL)
    .option("--env <name>", "the environment", "finqa")
    .addOption(
      new Option("--grader <kind>", "the deployment's own, a model as the judge, or half of each")
        .choices(graderNames)
        .default("endpoint"),
    )
    .option("--judge-model <name>", "for --grader model and multi", someText)
    .option("--epochs <number>", "times that every row is trained with", wholeNumber(1, 1_000))
    .option("--batch <number>", "rows of a step", wholeNumber(1, 10_000))
    .option("--compute-multiplier <number>", "more rollouts of each row", numberBetween(0.001, 1_000))
    .option("--learning-rate-multiplier <number>", "of the service's own rate", numberBetween(0.000_001, 1_000))
    .addOption(new Option("--reasoning-effort <effort>", "of the model's rollouts").choices(EFFORTS))
    .option("--eval-interval <number>", "steps between two validations", wholeNumber(1, 100_000))
    .option("--eval-samples <number>", "rollouts of each validation row", wholeNumber(1, 1_000))
    .option("--max-steps <number>", "turns of a rollout at most", wholeNumber(1, 1_000), MOST_TURNS)
    .option("--seed <number>", "of the service's own draws", wholeNumber(0, 2 ** 31 - 1))
    .option("--suffix <text>", "a part of the trained model's name", suffix)
    .option("--name <name>", "of the job and of its run (default: train- and the model)", runName)
    .option("--skip <check=reason...>", "leave a check out, and say why", skips)
    .option("--dry-run", "look at everything and print the exact request; upload and create nothing")
    .option("--create-again", "after a creation without an answer, when the service has no job of it for sure")
    .option("--json", "print one JSON document and nothing else")
    .addHelpText("after", SERVICES)
    .action(async (given: Omit<TrainOptions, "command"> & { json?: boolean }) => {
      const command = ["npm", "run", "edgegym", "--", ...process.argv.slice(2)];
      // What a dry run prints is the request, to be kept as it is.
      const print = given.dryRun ? console.error : console.log;
      const { report, exitCode } = await train({ ...given, command }, (checks) => {
        if (!given.json) print(`${preflightText(checks, { width: process.stdout.columns ?? 80 })}\n`);
      });
      const text = given.json ? JSON.stringify(report) : printed(report);
      if (text !== "") console.log(text);
      process.exitCode = exitCode;
    });
}

function printed({ result, request, name, job, status }: TrainReport): string {
  const where = shown(inProject("runs", name, "job.json"));
  const is = `the job ${name}: ${job?.job_id ?? ""}${status === null ? "" : `, ${status}`}`;
  switch (result) {
    case "dry_run":
      return JSON.stringify(request, null, 2);
    case "refused":
      return "Nothing was uploaded or created.";
    case "created":
      return `Created ${is}\nwritten to ${where}. See it with: npm run edgegym -- watch --name ${name}`;
    case "adopted":
      return `An earlier start had created ${is}\nIt is kept in ${where}; nothing was created now.`;
    case "exists":
      return `There is already ${is}\nNothing was created. Another job needs another --name.`;
  }
}

function suffix(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('It has to be letters, digits, ".", "_" and "-", at most 64.');
}

/** `attack=the grader is another team's`; each adds to those before. */
function skips(text: string, before: ReadonlyMap<PreflightName, string> = new Map()): Map<PreflightName, string> {
  const [name = "", ...words] = text.split("=");
  const known = PreflightName.safeParse(name.trim());
  const reason = words.join("=").trim();
  if (known.success && reason !== "") return new Map([...before, [known.data, reason]]);
  throw new InvalidArgumentError(`It has to be CHECK=REASON, with a check of: ${preflightNames.join(", ")}.`);
}
