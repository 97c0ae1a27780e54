/** The command line. Each command is a file of its own; this one only declares them. Only here is an exit code set. */
import { Command, InvalidArgumentError, Option } from "commander";
import { environments } from "../environments/index.ts";
import { limits } from "../contract/limits.ts";
import { type AttackCommand, attackCommand, attackDescription } from "./attack/command.ts";
import { checkGrader, checkGraderDescription } from "./check-grader.ts";
import { embedderKinds, indexCommand, type IndexOptions } from "./index-command.ts";
import { LOCAL_URL } from "./deployment.ts";
import { defaultIndex } from "./project.ts";
import { sourceKinds } from "./sources.ts";
import { start, type StartOptions } from "./start.ts";
import { tune } from "./tune.ts";
import { isSystemError, messageOf, UserError } from "./user-error.ts";

const program = new Command("edgegym")
  .description("Tools and graders for agent reinforcement fine-tuning, on Cloudflare Workers.")
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

program
  .command("start")
  .description("Serve tools and grader on this machine, in the real runtime.")
  .option("--data <dir>", "FinQA's files or a checkout of its repository (default: the bundled sample)")
  .addOption(new Option("--index <dir>", "a built index, served as it is").conflicts("data"))
  .option("--port <number>", "port on 127.0.0.1", wholeNumber(1, 65_535), 8787)
  .option("--persist-to <dir>", "where local R2 and Durable Objects are kept (default: .wrangler/state)")
  .action(async (options: StartOptions) => {
    process.exitCode = await start(options);
  });

program
  .command("index")
  .description("Build a corpus index, and upload it where asked.")
  .addOption(new Option("--source <kind>", "what is indexed").choices(sourceKinds).makeOptionMandatory())
  .requiredOption("--from <dir>", "finqa: its files or a checkout; documents: a folder of .md, .txt and .json files")
  .option("--out <dir>", "where the index is written (default: corpus-index/ and the source's name)")
  .option("--corpus <name>", "the corpus name that the environment reads", corpusName, "finqa")
  .addOption(new Option("--embedder <kind>", "who makes the vectors").choices(embedderKinds).default("embedded"))
  .option("--model <name>", "the embedder's model, for openai and workers-ai")
  .option("--dimensions <number>", "the vectors' dimensions, for openai and workers-ai", wholeNumber(1, 4096))
  .option("--local", "load the index into this machine's R2")
  .option("--upload", "upload the index to the bucket on Cloudflare")
  .action((options: Omit<IndexOptions, "out"> & { out?: string }) =>
    indexCommand({ ...options, out: options.out ?? defaultIndex(options.source) }),
  );

program
  .command("check-grader")
  .description(checkGraderDescription)
  .requiredOption("--data <path...>", "dataset files, or folders with FinQA's files or .jsonl files")
  .action(async (options: { data: string[] }) => {
    const { report, exitCode } = await checkGrader(options);
    console.log(report);
    process.exitCode = exitCode;
  });

program
  .command("attack")
  .description(attackDescription)
  .option("--url <url>", "the deployment", LOCAL_URL)
  .option("--data <path...>", "dataset files, or folders with such (default: the bundled sample)")
  .addOption(new Option("--env <name>").choices(environments.map(({ name }) => name)).default("finqa"))
  .option("--items <number>", "how many items, drawn by the seed, or all", numberOrAll, limits.attackItems)
  .option("--seed <text>", "another seed draws other items", "1")
  .option("--concurrency <number>", "requests at a time", wholeNumber(1, 1000), limits.attackConcurrency)
  .option("--class <name...>", "only these classes")
  .option("--honest", "send known-good answers instead, each of which must be paid 1")
  .option("--json", "print one JSON document")
  .action(async (options: AttackCommand) => {
    process.exitCode = await attackCommand(options);
  });

program
  .command("tune")
  .description(
    "Learn how to rank from FinQA's train questions, and write it into the source (src/corpus/ranking/weights.json).",
  )
  .requiredOption("--data <dir>", "FinQA's files or a checkout of its repository")
  .action((options: { data: string }) => tune(options));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UserError) && !isSystemError(error)) throw error;
  console.error(messageOf(error));
  process.exitCode = 1;
}

function wholeNumber(least: number, most: number) {
  return (text: string) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
  };
}

function numberOrAll(text: string): number {
  return text === "all" ? Infinity : wholeNumber(1, 1_000_000)(text);
}

function corpusName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError("It has to be small letters, digits and -, at most 63.");
}
