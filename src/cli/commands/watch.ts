/** `edgegym watch` as a command: its options and what it prints at the end. */
import { Command } from "commander";
import { limits } from "../../contract/limits.ts";
import { interruption } from "../interruption.ts";
import { runName, wholeNumber } from "../option-values.ts";
import { UserError } from "../user-error.ts";
import { screenFor, snapshotText } from "../watch/screen.ts";
import { watchJob, type WatchOptions } from "../watch/watch.ts";

const DESCRIPTION = `Follow a training job: its rewards, tokens and tool calls, what the deployment saw at the same time, checkpoints, and hints.
Draws on a terminal, prints news elsewhere, and writes runs/NAME/watch.html. Started again it goes on where it was. The service's
key comes from OPENAI_API_KEY, the run monitor's from ADMIN_TOKEN; for a worker on this machine also from .dev.vars.
Ends with the job: 0 when it has succeeded, 1 when it failed or was cancelled, 130 after Ctrl-C.`;

export function watchCommand(): Command {
  return new Command("watch")
    .description(DESCRIPTION)
    .option("--name <name>", "of the job's folder in runs/ (default: the only job)", runName)
    .option("--interval <seconds>", "between two looks", wholeNumber(1, 3_600), limits.watchIntervalSeconds)
    .option("--once", "look once and print it: 0, or 1 for a job that failed or is not answered for; writes no page")
    .option("--json", "with --once: print it as JSON and nothing else")
    .action(async ({ json = false, ...options }: WatchOptions & { json?: boolean }) => {
      if (json && !options.once) throw new UserError("--json prints one look: it needs --once.");
      const interrupted = interruption();
      try {
        const screen = screenFor(process.stdout);
        const { snapshot, page, exitCode } = await watchJob(options, { signal: interrupted.signal, screen });
        console.log(json ? JSON.stringify(snapshot) : snapshotText(snapshot, process.stdout));
        if (page !== null) console.log(`\nwritten to ${page}`);
        process.exitCode = exitCode;
      } finally {
        interrupted.stop();
      }
    });
}
