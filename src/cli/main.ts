/** The command line: its commands, and what becomes of what they throw. Only commands set an exit code or print. */
import { Command } from "commander";
import { attackCommand } from "./commands/attack.ts";
import { baselineCommand } from "./commands/baseline.ts";
import { checkGraderCommand } from "./commands/check-grader.ts";
import { compareCommand } from "./commands/compare.ts";
import { demoCommand } from "./commands/demo.ts";
import { indexCommand } from "./commands/index-corpus.ts";
import { jobCommand } from "./commands/job.ts";
import { planCommand } from "./commands/plan.ts";
import { platformCommand } from "./commands/platform.ts";
import { prepareCommand } from "./commands/prepare.ts";
import { rehearseCommand } from "./commands/rehearse.ts";
import { runsCommand } from "./commands/runs.ts";
import { startCommand } from "./commands/start.ts";
import { trainCommand } from "./commands/train.ts";
import { tuneCommand } from "./commands/tune.ts";
import { watchCommand } from "./commands/watch.ts";
import { Interrupted, isSystemError, messageOf, UserError } from "./user-error.ts";

const program = new Command("edgegym").description(
  "Tools and graders for agent reinforcement fine-tuning, on Cloudflare Workers.",
);
const commands = [
  startCommand(),
  demoCommand(),
  platformCommand(),
  indexCommand(),
  checkGraderCommand(),
  attackCommand(),
  prepareCommand(),
  planCommand(),
  rehearseCommand(),
  baselineCommand(),
  trainCommand(),
  watchCommand(),
  jobCommand(),
  compareCommand(),
  runsCommand(),
  tuneCommand(),
];
for (const command of commands) program.addCommand(withHelp(command));

try {
  await withHelp(program).parseAsync();
} catch (error) {
  if (!(error instanceof UserError) && !isSystemError(error)) throw error;
  console.error(messageOf(error));
  process.exitCode = error instanceof Interrupted ? 130 : 1;
}

/** A slip is answered in a line, and where to read on; a command of a command too. */
function withHelp(command: Command): Command {
  command.commands.forEach(withHelp);
  return command.showHelpAfterError("--help shows every option.").configureHelp({ showGlobalOptions: true });
}
