import { Command, Option } from "commander";
import { limits } from "../../contract/limits.ts";
import { environments } from "../../environments/index.ts";
import { attack, type AttackOptions } from "../attack/attack.ts";
import { LOCAL_URL } from "../deployment.ts";
import { numberOrAll, wholeNumber } from "../option-values.ts";

export function attackCommand(): Command {
  return new Command("attack")
    .description(
      "Send answers that no honest model would be paid for through a deployment's grader, and say which are paid.",
    )
    .option("--url <url>", "the deployment", LOCAL_URL)
    .option("--data <path...>", "dataset files, or folders with such (default: the bundled sample)")
    .addOption(
      new Option("--env <name>", "the environment").choices(environments.map(({ name }) => name)).default("finqa"),
    )
    .option("--items <number>", "how many items, drawn by the seed, or all", numberOrAll, limits.attackItems)
    .option("--seed <text>", "another seed draws other items", "1")
    .option("--concurrency <number>", "requests at a time", wholeNumber(1, 1000), limits.attackConcurrency)
    .option("--class <name...>", "only these classes")
    .option("--honest", "send known-good answers instead, each of which must be paid 1")
    .option("--json", "print one JSON document")
    .action(async (options: AttackOptions) => {
      process.exitCode = await attack(options);
    });
}
