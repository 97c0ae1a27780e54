import { Command, Option } from "commander";
import { LOCAL_URL } from "../deployment.ts";
import { listRuns, type RebuildOptions, rebuildRun, type RunsOptions, showRun } from "../runs.ts";

export function runsCommand(): Command {
  return new Command("runs")
    .description("Look at the runs of a deployment; rebuild one from its archive.")
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(showCommand())
    .addCommand(rebuildCommand());
}

const urlOption = () => new Option("--url <url>", "the deployment (ADMIN_TOKEN in the environment)").default(LOCAL_URL);

function listCommand(): Command {
  return new Command("list")
    .description("The latest runs.")
    .addOption(urlOption())
    .option("--json", "the answer as it came")
    .action(async (options: RunsOptions) => console.log(await listRuns(options)));
}

function showCommand(): Command {
  return new Command("show")
    .description("One run: where its rollouts stand, scores, calls, faults, latencies, alarms.")
    .argument("<run>", "its name, as in X-Run")
    .addOption(urlOption())
    .option("--json", "the answer as it came")
    .action(async (run: string, options: RunsOptions) => console.log(await showRun(run, options)));
}

function rebuildCommand(): Command {
  return new Command("rebuild")
    .description("Count a run anew from its archived ledgers. Safe to repeat and to interrupt.")
    .requiredOption("--run <name>", "its name, as in X-Run")
    .addOption(urlOption())
    .option("--cursor <text>", "where an earlier rebuild broke off; it says so")
    .action(async (options: RebuildOptions) => console.log(await rebuildRun(options)));
}
