import { Command, Option } from "commander";
import { wholeNumber } from "../option-values.ts";
import { start, type StartOptions } from "../start.ts";

export function startCommand(): Command {
  return new Command("start")
    .description("Serve tools and grader on this machine, in the real runtime.")
    .option("--data <dir>", "FinQA's files or a checkout of its repository (default: the bundled sample)")
    .addOption(new Option("--index <dir>", "a built index, served as it is").conflicts("data"))
    .option("--port <number>", "port on 127.0.0.1", wholeNumber(1, 65_535), 8787)
    .option("--persist-to <dir>", "where local R2 and Durable Objects are kept (default: .wrangler/state)")
    .action(async (options: StartOptions) => {
      process.exitCode = await start(options);
    });
}
