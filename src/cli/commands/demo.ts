import { Command } from "commander";
import { demo } from "../demo/demo.ts";

const DESCRIPTION = `The whole path on this machine: dataset, baseline, training job, watching, comparison. The model is a stand-in that learns which tools
to use, not a language model. Writes runs/demo-*, and replaces what an earlier demo wrote there.`;

export function demoCommand(): Command {
  return new Command("demo").description(DESCRIPTION).action(async () => {
    process.exitCode = await demo();
  });
}
