import { Command, Option } from "commander";
import { embedderKinds, indexCorpus, type IndexOptions } from "../index-corpus.ts";
import { indexRepository } from "../index-repository.ts";
import { corpusName, wholeNumber } from "../option-values.ts";
import { defaultIndex } from "../project.ts";
import { sourceKinds } from "../sources.ts";
import { UserError } from "../user-error.ts";

/** What a repository has and a corpus has not, and the other way round. */
const ofRepositories = ["commit", "name"];
const ofCorpora = ["corpus", "embedder", "model", "dimensions"];

type Options = Omit<IndexOptions, "out" | "source"> & {
  source: IndexOptions["source"] | "repo";
  out?: string;
  commit?: string[];
  name?: string;
};

export function indexCommand(): Command {
  return new Command("index")
    .description("Build an index of a corpus, or of repositories at their commits, and upload it where asked.")
    .addOption(new Option("--source <kind>", "what is indexed").choices([...sourceKinds, "repo"]).makeOptionMandatory())
    .requiredOption(
      "--from <path>",
      "finqa: its files or a checkout; documents: a folder of .md, .txt and .json files; repo: a clone, a folder, or a .tar, .tar.gz or .tgz file",
    )
    .option("--out <dir>", "where the index is written (default: corpus-index/ and the source's name)")
    .option(
      "--commit <commit...>",
      "repo: of a clone, which commits (default: HEAD); else a name for the state of the files",
    )
    .option("--name <owner/name>", "repo: its name (default: what a clone was made from)")
    .option("--corpus <name>", "the corpus name that the environment reads", corpusName, "finqa")
    .addOption(new Option("--embedder <kind>", "who makes the vectors").choices(embedderKinds).default("embedded"))
    .option("--model <name>", "the embedder's model, for openai and workers-ai")
    .option("--dimensions <number>", "the vectors' dimensions, for openai and workers-ai", wholeNumber(1, 4096))
    .option("--local", "load the index into this machine's R2")
    .option("--upload", "upload the index to the bucket on Cloudflare")
    .action(run);
}

async function run({ source, out = defaultIndex(source), ...options }: Options, command: Command): Promise<void> {
  const strangers = source === "repo" ? ofCorpora : ofRepositories;
  const stranger = strangers.find((name) => command.getOptionValueSource(name) === "cli");
  if (stranger !== undefined) throw new UserError(`--${stranger} means nothing with --source ${source}: leave it out.`);
  if (source === "repo") await indexRepository({ ...options, out });
  else await indexCorpus({ ...options, source, out });
}
