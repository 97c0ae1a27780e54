import { Command } from "commander";
import { tune } from "../tune.ts";

export function tuneCommand(): Command {
  return new Command("tune")
    .description(
      "Learn how to rank from FinQA's train questions, and write it into the source (src/corpus/ranking/weights.json).",
    )
    .requiredOption("--data <dir>", "FinQA's files or a checkout of its repository")
    .action((options: { data: string }) => tune(options));
}
