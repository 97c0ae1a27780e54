/** `edgegym demo` as a command: what its folders are called. */
import { Command } from "commander";
import { demo } from "../demo/demo.ts";
import { runName } from "../option-values.ts";

const DESCRIPTION = `The whole path on this machine: dataset, baseline, training job, watching, comparison. The model is a stand-in that learns which tools
to use, not a language model. Replaces what an earlier demo of the name wrote.`;

export function demoCommand(): Command {
  return new Command("demo")
    .description(DESCRIPTION)
    .option("--name <name>", "what its folders in runs/ begin with", runName, "demo")
    .action(async ({ name }: { name: string }) => {
      process.exitCode = await demo(name);
    });
}
