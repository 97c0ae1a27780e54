import { Command, Option } from "commander";
import { embedderKinds, indexCorpus, type IndexOptions } from "../index-corpus.ts";
import { corpusName, wholeNumber } from "../option-values.ts";
import { defaultIndex } from "../project.ts";
import { sourceKinds } from "../sources.ts";

export function indexCommand(): Command {
  return new Command("index")
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
      indexCorpus({ ...options, out: options.out ?? defaultIndex(options.source) }),
    );
}
