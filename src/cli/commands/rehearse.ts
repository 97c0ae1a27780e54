/** `edgegym rehearse` as a command: its options, its printed report and its files. */
import { Command, Option } from "commander";
import type { Rehearsal } from "../../contract/rehearsal.ts";
import { rehearsalText } from "../../report/rehearsal-text.ts";
import { agentNames } from "../rehearse/agents.ts";
import { LOCAL_URL } from "../deployment.ts";
import { namesOf, numberBetween, runName, someText, wholeNumber } from "../option-values.ts";
import { chaosKinds, chaosNames } from "../rehearse/chaos.ts";
import { type Outcome, type RehearseOptions, runRehearsal } from "../rehearse/run.ts";

const DESCRIPTION = `Play a training job's traffic against a deployment, and hold every answer, ledger and score against what was sent.
Tokens come from TRAINER_TOKEN and ADMIN_TOKEN; for a worker on this machine also from .dev.vars.`;

export function rehearseCommand(): Command {
  return new Command("rehearse")
    .description(DESCRIPTION)
    .option("--url <url>", "the deployment", LOCAL_URL)
    .addOption(
      new Option(
        "--own-worker",
        "start a worker for this; with --chaos its storage, objects and process are made to fail too",
      ).conflicts("url"),
    )
    .option("--env <name>", "the environment", "finqa")
    .option("--data <path...>", "dataset files or folders with some (default: the bundled sample)")
    .addOption(new Option("--agent <kind>", "what plays the model").choices(agentNames).default("oracle"))
    .option(
      "--rollouts <number>",
      "rollouts in all (default: 500; of a replay, all ledgers)",
      wholeNumber(1, 1_000_000),
    )
    .option("--copies <number>", "rollouts of the same item (default: 32; of a replay, 1)", wholeNumber(1, 10_000))
    .option("--steps <number>", "bursts that they start in", wholeNumber(1, 10_000), 2)
    .option("--concurrency <number>", "requests under way at most", wholeNumber(1, 10_000), 500)
    .option("--timeout <seconds>", "time for one request", wholeNumber(1, 600), 60)
    .option("--seed <text>", "the same seed makes the same decisions and the same trouble", someText, "1")
    .option("--chaos [kinds]", `make trouble: all, or some of ${chaosNames.join(", ")}`, namesOf(chaosNames))
    .option("--chaos-rate <share>", "how often each kind strikes where it can", numberBetween(0, 1), 0.1)
    .option("--error-rate <share>", "how often the oracle answers wrongly", numberBetween(0, 1), 0.4)
    .option("--ledgers <path>", "recorded ledgers, for --agent replay: a folder of .json files, or a .jsonl file")
    .option("--model <name>", "for --agent model; the key is OPENAI_API_KEY")
    .option("--base-url <url>", "for --agent model, instead of OPENAI_BASE_URL")
    .option("--reasoning-effort <effort>", "for --agent model")
    .option("--run <name>", "the name that the ledgers are kept under (default: rehearsal- and the time)", runName)
    .option("--out <dir>", "where rehearsal.json and rehearsal.html go (default: runs/ and the run's name)")
    .option("--json", "print rehearsal.json and nothing else")
    .addHelpText("after", `\nChaos:\n${chaosNames.map((name) => `  ${name.padEnd(22)}${chaosKinds[name]}`).join("\n")}`)
    .action(async (given: Omit<RehearseOptions, "command"> & { json?: boolean }) => {
      const command = ["npm", "run", "edgegym", "--", ...process.argv.slice(2)];
      const { rehearsal, files, exitCode } = await runRehearsal({ ...given, command });
      if (given.json) console.log(JSON.stringify(rehearsal));
      else console.log(printed(rehearsal, files));
      process.exitCode = exitCode;
    });
}

function printed(rehearsal: Rehearsal, files: Outcome["files"]): string {
  return `${rehearsalText(rehearsal, { width: process.stdout.columns ?? 80 })}\n\n${files.join("\n")}`;
}
