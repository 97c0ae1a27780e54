/** `edgegym job` as a command: a training job's control. */
import { Command } from "commander";
import { runName } from "../option-values.ts";
import { type Action, controlJob, type ControlOptions } from "../watch/control.ts";

export function jobCommand(): Command {
  return new Command("job")
    .description("Pause, resume or cancel a training job. The service's key comes from OPENAI_API_KEY.")
    .addCommand(actionCommand("pause", "Pause the job after its step: it makes a checkpoint, and can go on."))
    .addCommand(actionCommand("resume", "Go on with a paused job."))
    .addCommand(
      actionCommand("cancel", "End the job for good. Its checkpoints stay.").option("--yes", "really cancel it"),
    );
}

function actionCommand(action: Action, description: string): Command {
  return new Command(action)
    .description(description)
    .option("--name <name>", "of its folder in runs/ (default: the only job)", runName)
    .action(async (options: Pick<ControlOptions, "name" | "yes">) => console.log(await controlJob(action, options)));
}
