import { Command, Option } from "commander";
import { LOCAL_URL } from "../deployment.ts";
import { exportedStatuses, exportLedgers, type ExportOptions } from "../export-ledgers.ts";
import { runName, wholeNumber } from "../option-values.ts";
import { listRuns, type RebuildOptions, rebuildRun, type RunsOptions, showRun } from "../runs.ts";

export function runsCommand(): Command {
  return new Command("runs")
    .description("Look at the runs of a deployment; fetch a run's ledgers; rebuild a run from its archive.")
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(showCommand())
    .addCommand(ledgersCommand())
    .addCommand(rebuildCommand());
}

const urlOption = () => new Option("--url <url>", "the deployment (ADMIN_TOKEN in the environment)").default(LOCAL_URL);

/** Of the terminal; where there is none, what mails and logs show. */
const width = () => process.stdout.columns ?? 80;

function listCommand(): Command {
  return new Command("list")
    .description("The latest runs.")
    .addOption(urlOption())
    .option("--json", "the answer as it came")
    .action(async (options: Omit<RunsOptions, "width">) => console.log(await listRuns({ ...options, width: width() })));
}

function showCommand(): Command {
  return new Command("show")
    .description("One run: where its rollouts stand, scores, calls, faults, latencies, alarms.")
    .argument("<run>", "its name, as in X-Run", runName)
    .addOption(urlOption())
    .option("--json", "the answer as it came")
    .action(async (run: string, options: Omit<RunsOptions, "width">) =>
      console.log(await showRun(run, { ...options, width: width() })),
    );
}

function ledgersCommand(): Command {
  return new Command("ledgers")
    .description(
      "Fetch the ledgers of a run's finished rollouts to a file, for rehearse --agent replay. Adds what the file lacks; safe to repeat and to interrupt.",
    )
    .argument("<run>", "its name, as in X-Run", runName)
    .requiredOption("--out <file>", "a .jsonl file, a ledger a line")
    .addOption(urlOption())
    .addOption(new Option("--status <status>", "only rollouts that stand there").choices(exportedStatuses))
    .option("--limit <number>", "only the latest opened, so many", wholeNumber(1, 1_000_000))
    .action(async (run: string, options: Omit<ExportOptions, "run">) => {
      const { text, exitCode } = await exportLedgers({ ...options, run });
      console.log(text);
      process.exitCode = exitCode;
    });
}

function rebuildCommand(): Command {
  return new Command("rebuild")
    .description("Count a run anew from its archived ledgers. Safe to repeat and to interrupt.")
    .requiredOption("--run <name>", "its name, as in X-Run", runName)
    .addOption(urlOption())
    .option("--cursor <text>", "where an earlier rebuild broke off; it says so")
    .action(async (options: RebuildOptions) => console.log(await rebuildRun(options)));
}
